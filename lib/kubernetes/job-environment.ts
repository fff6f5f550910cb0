import type { ProblemCollector } from '../core/errors';
import { type ContainerVariable, isObjectName } from './manifest';
import type { AcceleratorPool } from './pool';

/** Key of a secret in the namespace of the jobs. */
export interface SecretKey {
  /** Name of the secret. */
  readonly secret: string;
  /** Key of the value in the secret. */
  readonly key: string;
}

/** Environment variables of a job by name: values, or keys of secrets. */
export type JobEnvironment = Readonly<Record<string, string | SecretKey>>;

/** Returns the variables as a container lists them. */
export function variablesOf(env: JobEnvironment = {}): ContainerVariable[] {
  return Object.entries(env).map(([name, value]) =>
    typeof value === 'string'
      ? { name, value }
      : { name, valueFrom: { secretKeyRef: { name: value.secret, key: value.key } } },
  );
}

/**
 * Variables that Kubeflow Trainer, JobSet and GKE set: the addresses and ranks of the processes. Trainer rejects jobs that set the first five.
 *
 * Source: kubeflow/trainer v2.3.0, pkg/constants/constants.go.
 */
const RANKS: readonly string[] = [
  'PET_NNODES',
  'PET_NPROC_PER_NODE',
  'PET_NODE_RANK',
  'PET_MASTER_ADDR',
  'PET_MASTER_PORT',
  'JOB_COMPLETION_INDEX',
  'TPU_WORKER_ID',
  'TPU_WORKER_HOSTNAMES',
];

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const KEY = /^[-._a-zA-Z0-9]+$/;
const MAX_VARIABLES = 128;

/** Adds problems for the environment of a job: invalid names, invalid secrets, and variables that the runtime or the fabric sets. */
export function checkEnvironment(
  problems: ProblemCollector,
  env: JobEnvironment = {},
  { fabric }: AcceleratorPool,
): void {
  const reserved = new Set([...RANKS, ...(fabric?.pod?.env ?? []).map(({ name }) => name)]);
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'JobEnvironment', prop, allowed, got, fix });
  const names = Object.keys(env);
  if (names.length > MAX_VARIABLES) {
    wrong('env', `at most ${MAX_VARIABLES} variables`, names.length, 'Mount a ConfigMap with the rest.');
  }
  for (const [name, value] of Object.entries(env)) {
    const prop = `env.${name}`;
    if (!NAME.test(name)) {
      wrong(prop, 'a name of letters, digits and _ that does not start with a digit', name, 'Rename it.');
    } else if (reserved.has(name)) {
      const fix = 'Remove it, or set it in the command for a part of the job.';
      wrong(prop, 'a variable that neither the runtime nor the fabric sets', name, fix);
    }
    if (typeof value === 'string') continue;
    if (!isObjectName(value.secret)) {
      wrong(`${prop}.secret`, 'the name of a secret in the namespace `training`', value.secret, 'Fix the name.');
    }
    if (!KEY.test(value.key)) {
      wrong(`${prop}.key`, 'letters, digits, "-", "_" and "."', value.key, 'Use a key of the secret.');
    }
  }
}
