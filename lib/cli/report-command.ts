import { Command, Option } from 'commander';
import { REPORT_NAME } from '../core/report/document';
import type { WorkloadReport } from '../core/report/workload-report';
import { readReport, writeReport } from './report-file';
import type { Terminal } from './terminal';

const EXAMPLES = `
Examples:
  ai-infra report cdk.out
  ai-infra report cdktf.out --format html > report.html
  ai-infra plan --file workload.yaml --json > plan.json && ai-infra report plan.json --out report
`;

interface Flags {
  readonly out?: string;
  readonly format: 'json' | 'markdown' | 'html';
}

/** `ai-infra report`: writes a plan as JSON, Markdown, or HTML. */
export function reportCommand(terminal: Terminal): Command {
  return new Command('report')
    .argument('<assembly>', `folder of a synthesized app, ${REPORT_NAME}.json, or the output of plan --json`)
    .option('--out <folder>', `write ${REPORT_NAME}.json, .md, and .html to this folder`)
    .addOption(
      new Option('--format <name>', 'or write one format to the output')
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
