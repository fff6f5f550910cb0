import type { Finding, FindingId } from '../findings';
import type { TrainingPlan } from './plan-training-result';

// What a cluster knows better: where checkpoints are kept, and what its nodes have recorded of their machine.
const OWN: readonly FindingId[] = ['spot/no-checkpoints', 'machine/unverified'];

/** A plan without the doubts that its cluster answers: those it tells itself, and of a file system that it sized, how fast that is. */
export function withoutAnswered(
  plan: TrainingPlan,
  { followsNodes }: { readonly followsNodes: boolean } = { followsNodes: false },
): TrainingPlan {
  const answered: readonly FindingId[] = followsNodes ? [...OWN, 'storage/checkpoint-slow'] : OWN;
  const findings = Object.freeze(plan.findings.filter(({ id }) => !answered.includes(id)));
  return Object.freeze({ ...plan, findings });
}

/** That a file system which follows the nodes, or the job, can never shrink with them. */
export function growsOnly(followed: 'nodes' | 'job', service: string, evidence: string): Finding {
  const asks = followed === 'job' ? 'job: a smaller one' : 'number of nodes: fewer nodes';
  return {
    id: 'storage/grows-only',
    level: 'info',
    message: `The size of the file system follows the ${asks} would ask it to shrink, which ${service} refuses.`,
    fix: 'State sizeGiB in TrainingStorage.lustre once it stands.',
    evidence,
  };
}

/** That nodes are taken back, and nothing keeps what they did. @param notice how long before a spot node goes, e.g. `30 seconds’` */
export function nothingKept(notice: string, evidence: string): Finding {
  return {
    id: 'spot/no-checkpoints',
    level: 'warning',
    message: `Nodes are taken back, spot ones on ${notice} notice, and no checkpoint store is declared: a run would start anew.`,
    fix: 'Give checkpoints a DataBucket.',
    evidence,
  };
}

/** That a plan took a file system for as fast as it had to be. */
export function unknownThroughput(): Finding {
  return {
    id: 'storage/unknown-throughput',
    level: 'info',
    message:
      'What the file system reads and writes is not known: the plan takes it as fast and as large as the job needs.',
    fix: 'State throughputMBps of the file system that exists.',
    evidence: 'TrainingStorage.existing',
  };
}

/** That nodes and file system stand in two zones. @param means what that costs */
export function otherZone(nodes: string, storage: string, means: string, evidence: string): Finding {
  return {
    id: 'storage/other-zone',
    level: 'warning',
    message: `The nodes are in ${nodes} and the file system is in ${storage}: ${means}.`,
    fix: `Make nodes in ${storage}, or a file system in ${nodes}.`,
    evidence,
  };
}
