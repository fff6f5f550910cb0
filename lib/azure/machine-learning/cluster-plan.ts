import { AZURE_ML_LIMITS } from '../../core/catalog/azure-ml-hosting';
import type { Problems } from '../../core/errors';
import { type SizableStorage, sizeForJob } from '../../core/planning/cluster-sizing';
import type { TrainingPlan } from '../../core/planning/plan-training-result';
import { withoutAnswered } from '../../core/planning/training-findings';
import { isUnknown } from '../../terraform/tokens';
import { plannedMachine } from '../machine/planned-machine';
import { clusterDefaults, type MachineLearningClusterProps } from './machine-learning-cluster-props';

/** What a job takes of a cluster. */
export interface SizedCluster {
  readonly nodes: number;
  /** @default - there is no job, or nothing can be planned for it */
  readonly plan?: TrainingPlan;
}

const SECONDS_PER_DAY = 86_400;

/** Days that a job may run on such nodes. */
export function jobDays(props: Pick<MachineLearningClusterProps, 'capacity'>): number {
  return clusterDefaults(props).capacity.isElastic ? AZURE_ML_LIMITS.lowPriorityJobDays : AZURE_ML_LIMITS.jobDays;
}

/** Sizes what a job leaves open, and adds what contradicts it. Without a job all is as it was given. */
export function sizeMlCluster(problems: Problems, props: MachineLearningClusterProps): SizedCluster {
  const { job, nodes: stated } = props;
  const unplanned = { nodes: stated ?? 1 };
  if (!job || isUnknown(stated)) return unplanned;
  const { location } = props.workspace.resourceGroup;
  const sized = sizeForJob(problems, {
    job,
    machine: plannedMachine(props.machine),
    market: clusterDefaults(props).capacity.isElastic ? 'spot' : 'on-demand',
    region: isUnknown(location) ? undefined : location,
    prices: props.prices,
    pricesAsOf: props.pricesAsOf,
    nodes: stated,
    storage: NO_STORAGE,
    contextOf: (nodes) => ({ nodes }),
  });
  if (!sized) return unplanned;
  const plan = withoutAnswered(sized.plan);
  checkDays(problems, props, plan);
  return { nodes: sized.nodes, plan };
}

/** Jobs read and write the storage of the workspace. */
const NO_STORAGE: SizableStorage = { isOpen: false, given: () => undefined };

/** The service ends a job that runs on: what it did since its last checkpoint is lost. */
function checkDays(problems: Problems, props: MachineLearningClusterProps, { time }: TrainingPlan): void {
  const most = jobDays(props);
  const seconds = time.seconds?.median ?? time.boundSeconds;
  if (seconds === undefined || seconds <= most * SECONDS_PER_DAY) return;
  problems.add({
    code: 'JobTooLong',
    prop: 'job',
    allowed: `one that ends within ${most} days, the longest that Azure ML lets a job run on ${clusterDefaults(props).capacity.isElastic ? 'low-priority' : 'dedicated'} nodes`,
    got: `about ${Math.ceil(seconds / SECONDS_PER_DAY)} days`,
    fix: 'Take more nodes, or let several jobs go on from the checkpoints of one another and declare one of them.',
  });
}

/** Days at the slow end of the plan, where they are more than a job may run. */
export function overtimeDays(props: MachineLearningClusterProps, { time }: TrainingPlan): number | undefined {
  const slow = time.seconds && time.seconds.p25 / SECONDS_PER_DAY;
  return slow !== undefined && slow > jobDays(props) ? Math.ceil(slow) : undefined;
}
