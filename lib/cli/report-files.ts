import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, type WorkloadReport } from '../core/report/workload-report';
import { told } from './read-file';

/** Writes a report as JSON, Markdown and HTML into a folder, which is made where there is none; gives the paths. */
export function writeReport(report: WorkloadReport, folder: string): readonly string[] {
  return told(folder, () => {
    mkdirSync(folder, { recursive: true });
    return Object.entries(filesOf(report)).map(([name, text]) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    });
  });
}
