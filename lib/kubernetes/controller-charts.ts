import { ProblemCollector } from '../core/errors';
import { onSystemNodes, checkSystemNodes, type SystemNodes } from './placement';
import type { AcceleratorPool } from './pool';
import { CHARTS, type ChartPin } from './catalog/charts';

/** Properties for charts that only run controllers. */
export interface ControllerChartProps {
  /** Nodes that the controllers run on. */
  readonly system: SystemNodes;
  /** Accelerator pools whose labels must differ from those of the system nodes. @default - not checked */
  readonly pools?: readonly AcceleratorPool[];
}

/** Returns the JobSet chart. A JobSet is a group of jobs that start, fail and restart as a unit. */
export function jobSetChart({ system, pools }: ControllerChartProps): ChartRelease {
  checkController(system, pools);
  return releaseOf('jobset', { controller: onSystemNodes(system) });
}

/** Returns the Kubeflow Trainer chart, which creates training jobs from runtimes. It uses the JobSet chart that is installed separately. */
export function trainerChart({ system, pools }: ControllerChartProps): ChartRelease {
  checkController(system, pools);
  return releaseOf('kubeflow-trainer', {
    jobset: { install: false },
    manager: onSystemNodes(system),
    runtimes: { installer: onSystemNodes(system) },
  });
}

/** Properties for `autoscalerChart`. */
export interface AutoscalerChartProps extends ControllerChartProps {
  /** Name of the cloud in the chart, for example `aws`. */
  readonly cloudProvider: string;
  /** Name of the cluster in its cloud, used to discover node groups. */
  readonly clusterName: string;
  /** Image tag, for the Kubernetes minor version of the cluster, whose scheduler the autoscaler simulates. @default - the image of the chart, 1.35 */
  readonly imageTag?: string;
  /** Patterns of node group names by priority. The autoscaler fills the highest priority first. @default - the node group with the least waste */
  readonly priorities?: Readonly<Record<number, readonly string[]>>;
  /** Values for this cloud, for example `{ awsRegion }`. @default - none */
  readonly cloudValues?: Readonly<Record<string, unknown>>;
}

/**
 * Returns the cluster autoscaler chart. It adds nodes when a job is admitted, and removes them when they are idle. Scratch directories of
 * finished pods do not block the removal of a node.
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

/** Throws if the labels of the system nodes also select accelerator nodes. */
export function checkController(system: SystemNodes, pools: readonly AcceleratorPool[] | undefined): void {
  const problems = new ProblemCollector();
  checkSystemNodes(problems, system, pools);
  problems.throwIfAny();
}

export { CHARTS, type ChartPin };

/** Name of a chart in `CHARTS`. */
export type ChartName = keyof typeof CHARTS;

/** Pinned Helm chart with its values. */
export interface ChartRelease extends ChartPin {
  /** Values of the chart. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Whether the installation waits until the pods are ready. @default true */
  readonly wait?: boolean;
}

/** Returns the release of a chart with the given values. */
export function releaseOf(chart: ChartName, values: Readonly<Record<string, unknown>>): ChartRelease {
  return { ...CHARTS[chart], values };
}

/** Leaves out the charts that the cluster runs already. */
export function withoutCharts(charts: readonly ChartRelease[], existing: readonly string[] = []): ChartRelease[] {
  return charts.filter(({ chart }) => !existing.includes(chart));
}

/** Agents that select the nodes of their pools, so that a cluster can have one release for each construct. */
const AGENTS: ReadonlySet<string> = new Set<ChartName>([
  'aws-efa-k8s-device-plugin',
  'dcgm-exporter',
  'neuron-helm-chart',
  'nvidia-device-plugin',
]);

/** Adds a suffix to the release of an agent, so that it does not replace the agent of another construct on the cluster. */
export function withAgentSuffix(release: ChartRelease, suffix: string): ChartRelease {
  return AGENTS.has(release.chart) ? { ...release, release: `${release.release}-${suffix}` } : release;
}

/** Returns whether the chart is in an OCI registry. */
export function isOci({ repository }: Pick<ChartPin, 'repository'>): boolean {
  return repository.startsWith('oci://');
}

/** Returns the full address of a chart in an OCI registry for `helm install` and `HelmChart` of the CDK, or left out for other charts. */
export function ociAddress(pin: ChartPin): string | undefined {
  return isOci(pin) ? `${pin.repository}/${pin.chart}` : undefined;
}
