import { AZURE_ML_LIMITS } from '../../core/catalog/azure-ml-hosting';
import type { ProblemCollector } from '../../core/errors';
import { type SizableStorage, sizeForJob } from '../../core/planning/cluster-sizing';
import type { TrainingPlan } from '../../core/planning/plan-training-result';
import { withoutAnsweredFindings } from '../../core/planning/training-findings';
import { isUnknown } from '../../terraform/tokens';
import { plannedMachine } from '../machine/planned-machine';
import { clusterDefaults, type MachineLearningClusterProps } from './machine-learning-cluster-props';

/** A cluster with a resolved number of nodes. */
export interface ResolvedCluster {
  /** Maximum number of nodes. */
  readonly maxNodes: number;
  /** Plan of the job. @default - there is no job, or it cannot be planned */
  readonly plan?: TrainingPlan;
}

const SECONDS_PER_DAY = 86_400;

/** Maximum number of days that a job can run on these nodes. */
export function jobDays(props: Pick<MachineLearningClusterProps, 'capacity'>): number {
  return clusterDefaults(props).capacity.isElastic ? AZURE_ML_LIMITS.lowPriorityJobDays : AZURE_ML_LIMITS.jobDays;
}

/** Sizes the number of nodes for the job, and adds each contradiction. */
export function sizeMlCluster(problems: ProblemCollector, props: MachineLearningClusterProps): ResolvedCluster {
  const { job, maxNodes: stated } = props;
  const unplanned = { maxNodes: stated ?? 1 };
  if (!job || isUnknown(stated)) return unplanned;
  const { location } = props.workspace.resourceGroup;
  const resolved = sizeForJob(problems, {
    job,
    machine: plannedMachine(props.machine),
    market: clusterDefaults(props).capacity.isElastic ? 'spot' : 'on-demand',
    region: isUnknown(location) ? undefined : location,
    prices: props.prices,
    nodes: stated,
    storage: NO_STORAGE,
    contextOf: (nodes) => ({ nodes }),
  });
  if (!resolved) return unplanned;
  const plan = withoutAnsweredFindings(resolved.plan);
  checkDays(problems, props, plan);
  return { maxNodes: resolved.nodes, plan };
}

/** Jobs use the storage account of the workspace. */
const NO_STORAGE: SizableStorage = { isOpen: false, given: () => undefined };

/** Azure ML stops a job at the limit, and the job loses all work since its last checkpoint. */
function checkDays(problems: ProblemCollector, props: MachineLearningClusterProps, { time }: TrainingPlan): void {
  const max = jobDays(props);
  const seconds = time.seconds?.median ?? time.boundSeconds;
  if (seconds === undefined || seconds <= max * SECONDS_PER_DAY) return;
  problems.add({
    code: 'JobTooLong',
    prop: 'job',
    allowed: `at most ${max} days long, the limit of Azure ML for jobs on ${clusterDefaults(props).capacity.isElastic ? 'low-priority' : 'dedicated'} nodes`,
    got: `about ${Math.ceil(seconds / SECONDS_PER_DAY)} days`,
    fix: 'Use more nodes, or split the work into several jobs that resume from a checkpoint, and set `job` to one of them.',
  });
}

/** Days at the slow end of the plan, if they exceed the limit of a job. */
export function overtimeDays(props: MachineLearningClusterProps, { time }: TrainingPlan): number | undefined {
  const slow = time.seconds && time.seconds.p25 / SECONDS_PER_DAY;
  return slow !== undefined && slow > jobDays(props) ? Math.ceil(slow) : undefined;
}
