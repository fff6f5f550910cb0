import { duration, percent, times } from '../format';
import { withPrecision } from '../workload/training-job';
import { PRECISIONS } from '../workload/model-spec';
import { marketGoodput } from './cost/plan-costs';
import { fastestLayout } from './layout/layout-search';
import { soldNodes } from './layout/plan-hardware';
import type { Contradiction } from './plan';
import type { TrainingBinding, TrainingDraft } from './plan-training';
import { IDEAL_WRITING } from './storage/checkpoint';
import { jobRate, rateIn, secondsAt, trainingTerms, type TrainingTerms } from './time/plan-time';

/** The tightest limit of a job, and what would relax it. */
export interface JobBinding {
  readonly what: TrainingBinding;
  readonly why: string;
}

const BY_SUBJECT: Readonly<Record<string, TrainingBinding>> = {
  memory: 'memory',
  nodes: 'layout',
  machine: 'precision',
  fabric: 'fabric',
  storage: 'storage',
  time: 'time',
  cost: 'budget',
  spot: 'spot',
};

/** Returns the first contradiction, or else the change that would shorten the job most, and its effect on time and cost. */
export function trainingBinding(
  draft: TrainingDraft,
  terms: TrainingTerms,
  [first]: readonly Contradiction[],
): JobBinding {
  if (first) {
    const [subject = ''] = first.check.split('/', 1);
    return { what: BY_SUBJECT[subject] ?? 'memory', why: `${first.prop} must be ${first.allowed}.` };
  }
  const seconds = draft.time.seconds?.median;
  if (seconds === undefined) return fullMemory(draft);
  const gains = changesOf(draft, terms)
    .filter((change) => change.seconds < (1 - MIN_GAIN) * seconds)
    .sort((a, b) => a.seconds * a.costFactor - b.seconds * b.costFactor);
  const [best] = gains;
  if (!best) return fullMemory(draft);
  return { what: best.what, why: gains.map((change) => sentence(change, seconds, isPriced(draft))).join(' ') };
}

/** A smaller gain is not worth a change. */
const MIN_GAIN = 0.03;

function fullMemory({ memory }: TrainingDraft): JobBinding {
  return { what: 'memory', why: `Memory is ${percent(memory.used)} full. The largest part is ${memory.binds}.` };
}

/** A change of the job or its machines. */
interface Change {
  readonly what: TrainingBinding;
  /** The change, as the start of a sentence. */
  readonly how: string;
  /** Likely duration with the change. */
  readonly seconds: number;
  /** Price of an hour with the change, as a multiple of the price without. */
  readonly costFactor: number;
}

function isPriced({ costs }: TrainingDraft): boolean {
  return costs.some(({ chosen, runUsd }) => chosen && runUsd !== undefined);
}

function sentence({ how, seconds, costFactor }: Change, now: number, priced: boolean): string {
  const time = `${how}, the job likely takes ${duration(seconds)} instead of ${duration(now)}`;
  if (!priced) return `${time}.`;
  const cost = (seconds * costFactor) / now - 1;
  const difference = Math.abs(cost) < 0.005 ? 'the same' : `${percent(Math.abs(cost))} ${cost < 0 ? 'less' : 'more'}`;
  return `${time}, and costs ${difference}.`;
}

function changesOf(draft: TrainingDraft, terms: TrainingTerms): readonly Change[] {
  return [...fewerBits(draft), ...moreNodes(draft, terms), ...fasterStorage(draft)];
}

/** The precision with the next fewer bits that the chip supports. */
function fewerBits(draft: TrainingDraft): readonly Change[] {
  const { job, hardware } = draft;
  const precision = PRECISIONS.slice(PRECISIONS.indexOf(job.precision) + 1).find(
    (one) => hardware.chip[`${one}DenseTflops`] !== undefined,
  );
  if (precision === undefined) return [];
  const seconds = secondsWith(draft, trainingTerms(withPrecision(job, precision)), draft.nodes);
  return seconds === undefined ? [] : [{ what: 'compute', how: `With ${precision}`, seconds, costFactor: 1 }];
}

function moreNodes(draft: TrainingDraft, terms: TrainingTerms): readonly Change[] {
  const nodes = soldNodes(draft.machine, 2 * draft.nodes);
  if (nodes === undefined) return [];
  const seconds = secondsWith(draft, terms, nodes);
  if (seconds === undefined) return [];
  return [
    { what: 'compute', how: `With ${times(nodes, draft.machine.name)}`, seconds, costFactor: nodes / draft.nodes },
  ];
}

/** A file system that is fast enough for checkpoints. */
function fasterStorage({ storage, checkpoint, time }: TrainingDraft): readonly Change[] {
  if (!storage.given || !time.seconds || checkpoint.writing <= IDEAL_WRITING) return [];
  // At the best interval, as much time is lost to repeated work as to writing.
  const saved = 2 * (checkpoint.writing - IDEAL_WRITING);
  const seconds = (time.seconds.median * (1 - checkpoint.loss)) / (1 - checkpoint.loss + saved);
  return [{ what: 'storage', how: 'With faster storage for checkpoints', seconds, costFactor: 1 }];
}

/** Returns the likely duration of a job on a number of nodes, or `undefined` if it does not fit. */
function secondsWith(draft: TrainingDraft, terms: TrainingTerms, nodes: number): number | undefined {
  const { machine, hardware, market, storage } = draft;
  const accelerators = nodes * hardware.perNode;
  const found = fastestLayout(terms, hardware, accelerators);
  if (!found) return undefined;
  const tuned = jobRate(terms, machine.chip, hardware, accelerators);
  const rate = rateIn(terms, tuned, { found, hardware, accelerators });
  const goodput = marketGoodput({ terms, rate, nodes, accelerators, market, storage: storage.given }, market.market);
  return secondsAt(terms, rate, accelerators, goodput)?.median;
}
