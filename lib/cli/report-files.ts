import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, type WorkloadReport } from '../core/report/workload-report';
import { withFileName } from './read-file';

/** Writes a report as JSON, Markdown, and HTML to a folder, and creates the folder if needed. Returns the paths. */
export function writeReport(report: WorkloadReport, folder: string): readonly string[] {
  return withFileName(folder, () => {
    mkdirSync(folder, { recursive: true });
    return Object.entries(filesOf(report)).map(([name, text]) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    });
  });
}
