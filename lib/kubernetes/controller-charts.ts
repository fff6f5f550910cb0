import { Problems } from '../core/errors';
import { type ChartRelease, releaseOf } from './charts';
import { onSystemNodes, checkSystemNodes, type SystemNodes } from './placement';
import type { AcceleratorPool } from './pool';

/** Properties of a chart that runs controllers only. */
export interface ControllerChartProps {
  /** Where the controllers run. */
  readonly system: SystemNodes;
  /** The accelerator pools, to keep the controllers off them. @default - not compared with the system nodes */
  readonly pools?: readonly AcceleratorPool[];
}

/** JobSet: groups of jobs that start, fail and restart as one. */
export function jobSetChart({ system, pools }: ControllerChartProps): ChartRelease {
  checkController(system, pools);
  return releaseOf('jobset', { controller: onSystemNodes(system) });
}

/** Kubeflow Trainer: training jobs from runtimes. It uses the JobSet that is installed apart. */
export function trainerChart({ system, pools }: ControllerChartProps): ChartRelease {
  checkController(system, pools);
  return releaseOf('kubeflow-trainer', {
    jobset: { install: false },
    manager: onSystemNodes(system),
    runtimes: { installer: onSystemNodes(system) },
  });
}

/** Properties of the cluster autoscaler's chart. */
export interface AutoscalerChartProps extends ControllerChartProps {
  /** The chart's word for the cloud, e.g. `aws`. */
  readonly cloudProvider: string;
  /** The cluster's name in its cloud, by which node groups are found. */
  readonly clusterName: string;
  /** Kubernetes minor of the cluster: the autoscaler simulates its scheduler. @default - the image of the chart, 1.35 */
  readonly imageTag?: string;
  /** Patterns of node group names by priority: where several would do, the highest is filled first. @default - the least waste */
  readonly priorities?: Readonly<Record<number, readonly string[]>>;
  /** Values that only this cloud has, e.g. `{ awsRegion }`. @default - none */
  readonly cloudValues?: Readonly<Record<string, unknown>>;
}

/**
 * Cluster autoscaler: nodes come when a job is admitted, and go when they idle. Scratch directories of finished pods do not
 * hold an accelerator node.
 *
 * @see https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md
 */
export function autoscalerChart(props: AutoscalerChartProps): ChartRelease {
  const { system, pools, cloudProvider, clusterName, imageTag, priorities, cloudValues } = props;
  checkController(system, pools);
  return releaseOf('cluster-autoscaler', {
    cloudProvider,
    autoDiscovery: { clusterName },
    ...onSystemNodes(system),
    extraArgs: {
      expander: priorities ? 'priority,least-waste' : 'least-waste',
      'skip-nodes-with-local-storage': false,
    },
    ...(priorities && { expanderPriorities: priorities }),
    ...(imageTag !== undefined && { image: { tag: imageTag } }),
    ...cloudValues,
  });
}

/** Throws when the system nodes cannot be told from the accelerator nodes. */
export function checkController(system: SystemNodes, pools: readonly AcceleratorPool[] | undefined): void {
  const problems = new Problems();
  checkSystemNodes(problems, system, pools);
  problems.throwIfAny();
}
