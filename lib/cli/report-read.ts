import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ServingPlan } from '../core/planning/plan-serving-result';
import type { TrainingPlan } from '../core/planning/plan-training-result';
import { REPORT_NAME, type ReportDocument } from '../core/report/document';
import { REPORT_SCHEMA } from '../core/report/schema';
import { together, WorkloadReport } from '../core/report/workload-report';
import { objectOf } from './options';
import { readData, told } from './read-file';
import { misfit } from './schema-check';
import { UsageError } from './usage-error';

const FILE = `${REPORT_NAME}.json`;

/** The report of a file, or of the folder that an app was synthesized to: all of its stacks in one. */
export function readReport(path: string): WorkloadReport {
  const [first, ...others] = (isFolder(path) ? reportsIn(path) : [path]).map(reportOf) as [
    WorkloadReport,
    ...WorkloadReport[],
  ];
  return others.length === 0 ? first : together([first, ...others].map(({ document }) => document));
}

/** The report of a folder, else those of the folders in it: `assembly-*` of the AWS CDK, `stacks/*` of CDK for Terraform. */
function reportsIn(folder: string): readonly string[] {
  const folders = [folder, ...foldersIn(folder), ...foldersIn(join(folder, 'stacks'))];
  const found = folders.map((one) => join(one, FILE)).filter((file) => existsSync(file));
  if (found[0] === join(folder, FILE)) return [found[0]];
  if (found.length > 0) return found;
  throw new UsageError(
    `${folder}: holds no ${FILE}. Declare what the work is (a job or a load) on a construct and synthesize the app, or plan one: ai-infra plan --help`,
  );
}

function foldersIn(folder: string): readonly string[] {
  if (!isFolder(folder)) return [];
  return told(folder, () => readdirSync(folder))
    .sort()
    .map((name) => join(folder, name))
    .filter(isFolder);
}

function reportOf(file: string): WorkloadReport {
  const value = objectOf(readData(file).value, file);
  if ('kind' in value) return ofPlan(value, file);
  const fault = misfit(value, REPORT_SCHEMA);
  if (fault !== undefined) throw new UsageError(`${file}: is no report or plan: ${fault}`);
  return new WorkloadReport(value as unknown as ReportDocument);
}

function ofPlan(value: Readonly<Record<string, unknown>>, file: string): WorkloadReport {
  if (value.kind !== 'training' && value.kind !== 'serving') {
    throw new UsageError(`${file}: is no plan: kind must be training or serving`);
  }
  const report = planned(value as unknown as TrainingPlan | ServingPlan);
  if (report && misfit(JSON.parse(report.toJson()), REPORT_SCHEMA) === undefined) return report;
  throw new UsageError(`${file}: is no whole plan: write it with ai-infra plan --json`);
}

/** The report of what says that it is a plan; nothing where parts of it are missing. */
function planned(plan: TrainingPlan | ServingPlan): WorkloadReport | undefined {
  try {
    return WorkloadReport.ofPlan(plan);
  } catch {
    return undefined;
  }
}

function isFolder(path: string): boolean {
  return told(path, () => statSync(path, { throwIfNoEntry: false }))?.isDirectory() ?? false;
}
