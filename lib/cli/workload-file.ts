import { nearest } from '../core/nearest';
import { type DataFile, readData } from './read-file';
import { objectOf } from './options';
import { UsageError } from './usage-error';

/** A workload and its machines, from a file or flags. The values are not checked yet: the planner does that. */
export interface WorkloadInput {
  readonly training?: Readonly<Record<string, unknown>>;
  readonly serving?: Readonly<Record<string, unknown>>;
  readonly on: Readonly<Record<string, unknown>>;
}

const MODEL = ['model', 'modelConfig'];

/** The allowed keys of each part of a file. */
export const KEYS = {
  training: [
    ...[
      'kind',
      ...MODEL,
      'tokens',
      'sequenceLength',
      'globalBatch',
      'microBatch',
      'precision',
      'optimizer',
      'sharding',
    ],
    ...['parallelism', 'recompute', 'finishWithinDays', 'budgetUsd', 'rank'],
  ],
  serving: [
    ...[
      ...MODEL,
      'inputTokens',
      'outputTokens',
      'requestsPerSecond',
      'concurrency',
      'serviceLevel',
      'ttftMs',
      'tpotMs',
    ],
    ...['percentile', 'weightPrecision', 'kvPrecision'],
  ],
  on: [
    ...['machine', 'nodes', 'replicas', 'acceleratorsPerReplica', 'market', 'region', 'storage', 'clouds', 'markets'],
    ...['regions', 'prices', 'asOf', 'rankBy'],
  ],
} as const;

/** Reads a workload file: `training` or `serving`, and the machines. */
export function readWorkload(name: string): WorkloadInput {
  const file = readData(name);
  const { training, serving, ...on } = objectOf(file.value, name);
  checkKeys(file, on, [], ['training', 'serving', ...KEYS.on]);
  return {
    ...(training !== undefined && { training: part(file, training, 'training') }),
    ...(serving !== undefined && { serving: part(file, serving, 'serving') }),
    on,
  };
}

function part(file: DataFile, value: unknown, name: 'training' | 'serving'): Record<string, unknown> {
  const props = objectOf(value, `${file.at([name])}: ${name}`);
  checkKeys(file, props, [name], KEYS[name]);
  return props;
}

/** Rejects unknown keys, because a misspelled key would have no effect. */
function checkKeys(file: DataFile, value: object, path: readonly string[], allowed: readonly string[]): void {
  const unknown = Object.keys(value).filter((key) => !allowed.includes(key));
  if (unknown.length === 0) return;
  throw new UsageError(
    unknown
      .map((key) => {
        const close = nearest(key, allowed, 1);
        const hint = close.length > 0 ? `did you mean '${close.join('')}'?` : `allowed are ${allowed.join(', ')}`;
        return `${file.at([...path, key])}: unknown key '${key}'; ${hint}`;
      })
      .join('\n'),
  );
}
