import { parseAllDocuments } from 'yaml';
import { CHARTS } from '../../lib/kubernetes/controller-charts';
import type { Downloads } from './download';
import { CRD_SOURCES, type CrdSource, POD_TEMPLATE } from './sources';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly [key: string]: unknown;
}

/** A custom resource with the schema of its storage version, as `test/kubernetes/schemas.ts` reads it. */
export interface CrdFile {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly version: string;
  readonly source: string;
  readonly schema: Schema;
}

interface Definition {
  readonly kind: string;
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string; readonly plural: string };
    readonly versions: readonly {
      readonly name: string;
      readonly storage: boolean;
      readonly schema?: { readonly openAPIV3Schema: Schema };
    }[];
  };
}

/** Downloads the custom resources in the manifests of this library. */
export async function crdFiles(downloads: Downloads, sources: readonly CrdSource[] = CRD_SOURCES): Promise<CrdFile[]> {
  const found: CrdFile[] = [];
  for (const source of sources) {
    const repository = repositoryOf(source);
    for (const file of source.files) {
      const path = `${source.folder}/${file}.yaml`;
      found.push(...crdsIn(await downloads.github(repository, path), `${repository}:${path}`));
    }
  }
  return found;
}

/** Returns the pod template, which core objects of the tests embed. */
export function podTemplateIn(files: readonly CrdFile[]): { readonly types: Readonly<Record<string, Schema>> } {
  const holder = files.find(({ kind }) => kind === POD_TEMPLATE.kind);
  const template = POD_TEMPLATE.path.reduce((schema, name) => schema?.properties?.[name], holder?.schema);
  if (!template) throw new Error(`${POD_TEMPLATE.kind} has no ${POD_TEMPLATE.path.join('.')}`);
  return { types: { PodTemplateSpec: template } };
}

/** Returns the name of a file in `crds/`. */
export function crdFileName({ group, plural, version }: CrdFile): string {
  return `${group}_${plural}_${version}.json`;
}

/** Returns the definitions in a YAML file. */
export function crdsIn(text: string, source: string): CrdFile[] {
  const objects = parseAllDocuments(text).map((document) => document.toJS() as Definition | null);
  const files = objects.flatMap((object) => {
    if (object?.kind !== 'CustomResourceDefinition') return [];
    const { group, names, versions } = object.spec;
    const stored = versions.find(({ storage }) => storage);
    const schema = stored?.schema?.openAPIV3Schema;
    if (!schema) return [];
    const { kind, plural } = names;
    return [{ group, kind, plural, version: stored.name, source, schema: withoutProse(schema) as Schema }];
  });
  if (files.length === 0) throw new Error(`${source}: no custom resource definition with a schema`);
  return files;
}

/** Returns the repository and the tag of a source. The pin of a chart names them as `owner/name@tag, day`. */
function repositoryOf({ chart, repository }: CrdSource): string {
  if (repository !== undefined) return repository;
  if (chart === undefined) throw new Error('a source needs a chart or a repository');
  return CHARTS[chart].source.split(',')[0]!;
}

/** Removes descriptions, which the tests do not need. A property can have the same name, so its parent decides. */
function withoutProse(node: unknown, ofProperties = false): unknown {
  if (Array.isArray(node)) return node.map((one) => withoutProse(one));
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).filter(([key]) => ofProperties || key !== 'description');
  return Object.fromEntries(
    entries.map(([key, value]) => [key, withoutProse(value, !ofProperties && key === 'properties')]),
  );
}
