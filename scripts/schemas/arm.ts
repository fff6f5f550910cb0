import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ML_TYPES } from '../../lib/azure/machine-learning/workspace-bodies';
import { armSchema, type ArmSchema, type BicepType } from './arm-types';
import type { Downloads } from './download';
import { BICEP_TYPES } from './sources';

const LIBRARY = join(__dirname, '../../lib/azure');

/** Schema of a request body, as `test/azure/arm.ts` reads it. */
export interface ArmFile {
  readonly type: string;
  readonly source: string;
  readonly body: ArmSchema;
}

/** Returns the types with their API version that `lib/azure` sends through azapi. */
export function armTypes(): string[] {
  const files = readdirSync(LIBRARY, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const literals = files.flatMap((file) => [
    ...readFileSync(join(LIBRARY, file), 'utf8').matchAll(/'(Microsoft\.[\w./]+@\d{4}-\d\d-\d\d(?:-preview)?)'/g),
  ]);
  return [...new Set([...literals.map(([, type]) => type!), ...Object.values(ML_TYPES)])].sort();
}

/** Downloads the schemas of types. Throws if Azure has no such type. */
export async function armFiles(downloads: Downloads, types: readonly string[] = armTypes()): Promise<ArmFile[]> {
  const index = JSON.parse(await downloads.github(BICEP_TYPES, 'generated/index.json')) as {
    readonly resources: Readonly<Record<string, { readonly $ref: string }>>;
  };
  // Azure compares types without case.
  const places = new Map(Object.entries(index.resources).map(([type, { $ref }]) => [type.toLowerCase(), $ref]));
  const lists = new Map<string, readonly BicepType[]>();
  const files: ArmFile[] = [];
  for (const type of types) {
    const place = places.get(type.toLowerCase());
    if (place === undefined) throw new Error(`${BICEP_TYPES} has no type ${type}`);
    const [path, at] = place.split('#') as [string, string];
    const list =
      lists.get(path) ?? (JSON.parse(await downloads.github(BICEP_TYPES, `generated/${path}`)) as BicepType[]);
    lists.set(path, list);
    files.push({ type, source: `${BICEP_TYPES}:generated/${path}`, body: armSchema(list, { $ref: `#${at}` }) });
  }
  return files;
}

/** Returns the file name of a type. */
export function armFileName(type: string): string {
  return `${type.replaceAll('/', '_')}.json`;
}
