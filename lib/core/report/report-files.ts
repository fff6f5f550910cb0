import { findingsOf } from '../findings';
import { type Option, type Options, optionsAmong, optionsFor } from '../planning/options';
import { atProbability } from '../planning/range';
import type { ServingPlan } from '../planning/serving/plan-serving';
import { isTrainingJob, type TrainingPlan } from '../planning/plan-training';
import type { ConstructPlan, ServiceOffers } from '../cost-allocation';
import type { ServingLoad } from '../workload/serving-load';
import { type TrainingJob, withDeadline } from '../workload/training-job';
import { alternativesOf } from './alternatives';
import type { ReportAlternative } from './document';
import { filesOf, WorkloadReport } from './workload-report';

/** Returns one report of several plans, with the findings of their constructs, by file name. */
export function reportFiles(plans: readonly ConstructPlan[]): Readonly<Record<string, string>> {
  const report = WorkloadReport.of(
    plans.map(({ construct, plan, workload, prices, offers }) => ({
      path: construct.node.path,
      plan,
      findings: findingsOf(construct),
      alternatives: workload && workloadAlternatives(workload, plan, { prices, offers }),
    })),
  );
  return filesOf(report);
}

const MAX_CHEAPER = 5;
const MAX_SOONER = 3;

/**
 * Returns the cheapest machines of any cloud for a workload, and those that are faster than its plan. Without a deadline, an alternative may
 * not take longer than the plan. Otherwise the smallest cluster would be the cheapest, and would take years. The alternatives of a plan on a
 * service are machines that the service sells.
 */
export function workloadAlternatives(
  workload: TrainingJob | ServingLoad,
  plan: TrainingPlan | ServingPlan,
  { prices, offers }: Pick<ConstructPlan, 'prices' | 'offers'>,
): readonly ReportAlternative[] {
  const timed = isTrainingJob(workload) ? inTime(workload, plan) : workload;
  const options = offers
    ? optionsOn(timed, plan, { ...(prices && { prices }), ...offers() })
    : optionsFor(timed, { prices });
  const cheap = alternativesOf(options, plan.cluster, MAX_CHEAPER);
  const isNew = ({ cloud, machine, market }: Option) =>
    !cheap.some((one) => one.cloud === cloud && one.machine === machine && one.market === market);
  const limit = plan.kind === 'training' ? plan.time.seconds?.median : undefined;
  const ranked = soonest(options.ranked, limit).filter(isNew);
  return [...cheap, ...alternativesOf({ ...options, ranked }, plan.cluster, MAX_SOONER)];
}

/** Ranks the machines of a service in the region of a plan. */
function optionsOn(
  workload: TrainingJob | ServingLoad,
  { cluster: { region } }: TrainingPlan | ServingPlan,
  { machines, markets, prices }: ServiceOffers,
): Options {
  return optionsAmong(workload, machines, { markets, prices, ...(region !== undefined && { regions: [region] }) });
}

function inTime(job: TrainingJob, plan: TrainingPlan | ServingPlan): TrainingJob {
  if (job.finishWithinSeconds !== undefined || plan.kind !== 'training') return job;
  const { seconds } = plan.time;
  return seconds ? withDeadline(job, atProbability(seconds, job.probability)) : job;
}

/** Returns the options that are faster than the plan, fastest first. Options without a measured time are left out. */
function soonest(options: readonly Option[], limit = 0): Option[] {
  const timeOf = ({ seconds }: Option) => seconds?.median ?? Infinity;
  return options.filter((one) => timeOf(one) < limit).sort((a, b) => timeOf(a) - timeOf(b));
}
