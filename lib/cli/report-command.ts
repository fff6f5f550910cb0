import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import type { ServingPlan } from '../core/planning/plan-serving-result';
import type { TrainingPlan } from '../core/planning/plan-training-result';
import { REPORT_FORMAT, type ReportDocument } from '../core/report/document';
import { REPORT_SCHEMA } from '../core/report/schema';
import { WorkloadReport } from '../core/report/workload-report';
import { objectOf } from './options';
import { readData } from './read-file';
import { REPORT_NAME, writeReport } from './report-files';
import { misfit } from './schema-check';
import type { Terminal } from './terminal';
import { UsageError } from './usage-error';

const EXAMPLES = `
Examples:
  ai-infra plan --file workload.yaml --json > plan.json && ai-infra report plan.json --out report
  ai-infra report plan.json --format markdown
  ai-infra report cdk.out
`;

interface Flags {
  readonly out?: string;
  readonly format: 'json' | 'markdown' | 'html';
}

/** `ai-infra report`: a plan as JSON, Markdown or a page. */
export function reportCommand(terminal: Terminal): Command {
  return new Command('report')
    .description('Write the report of a plan.')
    .argument('<plan>', `what \`ai-infra plan --json\` wrote, a report's JSON, or a folder with ${REPORT_NAME}.json`)
    .option('--out <folder>', `write ${REPORT_NAME}.json, .md and .html there`)
    .addOption(
      new Option('--format <name>', 'or write one of them to the output')
        .choices(['json', 'markdown', 'html'])
        .default('markdown'),
    )
    .addHelpText('after', EXAMPLES)
    .action((path: string, { out, format }: Flags) => {
      const report = readReport(path);
      if (out === undefined) terminal.out(textOf(report, format));
      else
        terminal.out(
          writeReport(report, out)
            .map((file) => `${file}\n`)
            .join(''),
        );
    });
}

function textOf(report: WorkloadReport, format: Flags['format']): string {
  if (format === 'html') return report.toHtml();
  return format === 'json' ? report.toJson() : report.toMarkdown();
}

function readReport(path: string): WorkloadReport {
  const file = isFolder(path) ? join(path, `${REPORT_NAME}.json`) : path;
  const value = objectOf(readData(file).value, file);
  const report =
    value.format === REPORT_FORMAT ? new WorkloadReport(value as unknown as ReportDocument) : ofPlan(value, file);
  const fault = misfit(JSON.parse(report.toJson()), REPORT_SCHEMA);
  if (fault !== undefined) throw new UsageError(`${file}: is no report or plan: ${fault}`);
  return report;
}

function ofPlan(value: Readonly<Record<string, unknown>>, file: string): WorkloadReport {
  if (value.kind !== 'training' && value.kind !== 'serving') {
    throw new UsageError(
      `${file}: is no plan: kind must be training or serving, and no report: format must be ${REPORT_FORMAT}`,
    );
  }
  try {
    return WorkloadReport.ofPlan(value as unknown as TrainingPlan | ServingPlan);
  } catch {
    throw new UsageError(`${file}: is no whole plan: write it with ai-infra plan --json`);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
