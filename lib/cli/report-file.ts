import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServingPlan } from '../core/planning/plan-serving-result';
import type { TrainingPlan } from '../core/planning/plan-training-result';
import { REPORT_NAME, type ReportDocument } from '../core/report/document';
import { REPORT_SCHEMA } from '../core/report/schema';
import { filesOf, together, WorkloadReport } from '../core/report/workload-report';
import { objectOf, readData, withFileName } from './data-file';
import { UsageError } from './exit';
import { misfit } from './schema-check';

const FILE = `${REPORT_NAME}.json`;

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

/** Reads the report of a file, or of the output folder of an app. The reports of all stacks are merged. */
export function readReport(path: string): WorkloadReport {
  const [first, ...others] = (isFolder(path) ? reportsIn(path) : [path]).map(reportOf) as [
    WorkloadReport,
    ...WorkloadReport[],
  ];
  return others.length === 0 ? first : together([first, ...others].map(({ document }) => document));
}

/** Returns the report of a folder, or the reports of its subfolders: `assembly-*` for the AWS CDK, `stacks/*` for CDK for Terraform. */
function reportsIn(folder: string): readonly string[] {
  const folders = [folder, ...foldersIn(folder), ...foldersIn(join(folder, 'stacks'))];
  const found = folders.map((one) => join(one, FILE)).filter((file) => existsSync(file));
  if (found[0] === join(folder, FILE)) return [found[0]];
  if (found.length > 0) return found;
  throw new UsageError(
    `${folder}: contains no ${FILE}. Set job or load on a construct and synthesize the app, or make a plan: ai-infra plan --help`,
  );
}

function foldersIn(folder: string): readonly string[] {
  if (!isFolder(folder)) return [];
  return withFileName(folder, () => readdirSync(folder))
    .sort()
    .map((name) => join(folder, name))
    .filter(isFolder);
}

function reportOf(file: string): WorkloadReport {
  const value = objectOf(readData(file).value, file);
  if ('kind' in value) return ofPlan(value, file);
  const fault = misfit(value, REPORT_SCHEMA);
  if (fault !== undefined) throw new UsageError(`${file}: is not a report or plan: ${fault}`);
  return new WorkloadReport(value as unknown as ReportDocument);
}

function ofPlan(value: Readonly<Record<string, unknown>>, file: string): WorkloadReport {
  if (value.kind !== 'training' && value.kind !== 'serving') {
    throw new UsageError(`${file}: is not a plan: kind must be training or serving`);
  }
  const report = planned(value as unknown as TrainingPlan | ServingPlan);
  if (report && misfit(JSON.parse(report.toJson()), REPORT_SCHEMA) === undefined) return report;
  throw new UsageError(`${file}: is not a complete plan: write it with ai-infra plan --json`);
}

/** Returns the report of a plan, or nothing if parts of the plan are missing. */
function planned(plan: TrainingPlan | ServingPlan): WorkloadReport | undefined {
  try {
    return WorkloadReport.ofPlan(plan);
  } catch {
    return undefined;
  }
}

function isFolder(path: string): boolean {
  return withFileName(path, () => statSync(path, { throwIfNoEntry: false }))?.isDirectory() ?? false;
}
