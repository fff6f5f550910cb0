import { readFileSync } from 'node:fs';

/** A pinned Helm chart, as plain data. */
export interface ChartLiteral {
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
  readonly namespace: string;
  readonly release: string;
  readonly values: Record<string, unknown>;
}

/** The charts and objects of the reference, as a hand-written stack has them as literals. */
export interface KubernetesLiterals {
  readonly releases: ChartLiteral[];
  readonly manifests: Record<string, unknown>[];
}

export function readLiterals(file: string): KubernetesLiterals {
  return JSON.parse(readFileSync(file, 'utf8')) as KubernetesLiterals;
}
