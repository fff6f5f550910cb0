import { allMachines, type Cloud, machineNamed, ModelSpec, ServingLoad, TrainingJob } from 'ai-infra-constructs';
import { optionsFor, planServing, planTraining } from 'ai-infra-constructs/planning';
import { soldNodes } from '../../../../lib/core/planning/layout/plan-hardware';
import { isEvenlyStaged } from '../../../../lib/core/workload/parallelism';

const MODELS = ['Llama-3.1-8B', 'Llama-3.1-70B', 'Llama-3.1-405B', 'DeepSeek-V3'] as const;

function jobOf(name: (typeof MODELS)[number], finishWithinDays = 60): TrainingJob {
  return TrainingJob.pretrain({ model: ModelSpec.fromName(name), tokens: 300e9, finishWithinDays });
}

function planned(cloud: Cloud, name: string, nodes: number) {
  return planTraining({ job: jobOf('Llama-3.1-8B', 10_000), machine: machineNamed(cloud, name), nodes });
}

describe('the numbers of nodes that train together', () => {
  test.each([
    ['aws', 'p6e-gb200.36xlarge', [9, 18]],
    ['google', 'a4x-highgpu-4g', [18]],
    ['azure', 'Standard_ND128isr_GB300_v6', [18]],
    ['google', 'ct6e-standard-4t', [1, 2, 4, 8, 16, 32, 64]],
    ['google', 'ct6e-standard-8t', [1]],
  ] as const)('of %s/%s are those of the catalog', (cloud, name, sizes) => {
    expect(machineNamed(cloud, name).domainNodes).toEqual(sizes);
  });

  test('include large slices of v5p, in whole cubes', () => {
    const { domainNodes = [] } = machineNamed('google', 'ct5p-hightpu-4t');

    expect(domainNodes).toContain(96); // 4x8x12
    expect(domainNodes).toContain(1536); // 8x24x32
    expect(domainNodes).not.toContain(20);
    expect(domainNodes.at(-1)).toBeLessThanOrEqual(140 * 16);
  });

  test.each([
    ['aws', 'p6e-gb200.36xlarge', 10, 18],
    ['aws', 'p6e-gb200.36xlarge', 19, 36],
    ['google', 'ct5p-hightpu-4t', 20, 32],
    ['google', 'ct6e-standard-8t', 2, undefined],
    ['aws', 'p5.48xlarge', 7, 7],
  ] as const)('of %s/%s round %d up to %s', (cloud, name, nodes, sold) => {
    expect(soldNodes(machineNamed(cloud, name), nodes)).toBe(sold);
  });

  test.each(MODELS)('are the only ones in a ranking for %s', (name) => {
    const { ranked } = optionsFor(jobOf(name));
    const sized = ranked.map(({ cloud, machine, nodes }) => ({ machine: machineNamed(cloud, machine), nodes }));

    for (const { machine, nodes } of sized) expect(soldNodes(machine, nodes)).toBe(nodes);
    expect(sized.some(({ machine }) => machine.domainNodes)).toBe(true);
  });

  test.each([
    ['google', 'ct5p-hightpu-4t', 20],
    ['aws', 'p6e-gb200.36xlarge', 4],
  ] as const)('are checked in a plan on %s/%s: %d nodes fail', (cloud, name, nodes) => {
    const { contradictions } = planned(cloud, name, nodes);

    expect(contradictions).toContainEqual(expect.objectContaining({ code: 'NodesNotSold', prop: 'nodes', got: nodes }));
    expect(planned(cloud, name, soldNodes(machineNamed(cloud, name), nodes)!).contradictions).toEqual([]);
  });

  test('are a warning for a part of a rack, because no source says that racks are sold whole', () => {
    const { contradictions, findings } = planned('azure', 'Standard_ND128isr_NDR_GB200_v6', 4);

    expect(contradictions).toEqual([]);
    expect(findings.find(({ id }) => id === 'nodes/domain')?.message).toMatch(/fill only a part of a rack of 18/);
  });

  test('apply to serving: whole UltraServers, and a slice for each replica', () => {
    const load = ServingLoad.of({
      model: ModelSpec.LLAMA_3_1_70B,
      inputTokens: 1000,
      outputTokens: 300,
      requestsPerSecond: 3,
    });
    const onTpu = (acceleratorsPerReplica: number) =>
      planServing({ load, machine: machineNamed('google', 'ct5p-hightpu-4t'), acceleratorsPerReplica });

    expect(planServing({ load, machine: machineNamed('aws', 'p6e-gb200.36xlarge') }).cluster.nodes % 9).toBe(0);
    expect(onTpu(12).contradictions).toContainEqual(
      expect.objectContaining({ code: 'NodesNotSold', prop: 'acceleratorsPerReplica', fix: 'Use 16.' }),
    );
    expect(onTpu(16).contradictions).toEqual([]);
  });
});

describe('the layout of the planner', () => {
  test.each([
    [80, 9, false],
    [80, 10, true],
    [80, 3, false],
    [126, 16, true],
    [70, 12, true],
    [80, 41, false],
    [61, 16, true],
    [61, 5, false],
    [32, 17, false],
  ])('splits %d layers into %d stages: %s', (layers, stages, possible) => {
    expect(isEvenlyStaged(layers, stages)).toBe(possible);
  });

  test.each(['p5.48xlarge', 'p5en.48xlarge', 'p4d.24xlarge'])('has whole layers in each stage on %s', (machine) => {
    for (const nodes of [3, 9, 12, 18, 24, 27, 36, 72]) {
      const { parallelism } = planTraining({
        job: jobOf('Llama-3.1-70B', 10_000),
        machine: machineNamed('aws', machine),
        nodes,
      });

      expect(80 % (parallelism.pipeline * parallelism.virtualPipeline)).toBe(0);
    }
  });

  test('keeps the headroom whose lack is a warning, if another layout does', () => {
    const plansOf = (recompute?: 'full') =>
      allMachines()
        .filter(({ cloud, accelerators }) => cloud === 'aws' && accelerators === 8)
        .flatMap((machine) => {
          const job = TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_70B, tokens: 300e9, recompute });
          return [8, 16].map((nodes) => planTraining({ job, machine, nodes }).memory);
        });
    const [chosen, smallest] = [plansOf(), plansOf('full')];
    const unneeded = chosen.filter(({ used }, at) => used > 0.92 && smallest[at]!.used <= 0.92);

    expect(chosen.filter(({ used }) => used <= 0.92).length).toBeGreaterThan(5);
    expect(unneeded).toEqual([]);
  });
});
