import { duration, number, percent } from '../format';
import { MAX_WRITING } from './checkpoint';
import type { Contradiction } from './plan';
import type { TrainingDraft } from './plan-draft';
import type { TrainingBinding } from './plan-training-result';

interface Binding {
  readonly what: TrainingBinding;
  readonly why: string;
  /** Use as a share of the limit: 1 is the limit. */
  readonly tightness: number;
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

/** Returns the tightest limit of a training job: the first contradiction, or else the limit with the highest use. */
export function trainingBinding(
  draft: TrainingDraft,
  [first]: readonly Contradiction[],
): { readonly what: TrainingBinding; readonly why: string } {
  if (first) {
    const [subject = ''] = first.check.split('/', 1);
    return { what: BY_SUBJECT[subject] ?? 'memory', why: `${first.prop} must be ${first.allowed}.` };
  }
  const { what, why } = limits(draft).reduce((max, one) => (one.tightness > max.tightness ? one : max));
  return { what, why };
}

function limits({ memory, job, time, costs, checkpoint, storage }: TrainingDraft): Binding[] {
  const { finishWithinSeconds, budgetUsd } = job;
  const cost = costs.find(({ chosen }) => chosen)?.runUsd;
  const found: Binding[] = [
    {
      what: 'memory',
      why: `Memory is ${percent(memory.used)} full. The largest part is ${memory.binds}.`,
      tightness: memory.used,
    },
  ];
  if (finishWithinSeconds !== undefined && time.seconds) {
    const why = `The deadline is ${duration(finishWithinSeconds)}. At the pessimistic end, the job takes ${duration(time.seconds.p25)}.`;
    found.push({ what: 'time', why, tightness: time.seconds.p25 / finishWithinSeconds });
  }
  if (budgetUsd !== undefined && cost) {
    const why = `The budget is ${number(budgetUsd)} USD. At the pessimistic end, the job costs ${number(cost.p25)} USD.`;
    found.push({ what: 'budget', why, tightness: cost.p25 / budgetUsd });
  }
  if (storage.given) {
    const why = `Writing checkpoints takes ${percent(checkpoint.writing)} of the time.`;
    found.push({ what: 'storage', why, tightness: checkpoint.writing / MAX_WRITING });
  }
  return found;
}
