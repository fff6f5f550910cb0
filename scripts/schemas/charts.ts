import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type ChartPin, CHARTS } from '../../lib/kubernetes/controller-charts';
import type { Downloads } from './download';

/** Key index of a chart, as `test/kubernetes/chart-values.ts` reads it. */
export interface ChartFile {
  readonly chart: string;
  readonly repository: string;
  readonly version: string;
  /** Type of the default of each value, by path. A dot in a name is `\.`. */
  readonly keys: Readonly<Record<string, string>>;
  /** Paths below which any key is valid. */
  readonly free: readonly string[];
  /** Paths that only the templates read. */
  readonly extra: Readonly<Record<string, string>>;
  /** Paths that the templates require, except in parts that are off by default. */
  readonly required: readonly string[];
}

type Index = Pick<ChartFile, 'keys' | 'free' | 'extra' | 'required'>;

/** Downloads the pinned charts with Helm, and indexes their values. */
export function chartFiles(
  downloads: Downloads,
  pins: readonly ChartPin[] = Object.values(CHARTS),
  helm = 'helm',
): ChartFile[] {
  return pins.map((pin) => {
    const folder = mkdtempSync(join(tmpdir(), 'chart-'));
    try {
      execFileSync(helm, pullOf(downloads, pin, folder), { stdio: ['ignore', 'ignore', 'inherit'] });
      const { chart, version } = pin;
      const repository = pin.repository.startsWith('oci://') ? `${pin.repository}/${chart}` : pin.repository;
      return { chart, repository, version, ...chartIndex(join(folder, chart)) };
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

/** Returns the arguments of Helm that unpack a chart into a folder. */
function pullOf(downloads: Downloads, { chart, repository, version }: ChartPin, folder: string): string[] {
  const isOci = repository.startsWith('oci://');
  const address = downloads.address(isOci ? `${repository}/${chart}` : repository);
  const from = isOci ? [address.replace(/^https?:/, 'oci:')] : [chart, '--repo', address];
  const plain = address.startsWith('http:') ? ['--plain-http'] : [];
  return ['pull', ...from, '--version', version, '--untar', '--untardir', folder, ...(isOci ? plain : [])];
}

/** Returns the values that a chart reads, with those of the charts in it. */
export function chartIndex(folder: string): Index {
  const values = yamlOf(join(folder, 'values.yaml')) ?? {};
  const templates = templatesIn(join(folder, 'templates'));
  const own = keysOf(values);
  const read = pathsIn(templates);
  const required = [...templates.matchAll(/required\s+"[^"]*"\s+\.Values\.([\w.]+)/g)]
    .map(([, path]) => path!)
    .filter((path) => !isOff(values, path));
  const empty = Object.keys(own).filter((path) => own[path] === 'map' || own[path] === 'list');
  const free = ['global', ...empty, ...read.whole];
  const extra = Object.fromEntries(read.paths.filter((path) => !isKey(path, own)).map((path) => [path, 'template']));
  return subchartsOf(folder)
    .map(({ root, folder: inner }) => (inner === undefined ? { root } : { root, index: chartIndex(inner) }))
    .reduce<Index>(merged, { keys: own, free: unique(free), extra, required: unique(required) });
}

function merged({ keys, free, extra, required }: Index, { root, index }: { root: string; index?: Index }): Index {
  // The values of a chart that the archive lacks are not checked.
  if (!index) return { keys, free: unique([...free, root]), extra, required };
  const below = <T>(record: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(record).map(([path, value]) => [`${root}.${path}`, value]));
  return {
    keys: { ...below(index.keys), ...keys },
    free: unique([...free, ...index.free.map((path) => `${root}.${path}`)]),
    extra: { ...below(index.extra), ...extra },
    required,
  };
}

/** The charts that a chart depends on. They are in the folder `charts` of the archive. */
function subchartsOf(folder: string): { readonly root: string; readonly folder?: string }[] {
  const { dependencies = [] } = (yamlOf(join(folder, 'Chart.yaml')) ?? {}) as {
    readonly dependencies?: readonly { readonly name: string; readonly alias?: string }[];
  };
  const charts = join(folder, 'charts');
  const inArchive = existsSync(charts)
    ? readdirSync(charts, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    : [];
  const named = dependencies.map(({ name, alias = name }) => ({ name, root: alias }));
  const others = inArchive.filter(({ name }) => !named.some((one) => one.name === name));
  return [...named, ...others.map(({ name }) => ({ name, root: name }))].map(({ name, root }) =>
    existsSync(join(charts, name)) ? { root, folder: join(charts, name) } : { root },
  );
}

/** Returns whether a path is in a part of the chart that is off by default. */
function isOff(values: object, path: string): boolean {
  const parents = path.split('.').slice(0, -1);
  let part: unknown = values;
  return parents.some((name) => {
    part = (part as Record<string, unknown> | undefined)?.[name];
    return (part as { enabled?: unknown } | undefined)?.enabled === false;
  });
}

/** Returns the type of each leaf by path. */
function keysOf(values: object, path = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]: [string, unknown]): [string, string][] => {
      const own = `${path}${key.replaceAll('.', String.raw`\.`)}`;
      const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
      if (isMap && Object.keys(value).length > 0) return Object.entries(keysOf(value, `${own}.`));
      return [[own, value === null ? 'null' : Array.isArray(value) ? 'list' : isMap ? 'map' : typeof value]];
    }),
  );
}

/** Returns the paths that templates read, and those that they pass on as a whole. */
function pathsIn(templates: string): { readonly paths: string[]; readonly whole: string[] } {
  const actions = [...templates.matchAll(/\{\{([\s\S]*?)\}\}/g)].map(([, action]) => action!);
  const pathsOf = (action: string) =>
    [...action.matchAll(/\.Values((?:\.[A-Za-z0-9_-]+)+)/g)].map(([, path]) => path!.slice(1).replace(/-$/, ''));
  const whole = actions.filter((action) => /\b(toYaml|toJson|range|with|tpl|merge|mergeOverwrite)\b/.test(action));
  return { paths: unique(actions.flatMap(pathsOf)), whole: unique(whole.flatMap(pathsOf)) };
}

function isKey(path: string, keys: Readonly<Record<string, string>>): boolean {
  return Object.keys(keys).some((key) => key === path || key.startsWith(`${path}.`));
}

function templatesIn(folder: string): string {
  if (!existsSync(folder)) return '';
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8')).join('\n');
}

function yamlOf(file: string): unknown {
  return existsSync(file) ? parse(readFileSync(file, 'utf8')) : undefined;
}

function unique(paths: readonly string[]): string[] {
  return [...new Set(paths)].sort();
}
