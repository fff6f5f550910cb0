import type { IConstruct } from 'constructs';
import type { AcceleratorPool } from '../kubernetes';
import { record } from './findings';

/** Says that a file system which follows the nodes, or the job, can never shrink with them. */
export function recordGrowth(
  cluster: IConstruct,
  { followed, service, evidence }: { readonly followed: 'nodes' | 'job'; service: string; evidence: string },
): void {
  const asks = followed === 'job' ? 'job: a smaller one' : 'number of nodes: fewer nodes';
  record(cluster, {
    id: 'storage/grows-only',
    level: 'info',
    message: `The size of the file system follows the ${asks} would ask it to shrink, which ${service} refuses.`,
    fix: 'State sizeGiB in TrainingStorage.lustre once it stands.',
    evidence,
  });
}

/** Says that nodes are taken back, and nothing keeps what they did. */
export function recordElastic(cluster: IConstruct, evidence: string): void {
  record(cluster, {
    id: 'spot/no-checkpoints',
    level: 'warning',
    message:
      'Nodes are taken back, spot ones on 30 seconds’ notice, and no checkpoint store is declared: a run would start anew.',
    fix: 'Give checkpoints a DataBucket.',
    evidence,
  });
}

/** Says that nothing proves a fabric which is there. */
export function recordUnproven(group: IConstruct, pool: Pick<AcceleratorPool, 'name'>, fabric: string): void {
  record(group, {
    id: 'fabric/no-proof',
    level: 'info',
    message: `No public image is known to hold nccl-tests for ${fabric} as the acceptance job wants it.`,
    fix: 'Build one with nccl-tests in /opt/nccl-tests and an SSH server, and name it in images.acceptance.',
    evidence: `no image for ${group.node.path.split('/')[0]}/${pool.name}`,
  });
}

/** Says that nodes and file system stand in two zones. */
export function recordOtherZone(
  group: IConstruct,
  { zone, storage, evidence }: { readonly zone: string; readonly storage: string; readonly evidence: string },
): void {
  record(group, {
    id: 'storage/other-zone',
    level: 'warning',
    message: `The nodes are in ${zone} and the file system is in ${storage}: traffic between zones is slower, and billed.`,
    fix: `Make nodes in ${storage}, or a file system in ${zone}.`,
    evidence,
  });
}

/** Says that a plan took a file system for as fast as it had to be. */
export function recordUnknownThroughput(cluster: IConstruct): void {
  record(cluster, {
    id: 'storage/unknown-throughput',
    level: 'info',
    message:
      'What the file system reads and writes is not known: the plan takes it as fast and as large as the job needs.',
    fix: 'State throughputMBps of the file system that exists.',
    evidence: 'TrainingStorage.existing',
  });
}
