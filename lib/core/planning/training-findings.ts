import type { Finding, FindingId } from '../findings';
import type { TrainingPlan } from './plan-training';
import type * as Machines from '../catalog/machines';
import type * as Candidates from './options-training';
import type * as StorageChoice from './storage/storage-choice';
import type * as Training from './plan-training';

// The cluster has more information on these: its checkpoint store, and the findings of its node groups.
const OF_CLUSTER: readonly FindingId[] = ['spot/no-checkpoints', 'machine/unverified'];

/** Returns a plan without the findings that the cluster records itself or resolves. */
export function withoutAnsweredFindings(
  plan: TrainingPlan,
  { followsNodes }: { readonly followsNodes: boolean } = { followsNodes: false },
): TrainingPlan {
  const answered: readonly FindingId[] = followsNodes ? [...OF_CLUSTER, 'storage/checkpoint-slow'] : OF_CLUSTER;
  const findings = Object.freeze(plan.findings.filter(({ id }) => !answered.includes(id)));
  return Object.freeze({ ...plan, findings });
}

/** Finding: a file system that is sized for the nodes or the job cannot shrink. */
export function growsOnly(followed: 'nodes' | 'job', service: string, evidence: string): Finding {
  const smaller = followed === 'job' ? 'a smaller job' : 'fewer nodes';
  return {
    id: 'storage/grows-only',
    level: 'info',
    message: `The size of the file system depends on the ${followed === 'job' ? 'job' : 'number of nodes'}. With ${smaller} it would have to shrink, which ${service} does not support.`,
    fix: 'After the first deployment, set sizeGiB in TrainingStorage.lustre.',
    evidence,
  };
}

/** Finding: nodes can be reclaimed, and no checkpoint store exists. @param notice notice period of a spot node, for example `30 seconds’` */
export function checkpointStoreMissing(notice: string, evidence: string): Finding {
  return {
    id: 'spot/no-checkpoints',
    level: 'warning',
    message: `Nodes can be reclaimed, spot nodes at ${notice} notice. Without a checkpoint store, a run then starts from the beginning.`,
    fix: 'Set checkpoints to a DataBucket.',
    evidence,
  };
}

/** Finding: the plan assumes that a file system is fast enough. */
export function unknownThroughput(): Finding {
  return {
    id: 'storage/unknown-throughput',
    level: 'info',
    message:
      'The throughput of the existing file system is unknown. The plan assumes that it is as fast and as large as the job requires.',
    fix: 'Set throughputMBps of the existing file system.',
    evidence: 'TrainingStorage.fromFileSystem',
  };
}

/** Finding: nodes and file system are in different zones. @param effect the effect, as the end of a sentence */
export function otherZone(nodes: string, storage: string, effect: string, evidence: string): Finding {
  return {
    id: 'storage/other-zone',
    level: 'warning',
    message: `The nodes are in ${nodes} and the file system is in ${storage}: ${effect}.`,
    fix: `Create the nodes in ${storage}, or the file system in ${nodes}.`,
    evidence,
  };
}

/** The functions that plan a training job. */
export interface TrainingPlanner
  extends
    Pick<typeof Machines, 'allMachines'>,
    Pick<typeof Training, 'planTraining'>,
    Pick<typeof Candidates, 'trainingCandidates'>,
    Pick<typeof StorageChoice, 'storageNeeds' | 'cheapestPlan'> {}

/** Loads the planner. Call it only if a job is declared: its tables take longer to load than a cluster takes to synthesize. */
export function trainingPlanner(): TrainingPlanner {
  const { planTraining } = require('./plan-training') as typeof Training;
  const { trainingCandidates } = require('./options-training') as typeof Candidates;
  const { allMachines } = require('../catalog/machines') as typeof Machines;
  const { storageNeeds, cheapestPlan } = require('./storage/storage-choice') as typeof StorageChoice;
  return { allMachines, planTraining, trainingCandidates, storageNeeds, cheapestPlan };
}
