import { type ChipRow, CHIPS } from '../catalog/chips';
import type { Machine } from '../catalog/machines';
import { type Precision, PRECISIONS } from '../workload/precision';

/** One accelerator of a machine, and what joins it to others. */
export interface PlanHardware {
  readonly chip: ChipRow;
  /** Of the chip: less than 1 where the machine has a slice. */
  readonly fraction: number;
  /** Accelerators of a node; a slice counts as one. */
  readonly perNode: number;
  /** That a program can allocate. */
  readonly memoryBytes: number;
  /** Accelerators that NVLink, xGMI, NeuronLink or ICI join. */
  readonly domain: number;
  readonly rdma: boolean;
  /** To other nodes, of one accelerator's share. @default - unknown */
  readonly fabricBytesPerSecond?: number;
}

/** What planning needs of a machine. */
export function hardwareOf(machine: Machine): PlanHardware {
  const { accelerators, fabricGbps } = machine;
  const chip: ChipRow = CHIPS[machine.chip];
  const fraction = Math.min(1, accelerators);
  const perNode = Math.max(1, accelerators);
  const printed = machine.acceleratorMemoryGiB * 2 ** 30;
  const usable = chip.usableMemoryMiB === undefined ? printed : chip.usableMemoryMiB * 2 ** 20 * fraction;
  return {
    chip,
    fraction,
    perNode,
    memoryBytes: Math.min(printed, usable),
    domain: machine.scaleUpDomain,
    rdma: machine.rdma,
    ...(fabricGbps !== undefined && fabricGbps > 0 && { fabricBytesPerSecond: (fabricGbps * 1e9) / 8 / perNode }),
  };
}

/** Precisions that a chip multiplies in, where this one is none of them; absent where not even its usual peak is known: nobody can tell. */
export function precisionsBeside(chip: ChipRow, wanted: Precision): readonly Precision[] | undefined {
  if (chip.bf16DenseTflops === undefined) return undefined;
  const able = PRECISIONS.filter((precision) => chip[`${precision}DenseTflops`] !== undefined);
  return able.includes(wanted) ? undefined : able;
}

/** Accelerators that work as one without the network: those of the node, or of its scale-up domain where that is more. */
export function joined({ perNode, domain }: PlanHardware): number {
  return Math.max(perNode, domain);
}

/** The same for machines that planning cannot tell apart. */
export function hardwareKey(chip: string, hardware: PlanHardware): string {
  const { fraction, perNode, memoryBytes, domain, rdma, fabricBytesPerSecond = 'unknown' } = hardware;
  return `${chip} ${fraction} ${perNode} ${memoryBytes} ${domain} ${rdma} ${fabricBytesPerSecond}`;
}
