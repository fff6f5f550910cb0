import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServingPlan } from '../core/planning/serving/plan-serving';
import type { TrainingPlan } from '../core/planning/plan-training';
import { REPORT_NAME, type ReportDocument } from '../core/report/document';
import { filesOf, together, WorkloadReport } from '../core/report/workload-report';
import { type DataFile, objectOf, type Path, readData, withFileName } from './data-file';
import { UsageError } from './exit';
import { type SchemaError, validate } from './report-validator.generated';

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

function isFolder(path: string): boolean {
  return withFileName(path, () => statSync(path, { throwIfNoEntry: false }))?.isDirectory() ?? false;
}

function reportOf(name: string): WorkloadReport {
  const file = readData(name);
  const value = objectOf(file.value, name);
  if ('kind' in value) return ofPlan(value, file);
  const fault = reportFault(value);
  if (fault) throw new UsageError(`${file.at(fault.path)}: is not a report or plan: ${fault.problem}`);
  return new WorkloadReport(value as unknown as ReportDocument);
}

function ofPlan(value: Readonly<Record<string, unknown>>, file: DataFile): WorkloadReport {
  if (value.kind !== 'training' && value.kind !== 'serving') {
    throw new UsageError(`${file.at(['kind'])}: is not a plan: kind must be training or serving`);
  }
  const report = planned(value as unknown as TrainingPlan | ServingPlan);
  if (report && reportFault(JSON.parse(report.toJson())) === undefined) return report;
  throw new UsageError(`${file.name}: is not a complete plan: write it with ai-infra plan --json`);
}

/** Returns the report of a plan, or nothing if parts of the plan are missing. */
function planned(plan: TrainingPlan | ServingPlan): WorkloadReport | undefined {
  try {
    return WorkloadReport.ofPlan(plan);
  } catch {
    return undefined;
  }
}

/** The first difference between a value and the schema of a report. */
export interface ReportFault {
  readonly path: Path;
  /** The difference in words, such as `costs[0].market must be a string (got 7)`. */
  readonly problem: string;
}

/** Returns the first difference between a value and `REPORT_SCHEMA`, or nothing if it matches. */
export function reportFault(value: unknown): ReportFault | undefined {
  if (validate(value)) return undefined;
  const [{ instancePath, keyword, params }] = validate.errors as readonly [SchemaError];
  const { path, found } = follow(value, instancePath);
  if (keyword === 'required') {
    return { path, problem: `${nameOf([...path, String(params.missingProperty)])} is missing` };
  }
  if (keyword === 'additionalProperties') {
    const unknown = [...path, String(params.additionalProperty)];
    return { path: unknown, problem: `${nameOf(unknown)} is not a known key` };
  }
  return { path, problem: `${nameOf(path)} must be ${allowed(keyword, params)} (got ${shown(found)})` };
}

/** Follows a JSON pointer. Returns its path, with the positions in lists as numbers, and the value that it leads to. */
function follow(value: unknown, pointer: string): { readonly path: Path; readonly found: unknown } {
  const path: (string | number)[] = [];
  let found = value;
  for (const step of pointer.split('/').slice(1)) {
    const key = Array.isArray(found) ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(key);
    found = (found as Readonly<Record<string | number, unknown>>)[key];
  }
  return { path, found };
}

function nameOf(path: Path): string {
  const name = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
  return name === '' ? 'the document' : name.replace(/^\./, '');
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object with keys',
};

/** Describes the values that a keyword of JSON Schema allows. */
function allowed(keyword: string, params: SchemaError['params']): string {
  if (keyword === 'type') return TYPES[String(params.type)] ?? `of type ${String(params.type)}`;
  if (keyword === 'enum') return `one of ${(params.allowedValues as readonly string[]).join(', ')}`;
  if (keyword === 'const') return JSON.stringify(params.allowedValue);
  if (keyword === 'minimum') return `at least ${String(params.limit)}`;
  if (keyword === 'exclusiveMinimum') return `more than ${String(params.limit)}`;
  return `text that matches ${String(params.pattern)}`;
}

const MAX_SHOWN = 40;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
