import type { TrainJobOptions } from '../../../lib/kubernetes/train-job';
import type { FlavorCluster } from '../flavor-cluster';
import type { NodeGroup } from '../nodes/node-group';
import type { Manifest } from '../objects';
import type { Software } from '../software';

/** App of a flavor after synthesis. */
export interface SynthesizedApp {
  /** What the app installs. */
  readonly software: Software;
  /** Creates a job with the construct of the app. @default - the app has no training cluster */
  readonly trainJob?: (options: TrainJobOptions & Readonly<Record<string, unknown>>) => Manifest;
  /** Synthesizes the app with another capacity. @default - the scenarios need no change */
  readonly changed?: () => Software;
  /** Creates a run of batch inference with the construct of the app. @default - the app has no batch inference */
  readonly batchRun?: (name: string) => Manifest;
}

/** What a scenario works with. */
export interface ScenarioContext extends SynthesizedApp {
  /** The cluster with the software of the app. */
  readonly cluster: FlavorCluster;
}

/** Behavior of a cluster that a run proves or refutes. */
export interface Scenario {
  /** What the cluster does, as a sentence without a subject. */
  readonly title: string;
  /** Throws if the cluster does something else. */
  readonly run: (context: ScenarioContext) => Promise<void>;
}

/** Throws if a statement is false. */
export function assert(statement: boolean, message: string): asserts statement {
  if (!statement) throw new Error(message);
}

/** Returns the groups of accelerator nodes that always run. */
export function standingGroups({ cluster }: ScenarioContext): NodeGroup[] {
  return cluster.acceleratorGroups.filter(({ nodes }) => nodes > 0);
}

/** Returns the number of nodes that always run in all groups of the first pool. */
export function poolSize(context: ScenarioContext): number {
  return standingGroups(context).reduce((sum, { nodes }) => sum + nodes, 0);
}

/** Returns the number of pods of a training job or of a job set. */
export function podsIn({ spec }: Manifest): number {
  if (spec?.trainer) return spec.trainer.numNodes;
  const jobs = spec?.replicatedJobs ?? [];
  return jobs.reduce((sum, { replicas, template }) => sum + replicas * template.spec.parallelism!, 0);
}

/** Command of the jobs. It never runs. */
export const COMMAND = ['python', 'train.py'];
