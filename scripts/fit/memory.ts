import { activationBytes, stateBytes } from '../../lib/core/planning/memory/training-memory';

/** A model and its split in the paper, with GiB of states, and of activations without recomputation and with the method of the paper. */
export interface PublishedMemory {
  readonly name: string;
  readonly parameters: number;
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly microBatch: number;
  readonly pipeline: number;
  readonly virtualStages: number;
  readonly states: number;
  readonly none: number;
  readonly selective: number;
}

// Korthikanti et al. 2022, arXiv 2205.05198, figure 1 and table 5; parameters as stated in the paper.
// prettier-ignore
export const PUBLISHED_MEMORY: readonly PublishedMemory[] = [
  { name: '22B', parameters: 22e9, layers: 48, hidden: 6144, heads: 64, microBatch: 4, pipeline: 1, virtualStages: 1, states: 45.56, none: 59.25, selective: 9.56 },
  { name: '175B', parameters: 175e9, layers: 96, hidden: 12288, heads: 96, microBatch: 1, pipeline: 8, virtualStages: 3, states: 45.56, none: 66.84, selective: 12.35 },
  { name: '530B', parameters: 530e9, layers: 105, hidden: 20480, heads: 128, microBatch: 1, pipeline: 35, virtualStages: 3, states: 31.64, none: 114.02, selective: 23.08 },
  { name: '1T', parameters: 1008e9, layers: 128, hidden: 25600, heads: 160, microBatch: 1, pipeline: 64, virtualStages: 1, states: 32.96, none: 131.25, selective: 26.56 },
];

/** Returns the memory that this library calculates, in GiB. */
export function predictedMemory(row: PublishedMemory): Record<'states' | 'none' | 'selective', number> {
  const { parameters, layers, hidden, heads, microBatch, pipeline, virtualStages } = row;
  const all = { layers, hidden, heads, microBatch, pipeline, virtualStages, sequenceLength: 2048, tensor: 8 };
  return {
    states: stateBytes({ parameters, tensor: 8, pipeline }) / GIB,
    none: activationBytes({ ...all, recompute: 'none', sequenceParallel: false }) / GIB,
    selective: activationBytes({ ...all, recompute: 'selective' }) / GIB,
  };
}

const GIB = 2 ** 30;

/** Returns the table of predicted and published values. */
export function memoryTable(): string[] {
  const lines = PUBLISHED_MEMORY.map((row) => {
    const predicted = predictedMemory(row);
    const cells = (['states', 'none', 'selective'] as const).map((part) => {
      const off = 100 * (predicted[part] / row[part] - 1);
      return `${predicted[part].toFixed(2)} / ${row[part].toFixed(2)} (${off.toFixed(1)}%)`;
    });
    return `| ${[row.name, ...cells].join(' | ')} |`;
  });
  return [
    'Korthikanti 2022 (arXiv 2205.05198), tensor parallelism 8, sequences of 2048: predicted / published.',
    '',
    '| model | states | activations, no recompute | activations, selective and sequence parallel |',
    '|---|---|---|---|',
    ...lines,
  ];
}
