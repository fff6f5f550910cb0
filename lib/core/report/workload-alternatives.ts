import { type Option, type OptionsProps, optionsFor } from '../planning/options';
import type { ServingPlan } from '../planning/plan-serving-result';
import { isTrainingJob } from '../planning/plan-training';
import type { TrainingPlan } from '../planning/plan-training-result';
import type { ServingLoad } from '../workload/serving-load';
import { type TrainingJob, withDeadline } from '../workload/training-job';
import { alternativesOf } from './alternatives';
import type { ReportAlternative } from './document';

const MOST_CHEAPER = 5;
const MOST_SOONER = 3;

/**
 * The machines of any cloud that do the work for least, and those that do it sooner than its plan. A job without a deadline is to end no later
 * there than it does by its plan: the fewest machines that hold it are the cheapest, and take years.
 */
export function workloadAlternatives(
  workload: TrainingJob | ServingLoad,
  plan: TrainingPlan | ServingPlan,
  props: Pick<OptionsProps, 'asOf' | 'priceOverrides'>,
): readonly ReportAlternative[] {
  const options = optionsFor(isTrainingJob(workload) ? inTime(workload, plan) : workload, props);
  const cheap = alternativesOf(options, plan.cluster, MOST_CHEAPER);
  const isNew = ({ cloud, machine, market }: Option) =>
    !cheap.some((one) => one.cloud === cloud && one.machine === machine && one.market === market);
  const limit = plan.kind === 'training' ? plan.time.seconds?.median : undefined;
  const ranked = soonest(options.ranked, limit).filter(isNew);
  return [...cheap, ...alternativesOf({ ...options, ranked }, plan.cluster, MOST_SOONER)];
}

function inTime(job: TrainingJob, plan: TrainingPlan | ServingPlan): TrainingJob {
  if (job.finishWithinSeconds !== undefined || plan.kind !== 'training') return job;
  const { seconds, nearestSeconds, boundSeconds } = plan.time;
  const latest = (seconds ?? nearestSeconds)?.p25 ?? boundSeconds;
  return latest === undefined ? job : withDeadline(job, latest);
}

/** The options that take less time than the plan, soonest first; without a time that was measured there is none. */
function soonest(options: readonly Option[], limit = 0): Option[] {
  const timeOf = ({ seconds }: Option) => seconds?.median ?? Infinity;
  return options.filter((one) => timeOf(one) < limit).sort((a, b) => timeOf(a) - timeOf(b));
}
