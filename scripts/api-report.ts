/**
 * Compares the public API with the reports in `docs/api`, one report for each entry point. Reads `dist`: run `npm run build` first.
 *
 *     npx tsx scripts/api-report.ts [--update]
 *
 * `--update` writes the reports. Without it, the script prints what changed and exits with 1 if a report is out of date. In both modes it
 * fails if a public type is not exported, or if a public name has no docstring. Dependencies: `@microsoft/api-extractor` 7 (MIT, 29 MB with
 * its own TypeScript) writes the reports; it is the tool of Azure and Rush, with monthly releases. `diff` 8 (BSD-3-Clause, 1 MB) is its
 * own dependency.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import {
  CompilerState,
  Extractor,
  ExtractorConfig,
  type ExtractorMessage,
  ExtractorLogLevel,
} from '@microsoft/api-extractor';
import { createTwoFilesPatch } from 'diff';
import { generatedProviderOf, TERRAFORM_CLOUDS } from './clouds';

const ROOT = join(__dirname, '..');
const FOLDER = join(ROOT, 'docs/api');

/** Generated from the schemas of Terraform providers, whose documentation describes them. */
const GENERATED = TERRAFORM_CLOUDS.filter(generatedProviderOf).map((cloud) => `./${cloud}/provider`);

/** `./testing/jest` only adds matchers to the global types of jest, which a report does not show. */
const WITHOUT_REPORT = ['./testing/jest', ...GENERATED];

/** Messages that fail the check. */
const ERRORS = ['ae-forgotten-export', 'ae-undocumented'];

/** Reports by file name. */
export type Reports = Readonly<Record<string, string>>;

/** Maps the name of each report to the declarations of its entry point. */
export function entryPoints(packageJson: string): Record<string, string> {
  const { exports } = JSON.parse(packageJson) as { exports: Record<string, string | { types: string }> };
  return Object.fromEntries(
    Object.entries(exports).flatMap(([subpath, target]) =>
      typeof target === 'string' || WITHOUT_REPORT.includes(subpath)
        ? []
        : [[subpath.slice(2).replaceAll('/', '-') || 'index', target.types]],
    ),
  );
}

/** Returns a unified diff of each report that differs, is new or is obsolete. */
export function differences(committed: Reports, current: Reports): string[] {
  const names = [...new Set([...Object.keys(committed), ...Object.keys(current)])].sort();
  return names
    .filter((name) => committed[name] !== current[name])
    .map((name) => {
      const [before, after] = [committed[name] ?? '', current[name] ?? ''];
      const label = (reports: Reports, state: string) => (reports[name] === undefined ? 'does not exist' : state);
      return createTwoFilesPatch(
        `docs/api/${name}`,
        `docs/api/${name}`,
        before,
        after,
        label(committed, 'committed'),
        label(current, 'current'),
      ).replace(/^Index: .*\n=+\n/, '');
    });
}

interface Extraction {
  readonly reports: Reports;
  readonly errors: readonly string[];
}

function extract(): Extraction {
  const folder = mkdtempSync(join(tmpdir(), 'api-report-'));
  const configs = Object.entries(entryPoints(readFileSync(join(ROOT, 'package.json'), 'utf8'))).map(
    ([name, declarations]) => configOf(name, declarations, folder),
  );
  const errors = new Set<string>();
  const generated = generatedNames();
  const [first, ...others] = configs;
  const compilerState = CompilerState.create(first!, {
    additionalEntryPoints: others.map(({ mainEntryPointFilePath }) => mainEntryPointFilePath),
  });
  for (const config of configs) {
    Extractor.invoke(config, {
      compilerState,
      localBuild: true,
      messageCallback: (message) => {
        if (isOfGeneratedClass(message, generated)) {
          message.handled = true;
          return;
        }
        if (ERRORS.includes(message.messageId) || message.logLevel === ExtractorLogLevel.Error) {
          errors.add(errorText(message, relative(ROOT, config.mainEntryPointFilePath)));
        }
        message.handled = true;
      },
    });
  }
  const reports = Object.fromEntries(
    Object.entries(readReports(folder)).map(([name, report]) => [name, withoutTableValues(report)]),
  );
  rmSync(folder, { recursive: true });
  return { reports, errors: [...errors].sort() };
}

function configOf(name: string, declarations: string, folder: string): ExtractorConfig {
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: ROOT,
      mainEntryPointFilePath: join(ROOT, declarations),
      compiler: { tsconfigFilePath: join(ROOT, 'tsconfig.build.json') },
      apiReport: { enabled: true, reportFileName: name, reportFolder: folder, reportTempFolder: join(folder, 'temp') },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.None },
          ...Object.fromEntries(
            ERRORS.map((id) => [id, { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: false }]),
          ),
        },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(ROOT, 'package.json'),
  });
}

/** Names of generated classes. Signatures of constructs have them, and the entry point of the provider exports them. */
function generatedNames(): ReadonlySet<string> {
  const texts = TERRAFORM_CLOUDS.flatMap((cloud) => {
    const provider = generatedProviderOf(cloud);
    return provider ? [readFileSync(join(ROOT, `lib/${cloud}/provider/${provider.name}.ts`), 'utf8')] : [];
  });
  return new Set(texts.join().match(/\w+/g));
}

/** Whether a message says that an entry point does not export a generated class. */
function isOfGeneratedClass({ messageId, text }: ExtractorMessage, names: ReadonlySet<string>): boolean {
  // A name that the entry point has, too, gets a number.
  return messageId === 'ae-forgotten-export' && names.has(/symbol "(\w+?)(?:_\d+)?"/.exec(text)?.[1] ?? '');
}

function errorText({ messageId, text, sourceFilePath, sourceFileLine }: ExtractorMessage, entryPoint: string): string {
  const place = sourceFilePath ? `${relative(ROOT, sourceFilePath)}:${sourceFileLine ?? 1}  ` : '';
  return `${place}${messageId}  ${text.replace(/the entry point \S+\.d\.ts/, entryPoint)}`;
}

/** Leaves out the values of exported tables. Their keys are part of the API, their values are data. */
export function withoutTableValues(report: string): string {
  let inTable = false;
  return report
    .split('\n')
    .flatMap((line) => {
      if (/^export const \w+: \{$/.test(line)) inTable = true;
      else if (/^\S/.test(line)) inTable = false;
      if (!inTable) return [line];
      if (/^ {4}(?: {4}|\};$)/.test(line)) return [];
      return [line.replace(/^( {4}readonly (?:'[^']+'|"[^"]+"|\w+): )\{$/, '$1{ … };')];
    })
    .join('\n');
}

function readReports(folder: string): Reports {
  if (!existsSync(folder)) return {};
  const names = readdirSync(folder).filter((name) => name.endsWith('.api.md'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

function update(reports: Reports): void {
  mkdirSync(FOLDER, { recursive: true });
  for (const name of Object.keys(readReports(FOLDER))) if (!(name in reports)) rmSync(join(FOLDER, name));
  for (const [name, report] of Object.entries(reports)) writeFileSync(join(FOLDER, name), report);
}

function main(): void {
  if (!existsSync(join(ROOT, 'dist'))) throw new Error('dist does not exist. Run `npm run build` first.');
  const { reports, errors } = extract();
  for (const error of errors) console.error(error);
  if (errors.length > 0) {
    console.error(
      `\n${errors.length} errors in the public API. Export each public type, and write a docstring for each public name.`,
    );
  }
  let changes: string[] = [];
  if (process.argv.includes('--update')) update(reports);
  else changes = differences(readReports(FOLDER), reports);
  for (const change of changes) console.error(change);
  if (changes.length > 0) {
    console.error(
      'The public API differs from docs/api. If you intend the change, run `npm run api` and commit the result.',
    );
  }
  process.exitCode = errors.length > 0 || changes.length > 0 ? 1 : 0;
}

if (require.main === module) main();
