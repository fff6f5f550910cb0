import type { ProblemCollector } from '../../core/errors';
import type { KubeletOptions } from '../../kubernetes';
import type { Capacity } from '../capacity/capacity';
import type { AlicloudMachine } from '../machine/machine';

/**
 * How several pods use one GPU. Pods request `aliyun.com/gpu-mem` instead of `nvidia.com/gpu`.
 *
 * @see https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/cgpu-overview
 */
export enum GpuSharing {
  /** cGPU isolates the memory. */
  MEMORY_ISOLATION = 'cgpu',
  /** cGPU isolates the memory and the compute time. */
  FULL_ISOLATION = 'core_mem',
  /** No isolation: pods must limit their memory themselves. */
  NO_ISOLATION = 'share',
  /** The Multi-Process Service of NVIDIA. */
  MPS = 'mps',
}

/** Node label of the sharing mode. */
export const SHARING_LABEL = 'ack.node.gpu.schedule';

/** The add-on that schedules parts of GPUs. */
export const SHARING_ADD_ON = 'ack-ai-installer';

/**
 * Families that cGPU supports.
 *
 * Source: https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/install-and-use-ack-ai-installer-and-the-gpu-inspection-tool;
 * read 2026-11.
 */
const CGPU_FAMILIES = new Set([
  ...['gn6i', 'gn6e', 'gn6v', 'gn6t', 'gn7i', 'gn7', 'gn7e'],
  ...['gn8t', 'gn8is', 'gn8v', 'ebmgn8is', 'ebmgn8v', 'gn8ia', 'ebmgn9t'],
]);
/** Drivers that cGPU supports, by major version. Same source. */
const CGPU_DRIVERS = { min: 460, max: 579 };

const ISOLATED: ReadonlySet<GpuSharing> = new Set([GpuSharing.MEMORY_ISOLATION, GpuSharing.FULL_ISOLATION]);

/** What the sharing of a pool depends on. */
export interface SharingContext {
  readonly machine: AlicloudMachine;
  readonly capacity: Capacity;
  readonly driver: string;
  readonly kubelet?: KubeletOptions;
}

/** Adds a problem if the machine, its driver, or the kubelet does not support shared GPUs. */
export function checkSharing(
  problems: ProblemCollector,
  sharing: GpuSharing | undefined,
  { machine, capacity, driver, kubelet }: SharingContext,
): void {
  if (sharing === undefined) return;
  const add = (allowed: string, fix: string) =>
    problems.add({ code: 'ClusterOption', prop: 'gpuSharing', allowed, got: sharing, fix });
  if (kubelet?.cpuManagerPolicy === 'static')
    add(
      'left out with the static CPU policy, with which GPU sharing does not work',
      'Remove kubelet.cpuManagerPolicy.',
    );
  if (!ISOLATED.has(sharing)) return;
  const fix = 'Use GpuSharing.NO_ISOLATION or GpuSharing.MPS.';
  if (capacity.lingjunNodes) add('a mode without cGPU on Lingjun nodes', fix);
  else if (!CGPU_FAMILIES.has(machine.family)) add(`a mode without cGPU, which does not support ${machine.name}`, fix);
  const major = Number.parseInt(driver, 10);
  if (major < CGPU_DRIVERS.min || major > CGPU_DRIVERS.max)
    add(`a mode without cGPU with driver ${driver}: cGPU supports ${CGPU_DRIVERS.min} to 575`, fix);
}
