import type { IConstruct } from 'constructs';
import type { AcceleratorPool } from '../kubernetes';
import { record } from './findings';

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
