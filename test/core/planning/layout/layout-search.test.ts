import {
  allMachines,
  machineNamed,
  ModelSpec,
  type Sharding,
  TrainingJob,
  type TrainingJobProps,
} from 'ai-infra-constructs';
import fc from 'fast-check';
import { anyLayoutFits, fastestLayout, smallestLayout } from '../../../../lib/core/planning/layout/layout-search';
import { recomputeFactor } from '../../../../lib/core/planning/layout/layout-time';
import { hardwareOf } from '../../../../lib/core/planning/layout/plan-hardware';
import { placementOf } from '../../../../lib/core/planning/layout/plan-parallelism';
import { layoutMemory } from '../../../../lib/core/planning/memory/plan-memory';
import { trainingTerms } from '../../../../lib/core/planning/time/plan-time';
import { expectFinite } from '../shapes';

const H100 = hardwareOf(machineNamed('aws', 'p5.48xlarge'));
const job = (props: Partial<TrainingJobProps> = {}) =>
  TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_70B, tokens: 1e13, ...props });
const fastest = (props: Partial<TrainingJobProps>, accelerators: number, hardware = H100) =>
  fastestLayout(trainingTerms(job(props)), hardware, accelerators);

const anyHardware = fc.constantFrom(...allMachines()).map(hardwareOf);
const open = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
const anyJob = fc
  .record({
    model: fc.constantFrom(...ModelSpec.all),
    sequenceLength: fc.constantFrom(512, 2048, 8192, 65_536),
    globalBatch: open(64, 96, 512, 2048),
    precision: fc.constantFrom('bf16' as const, 'fp8' as const),
    recompute: open('none' as const, 'selective' as const, 'full' as const),
    sharding: open<Sharding>('none', 'zero-1', 'zero-2', 'zero-3'),
    microBatch: open(1, 2),
  })
  .map((props) => TrainingJob.pretrain({ tokens: 1e13, ...props }));
const anyNodes = fc.constantFrom(1, 2, 3, 8, 16, 24, 128, 1024);

describe('the fastest layout', () => {
  test('splits only the batch if the model fits on one accelerator', () => {
    const { layout, data } = fastest({ model: ModelSpec.LLAMA_3_2_1B }, 64)!;

    expect(layout).toMatchObject({ tensor: 1, pipeline: 1, context: 1, recompute: 'selective' });
    expect(data).toBe(64);
  });

  test('uses a pipeline if the network is slow', () => {
    const slow = { ...H100, fabricBytesPerSecond: 1e9 };

    const fast = { ...H100, fabricBytesPerSecond: 400e9 };
    const { layout } = fastest({ globalBatch: 512 }, 512, slow)!;

    expect(fastest({ globalBatch: 512 }, 512, fast)!.layout.sharding).toBe('zero-3');
    expect(layout.sharding).toBe('zero-1');
    expect(layout.pipeline).toBeGreaterThan(1);
  });

  test('interleaves the stages of a short pipeline', () => {
    const split = { globalBatch: 512, parallelism: { tensor: 8, pipeline: 4 } };
    const alone = { ...split, parallelism: { ...split.parallelism, virtualPipeline: 1 } };

    expect(fastest(split, 512)!.layout.virtualPipeline).toBeGreaterThan(1);
    expect(fastest(split, 512)!.relativeTime).toBeLessThan(fastest(alone, 512)!.relativeTime);
  });

  test('splits long sequences', () => {
    expect(fastest({ sequenceLength: 131_072 }, 512)!.layout.context).toBeGreaterThan(1);
  });

  test('distributes experts', () => {
    expect(fastest({ model: ModelSpec.DEEPSEEK_V3 }, 1024)!.layout.expert).toBeGreaterThan(1);
  });

  test('does not distribute experts beyond a node without RDMA', () => {
    const { layout } = fastest({ model: ModelSpec.MIXTRAL_8X7B }, 64, { ...H100, perNode: 4, domain: 4, rdma: false })!;

    expect(layout.expert).toBeLessThanOrEqual(4);
  });

  test('recomputes only the layers that do not fit otherwise', () => {
    const small = fastest({ model: ModelSpec.LLAMA_3_1_8B, parallelism: { data: 8 }, sharding: 'zero-3' }, 8)!;
    const smaller = { ...H100, memoryBytes: 50e9 };
    const some = fastest({ model: ModelSpec.LLAMA_3_1_8B, parallelism: { data: 8 }, sharding: 'zero-3' }, 8, smaller)!;

    expect(small.recomputeFactor).toBe(1);
    expect(some.layout.recompute).toBe('full');
    expect(some.layout.recomputedLayers).toBeGreaterThan(0);
    expect(some.layout.recomputedLayers).toBeLessThan(32);
    expect(some.recomputeFactor).toBeCloseTo(1 + some.layout.recomputedLayers / 32 / 3);
    expect(some.relativeTime).toBeGreaterThan(small.relativeTime);
  });

  test('takes a third longer if all layers are recomputed: one forward pass in addition to one forward and two backward', () => {
    expect(recomputeFactor(1)).toBeCloseTo(4 / 3);
    expect(fastest({ recompute: 'full' }, 512)!.recomputeFactor).toBeCloseTo(4 / 3);
    expect(fastest({ recompute: 'selective' }, 512)!.recomputeFactor).toBe(1);
  });

  test('has less time than each layout that a job states', () => {
    const best = fastest({ globalBatch: 1024 }, 512)!.relativeTime;
    const stated = [1, 2, 4, 8].flatMap((tensor) =>
      [1, 2, 4, 8].map((pipeline) => fastest({ globalBatch: 1024, parallelism: { tensor, pipeline } }, 512)),
    );
    const times = stated.flatMap((found) => (found ? [found.relativeTime] : []));

    expect(times.length).toBeGreaterThan(8);
    expect(best).toBeLessThanOrEqual(Math.min(...times) * (1 + 1e-9));
  });
});

describe('any layout', () => {
  test('divides the accelerators and the batch, fits, and has finite figures', () => {
    fc.assert(
      fc.property(anyJob, anyHardware, anyNodes, (one, hardware, nodes) => {
        const terms = trainingTerms(one);
        const accelerators = nodes * hardware.perNode;
        const found = fastestLayout(terms, hardware, accelerators);
        expect(found !== undefined).toBe(anyLayoutFits(terms, hardware, accelerators));
        if (!found) return;
        const { layout, data, globalBatch } = found;
        expectFinite({ ...found, sharding: 0 });
        expect(layout.tensor * layout.pipeline * layout.context * data).toBe(accelerators);
        expect((layout.tensor * layout.context * data) % layout.expert).toBe(0);
        expect(globalBatch % (data * layout.microBatch)).toBe(0);
        expect(globalBatch).toBe(one.globalBatch ?? globalBatch);
        expect(layout.tensor).toBeLessThanOrEqual(hardware.domain);
        const memory = layoutMemory(terms, layout, data, hardware.memoryBytes);
        expect(memory.fits).toBe(true);
        expect(found.memoryUsed / memory.used).toBeCloseTo(1, 9);
      }),
      { numRuns: 300 },
    );
  });

  test('still fits with more memory', () => {
    fc.assert(
      fc.property(anyJob, anyHardware, anyNodes, fc.double({ min: 1, max: 10, noNaN: true }), (...props) => {
        const [one, hardware, nodes, times] = props;
        const terms = trainingTerms(one);
        const accelerators = nodes * hardware.perNode;
        const more = { ...hardware, memoryBytes: hardware.memoryBytes * times };
        const [few, many] = [hardware, more].map((machine) => fastestLayout(terms, machine, accelerators));
        expect(few === undefined || many !== undefined).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('that does not fit is the one with the least memory, or says what the accelerators must divide', () => {
    fc.assert(
      fc.property(anyJob, anyHardware, anyNodes, (one, hardware, nodes) => {
        const terms = trainingTerms(one);
        const tiny = { ...hardware, memoryBytes: 2e9 };
        const accelerators = nodes * hardware.perNode;
        const { memory, impossible, layout } = placementOf(terms, tiny, accelerators);
        if (fastestLayout(terms, tiny, accelerators)) return;
        expectFinite(memory);
        expect(memory.fits && impossible === undefined).toBe(false);
        expect(layout).toEqual(smallestLayout(terms, tiny, accelerators).layout);
      }),
      { numRuns: 200 },
    );
  });
});
