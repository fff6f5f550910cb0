import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkloadReport } from '../core/report/workload-report';
import { reasonOf } from './read-file';
import { UsageError } from './usage-error';

/** Name of a report's files, without what they end in. */
export const REPORT_NAME = 'ai-infra-report';

/** Writes a report as JSON, Markdown and HTML into a folder, which is made where there is none; gives the paths. */
export function writeReport(report: WorkloadReport, folder: string): readonly string[] {
  const texts = { json: report.toJson(), md: report.toMarkdown(), html: report.toHtml() };
  try {
    mkdirSync(folder, { recursive: true });
    return Object.entries(texts).map(([extension, text]) => {
      const path = join(folder, `${REPORT_NAME}.${extension}`);
      writeFileSync(path, text);
      return path;
    });
  } catch (error) {
    throw new UsageError(`${folder}: ${reasonOf(error)}`);
  }
}
