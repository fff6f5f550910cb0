import type { IConstruct } from 'constructs';
import type { AcceleratorPool } from '../kubernetes';
import { record } from './findings';

/** Reports a fabric without an acceptance image. */
export function recordUnproven(group: IConstruct, pool: Pick<AcceleratorPool, 'name'>, fabric: string): void {
  record(group, {
    id: 'fabric/no-proof',
    level: 'info',
    message: `No known public image contains nccl-tests for ${fabric} as the acceptance job requires.`,
    fix: 'Build an image with nccl-tests in /opt/nccl-tests and an SSH server, and set images.acceptance.',
    evidence: `no image for ${group.node.path.split('/')[0]}/${pool.name}`,
  });
}
