import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import type { ChartRelease, KubernetesManifest } from '../../lib/kubernetes';
import { outsideFolder } from '../outside-folder';
import { chartFaults, type ChartIndex } from './chart-values';
import { CORE_OBJECTS, KUEUE_CONFIGURATION, METADATA, POD_OBJECTS } from './core-objects';
import { SERVING_OBJECTS } from './serving/serving-objects';
import { type CustomResource, type JsonSchema, type References, strictSchema } from './strict-schema';

const { path: folder, test: schemaTest } = outsideFolder({
  variable: 'AI_INFRA_KUBERNETES_SCHEMAS',
  folder: '.schemas/kubernetes',
  command: 'npm run schemas',
  entries: ['crds', 'refs', 'charts'],
  checks: 'checks of manifests and chart values against published schemas',
});

/** A test that needs the published schemas. */
export { schemaTest };

// Disable the optimization of the generated code, which takes longer than all checks together.
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, code: { optimize: false } });
const validators = new Map<string, ValidateFunction>();

/** Returns the faults of a manifest by its published schema. Unknown fields are faults. */
export function manifestFaults(manifest: KubernetesManifest): string[] {
  const key = `${manifest.apiVersion}/${manifest.kind}`;
  const validate = validators.get(key) ?? ajv.compile(schemaOf(manifest.apiVersion, manifest.kind));
  validators.set(key, validate);
  return faultsOf(validate, manifest);
}

/** Returns the faults of the values of a release by the key index of its chart and version. */
export function valueFaults({ chart, version, repository, values }: ChartRelease): string[] {
  const index = readChart(chart);
  const subcharts = (index.dependencies ?? []).flatMap(({ name, alias }) =>
    existsSync(fileOf(`charts/${name}.json`)) ? [{ root: alias ?? name, index: readChart(name) }] : [],
  );
  const address = repository.startsWith('oci://') ? `${repository}/${chart}` : repository;
  return [
    ...(version === index.version ? [] : [`version ${version} is not the indexed ${index.version}`]),
    ...(address === index.repository ? [] : [`repository ${address} is not ${index.repository}`]),
    ...chartFaults(index, values, subcharts),
  ];
}

/** Returns the faults of the Kueue configuration, which its chart accepts as a string. */
export function kueueConfigurationFaults(text: string): string[] {
  return faultsOf(ajv.compile(KUEUE_CONFIGURATION), parse(text));
}

function schemaOf(apiVersion: string, kind: string): JsonSchema {
  const core = CORE_OBJECTS[`${apiVersion}/${kind}`];
  if (core) return core;
  const resource = [...SERVING_OBJECTS, ...customResources()].find(
    (one) => [one.group, one.version].filter(Boolean).join('/') === apiVersion && one.kind === kind,
  );
  if (!resource) throw new Error(`no schema of ${apiVersion} ${kind}: add it, rather than leave the object unchecked`);
  return strictSchema(resource, references(), METADATA);
}

let resources: CustomResource[] | undefined;
function customResources(): CustomResource[] {
  resources ??= [
    ...POD_OBJECTS,
    ...readdirSync(fileOf('crds')).map((name) => readJson(`crds/${name}`) as CustomResource),
  ];
  return resources;
}

function references(): References {
  return (readJson('refs/core-v1.json') as { types: References }).types;
}

function readChart(name: string): ChartIndex {
  return readJson(`charts/${name}.json`) as ChartIndex;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(fileOf(path), 'utf8'), ofGo);
}

/** Converts patterns from Go, which contain the flag for case-insensitive matching. */
function ofGo(key: string, value: unknown): unknown {
  if (key !== 'pattern' || typeof value !== 'string' || !value.includes('(?i)')) return value;
  return value.replace('(?i)', '').replaceAll('a-z', 'a-zA-Z');
}

function fileOf(path: string): string {
  if (!folder) throw new Error('there are no schemas: run `npm run schemas`');
  return join(folder, path);
}

function faultsOf(validate: ValidateFunction, value: unknown): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`,
  );
}
