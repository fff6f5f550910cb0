import type { ChipRow } from '../../catalog/chips';
import { isMixture, type ModelShape } from '../memory/model-shape';
import { isKnown } from '../time/run-classes';

/** The link that accelerators of a replica exchange activations over. */
export interface ReplicaLink {
  /** Bandwidth of an accelerator per direction. */
  readonly bytesPerSecond: number;
  /** A scale-up link, the PCIe bus of a node with or without peer access, or the network between nodes. */
  readonly kind: 'scaleUp' | 'pcie' | 'host' | 'network';
}

/** Bytes per second and direction of 16 PCIe lanes, by generation. */
const PCIE: Readonly<Record<string, number>> = { PCIe3: 16e9, PCIe4: 32e9, PCIe5: 64e9 };
/** Cloud machines with cards up to this size give them no access to the memory of other cards. */
const SMALL_CARD_GIB = 24;
/** Network per accelerator where the chip has no typical figure: of machines with a scale-up link between eight or more, and of others. */
const TYPICAL_NETWORK_GBPS = { linked: 400, others: 100 } as const;
const ACCELERATORS_PER_NODE = 8;

/**
 * Returns the link of a group of accelerators. Cards with an optional bridge for pairs count as PCIe cards, because the published
 * machines with them reach only the rate of PCIe.
 */
export function linkOf(chip: ChipRow, accelerators: number, part: Partial<MachinePart> = {}): ReplicaLink | undefined {
  if (accelerators <= 1) return undefined;
  const { domain = chip.scaleUpDomain, perNode = ACCELERATORS_PER_NODE } = part;
  const { scaleUp, scaleUpGBpsBidirectional: both } = chip;
  const pcie = PCIE[scaleUp] ?? (scaleUp.includes('bridge') ? PCIE.PCIe4! : undefined);
  if (pcie !== undefined && accelerators <= perNode) {
    return { bytesPerSecond: pcie, kind: SMALL_CARD_GIB >= chip.memoryGiB ? 'host' : 'pcie' };
  }
  if (accelerators <= domain) return both === undefined ? undefined : { bytesPerSecond: both * 0.5e9, kind: 'scaleUp' };
  const { fabricBytesPerSecond } = part;
  if (fabricBytesPerSecond !== undefined) return { bytesPerSecond: fabricBytesPerSecond, kind: 'network' };
  const typical = chip.scaleUpDomain >= ACCELERATORS_PER_NODE ? 'linked' : 'others';
  const gbps = chip.scaleOutGbpsTypical ?? TYPICAL_NETWORK_GBPS[typical];
  return { bytesPerSecond: (gbps * 1e9) / 8, kind: 'network' };
}

/** The part of a machine that a replica runs on. */
export interface MachinePart {
  /** Share of the chip: less than 1 for a slice. */
  readonly fraction: number;
  /** Memory that a program can allocate. */
  readonly memoryBytes: number;
  /** Accelerators per node, and in a scale-up domain. */
  readonly perNode: number;
  readonly domain: number;
  /** Bandwidth to other nodes per accelerator. @default - typical for the chip */
  readonly fabricBytesPerSecond?: number;
}

/** Servers split mixtures with up to so many experts like dense models. */
const FEW_EXPERTS = 8;

/** How a replica is split. */
export interface ServingLayout {
  /** Independent copies of a dense model. */
  readonly copies: number;
  /** Accelerators that share each matrix. */
  readonly tensor: number;
  /** Stages of a pipeline. */
  readonly pipeline: number;
  /** Accelerators with data-parallel attention and distributed experts. 1 is tensor parallelism only. */
  readonly attention: number;
}

/** Degrees of parallelism, as far as a row states them. */
export interface StatedLayout {
  readonly count: number;
  readonly tp?: number;
  readonly pp?: number;
  readonly dep?: number;
  /** Whether an unknown split was chosen for the highest throughput. Otherwise, all accelerators share each matrix. */
  readonly tuned: boolean;
}

/**
 * Returns the layouts that a run can have. A stated degree is kept. Accelerators beyond tensor and pipeline parallelism hold copies of a
 * dense model, or the distributed experts of a mixture.
 */
export function layoutsOf(stated: StatedLayout, chip: ChipRow, shape: ModelShape): readonly ServingLayout[] {
  const { count } = stated;
  const mixture = isMixture(shape);
  const linked = linkOf(chip, count)?.kind === 'scaleUp';
  const manyExperts = mixture && linked && (shape.experts?.count ?? Infinity) > FEW_EXPERTS;
  const cores = chip.logicalCores ?? 1;
  const pipeline = isKnown(stated.pp) && count % stated.pp === 0 ? stated.pp : 1;
  const perStage = count / pipeline;
  if (isKnown(stated.dep) && stated.dep > 1) {
    const attention = Math.min(stated.dep, perStage);
    return [{ copies: 1, tensor: Math.max(1, perStage / attention), pipeline, attention }];
  }
  const split = (tensor: number): ServingLayout => {
    const rest = perStage / tensor;
    return mixture
      ? { copies: 1, tensor, pipeline, attention: rest }
      : { copies: rest, tensor, pipeline, attention: 1 };
  };
  // Cores of one chip share its memory, so only whole chips count.
  const tensor = isKnown(stated.tp) ? Math.max(1, stated.tp / cores) : undefined;
  if (tensor !== undefined) {
    const one = split(Number.isInteger(perStage / tensor) ? tensor : perStage);
    // Rows of mixtures give the number of accelerators as tp, also if attention is data-parallel.
    return manyExperts && one.tensor > 1 && one.attention === 1
      ? [one, { ...one, tensor: 1, attention: one.tensor }]
      : [one];
  }
  if (!stated.tuned) return manyExperts ? [split(perStage), split(1)] : [split(perStage)];
  const sizes = new Set([perStage]);
  for (let size = 1; size <= perStage; size *= 2) if (perStage % size === 0) sizes.add(size);
  return [...sizes].map(split);
}
