import { type ChipRow, CHIPS } from '../../catalog/chips';
import type { Machine } from '../../catalog/machines';
import { type Precision, PRECISIONS } from '../../workload/model-spec';

/** An accelerator of a machine, and its links to others. */
export interface PlanHardware {
  readonly chip: ChipRow;
  /** Share of the chip: less than 1 for a slice. */
  readonly fraction: number;
  /** Accelerators per node. A slice counts as one. */
  readonly perNode: number;
  /** Memory that a program can allocate. */
  readonly memoryBytes: number;
  /** Accelerators linked by NVLink, xGMI, NeuronLink or ICI. */
  readonly domain: number;
  readonly rdma: boolean;
  /** Numbers of nodes that train together: see `Machine`. @default - every number */
  readonly domainNodes?: readonly number[];
  /** Bandwidth to other nodes per accelerator. @default - unknown */
  readonly fabricBytesPerSecond?: number;
}

/** Returns the hardware figures of a machine. */
export function hardwareOf(machine: Machine): PlanHardware {
  const { accelerators, fabricGbps } = machine;
  const chip: ChipRow = CHIPS[machine.chip];
  const fraction = Math.min(1, accelerators);
  const perNode = Math.max(1, accelerators);
  const stated = machine.acceleratorMemoryGiB * 2 ** 30;
  const usable = chip.usableMemoryMiB === undefined ? stated : chip.usableMemoryMiB * 2 ** 20 * fraction;
  return {
    chip,
    fraction,
    perNode,
    memoryBytes: Math.min(stated, usable),
    domain: machine.scaleUpDomain,
    rdma: machine.rdma,
    ...(machine.domainNodes && { domainNodes: machine.domainNodes }),
    ...(fabricGbps !== undefined && fabricGbps > 0 && { fabricBytesPerSecond: (fabricGbps * 1e9) / 8 / perNode }),
  };
}

/** Number format on a chip. `fp16` replaces bf16 on chips without it. */
export type PlannedPrecision = Precision | 'fp16';

/** Returns the number format that a chip uses for a precision. */
export function precisionOn({ lacksBf16 = false }: ChipRow, precision: Precision): PlannedPrecision {
  return lacksBf16 && precision === 'bf16' ? 'fp16' : precision;
}

/** Returns the name of a class, with the number format that the chip uses. */
export function classOn(chip: ChipRow, name: string): string {
  return name.replace(/(?<= )bf16\b/, precisionOn(chip, 'bf16'));
}

/** Returns the precisions that a chip supports if it does not support this one. Returns `undefined` if it does, or if its peak is unknown. */
export function otherPrecisions(chip: ChipRow, requested: Precision): readonly Precision[] | undefined {
  if (chip.bf16DenseTflops === undefined) return undefined;
  const supported = PRECISIONS.filter((precision) => chip[`${precision}DenseTflops`] !== undefined);
  return supported.includes(requested) ? undefined : supported;
}

/** Returns the number of accelerators that communicate without the network: in the node, or in the scale-up domain if it is larger. */
export function linkedAccelerators({ perNode, domain }: PlanHardware): number {
  return Math.max(perNode, domain);
}

/** Returns a key that is equal for machines with the same figures. */
export function hardwareKey(chip: string, hardware: PlanHardware): string {
  const { fraction, perNode, memoryBytes, domain, rdma, domainNodes = [], fabricBytesPerSecond = 'unknown' } = hardware;
  const sizes = `${domainNodes.length} ${domainNodes[0]} ${domainNodes.at(-1)}`;
  return `${chip} ${fraction} ${perNode} ${memoryBytes} ${domain} ${rdma} ${sizes} ${fabricBytesPerSecond}`;
}

/** Returns the smallest number of at least so many nodes that can train together, or `undefined` if no number can. */
export function soldNodes({ domainNodes }: Pick<Machine, 'domainNodes'>, nodes: number): number | undefined {
  if (!domainNodes) return nodes;
  const largest = domainNodes.at(-1)!;
  if (nodes <= largest) return domainNodes.find((size) => size >= nodes);
  return largest === 1 ? undefined : Math.ceil(nodes / largest) * largest;
}
