import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { findingsOf, ModelSpec, ServingLoad } from 'ai-infra-constructs';
import { AwsMachine, EndpointKind, type InferenceEndpointProps } from 'ai-infra-constructs/aws';
import { dataTest, rowsOf } from '../../published-data';
import { errorOf, problemsOf, REGION } from '../support';
import { answersIn, artifactIn, chatLoad, endpointIn, modelIn, synthEndpoint } from './endpoint-support';

type Change = Partial<InferenceEndpointProps>;

/** Seventy billion parameters in eight bits, with lengths of published runs. */
function large(props: { inputTokens: number; outputTokens: number; requestsPerSecond?: number }): ServingLoad {
  const { requestsPerSecond = 1, ...lengths } = props;
  return ServingLoad.of({
    model: ModelSpec.LLAMA_3_3_70B,
    weightPrecision: 'fp8',
    kvPrecision: 'fp8',
    requestsPerSecond,
    ...lengths,
  });
}

const on = (machine: AwsMachine, accelerators?: number) => (stack: Stack) => ({
  machine,
  models: { chat: modelIn(stack, { accelerators, artifact: artifactIn(stack, { sizeGB: 71 }) }) },
});

const refused = (change: Change | ((stack: Stack) => Change)) =>
  problemsOf(errorOf(() => endpointIn(new Stack(new App(), 'Test', REGION), change)));

describe('a load', () => {
  test('decides accelerators and copies, and by how much they scale', () => {
    const load = large({ inputTokens: 1000, outputTokens: 1000, requestsPerSecond: 10 });
    const { endpoint, properties } = synthEndpoint((stack) => ({ ...on(AwsMachine.P5_48XLARGE)(stack), load }));
    const { replica, replicas } = endpoint.plan!;
    const [component] = properties('AWS::SageMaker::InferenceComponent');
    expect(replica.accelerators).toBeLessThan(8);
    expect(component.Specification.ComputeResourceRequirements.NumberOfAcceleratorDevicesRequired).toBe(
      replica.accelerators,
    );
    expect(component.RuntimeConfig.CopyCount).toBe(replicas.count);
    expect(properties('AWS::ApplicationAutoScaling::ScalableTarget')[0]).toMatchObject({
      MinCapacity: replicas.count,
      MaxCapacity: 2 * replicas.count,
    });
  });

  test('shares the requests that are in flight out to the copies, as the target of scaling', () => {
    const endpoint = synthEndpoint({ load: chatLoad({ requestsPerSecond: undefined, concurrency: 100 }) }).endpoint;
    expect(endpoint.plan?.replicas.count).toBe(1);
    expect(endpoint.targets.chat).toBe(100);
  });

  test('aims at no more than the memory of a copy holds', () => {
    const { plan, targets } = synthEndpoint({
      load: chatLoad({ requestsPerSecond: undefined, concurrency: 1000 }),
    }).endpoint;
    expect(plan!.replicas.count).toBeGreaterThan(1);
    expect(targets.chat).toBeLessThanOrEqual(plan!.memory.maxConcurrency);
  });

  test('gives way to what was stated', () => {
    const { properties, endpoint } = synthEndpoint({
      load: chatLoad(),
      scaling: { minimum: 3, maximum: 5, target: 7 },
    });
    expect(properties('AWS::ApplicationAutoScaling::ScalableTarget')[0]).toMatchObject({
      MinCapacity: 3,
      MaxCapacity: 5,
    });
    expect(endpoint.targets.chat).toBe(7);
  });

  test('takes whole instances where they are not shared', () => {
    const load = large({ inputTokens: 1000, outputTokens: 1000, requestsPerSecond: 20 });
    const { endpoint } = synthEndpoint((stack) => ({
      ...on(AwsMachine.P5_48XLARGE)(stack),
      kind: EndpointKind.variants(),
      load,
    }));
    expect(endpoint.plan?.replica).toMatchObject({ accelerators: 8, chosen: false });
  });

  test('of an asynchronous endpoint waits: the target is what waits, not what is in flight', () => {
    const { endpoint } = synthEndpoint((stack) => ({
      kind: EndpointKind.asynchronous({ output: answersIn(stack) }),
      load: chatLoad({ requestsPerSecond: undefined, concurrency: 100 }),
    }));
    expect(endpoint.targets.chat).toBe(5);
  });

  test('never spans instances, whose network is no part of a copy', () => {
    const load = large({ inputTokens: 1000, outputTokens: 1000 });
    for (const machine of [AwsMachine.P5_48XLARGE, AwsMachine.P6E_GB200_36XLARGE]) {
      const { plan } = synthEndpoint((stack) => ({ ...on(machine)(stack), load })).endpoint;
      expect(plan!.replica.accelerators).toBeLessThanOrEqual(machine.spec.accelerators);
      expect(plan!.replica.machines).toBe(1);
    }
  });
});

describe('a load is refused', () => {
  test('whose model is larger than the memory of the machine', () => {
    const load = large({ inputTokens: 1000, outputTokens: 1000 });
    const error = errorOf(() => endpointIn(new Stack(new App(), 'Test', REGION), { load }));
    expect(problemsOf(error)).toEqual(['MemoryTooSmall models.chat.accelerators']);
    expect(error.message).toMatch(/Llama-3.3-70B and one request fit 44.7 GiB of each accelerator of ml.g6e.xlarge/);
  });

  test('whose latency is below what the memory of the accelerators allows', () => {
    expect(refused({ load: chatLoad({ tpotMs: 10 }) })).toEqual(['LatencyImpossible load.tpotMs']);
  });

  test('that is more than the most copies hold at once', () => {
    const load = chatLoad({ requestsPerSecond: undefined, concurrency: 1000 });
    expect(refused({ load, scaling: { maximum: 2 } })).toEqual(['ConcurrencyTooHigh scaling.maximum']);
  });

  test('on a machine whose chip is described by hand', () => {
    const chip = { ...AwsMachine.G6E_XLARGE.chip };
    const machine = AwsMachine.of('g9.xlarge', { ...AwsMachine.G6E_XLARGE.spec, chip });
    expect(refused({ machine, load: chatLoad() })).toEqual(['ChipUnplanned load']);
  });

  test('with a price or a day that cannot be', () => {
    const price = { machine: 'ml.g6e.xlarge', market: 'on-demand', usdPerHour: -1 } as const;
    expect(refused({ load: chatLoad(), prices: [price] })).toEqual(['PriceInvalid prices[0].usdPerHour']);
    expect(refused({ load: chatLoad(), pricesAsOf: 'today' })).toEqual(['PlanInvalid pricesAsOf']);
  });
});

describe('the cost', () => {
  test('is by SageMaker’s own price, which is more than that of the machine', () => {
    const { plan } = synthEndpoint({ load: chatLoad() }).endpoint;
    const cost = plan!.costs.find(({ chosen }) => chosen)!;
    expect(cost.price).toMatchObject({ usdPerHour: 2.61, region: 'us-east-1', date: '2026-09-27' });
    expect(cost.usdPerMonth).toBeCloseTo(730 * 2.61);
  });

  test('is unknown where no price of SageMaker is known, and never that of EC2', () => {
    const { endpoint, stack } = synthEndpoint((at) => ({
      ...on(AwsMachine.P5EN_48XLARGE)(at),
      load: large({ inputTokens: 1000, outputTokens: 1000 }),
    }));
    expect(endpoint.plan!.costs.find(({ chosen }) => chosen)!.price).toBeUndefined();
    expect(findingsOf(stack).map(({ id }) => id)).toContain('cost/price');
  });

  test('is by a price of one’s own before that of the table', () => {
    const prices = [{ machine: 'ml.g6e.xlarge', market: 'on-demand', usdPerHour: 2 }] as const;
    const { plan } = synthEndpoint({ load: chatLoad(), prices }).endpoint;
    expect(plan!.costs.find(({ chosen }) => chosen)!.price?.usdPerHour).toBe(2);
  });
});

test('the plan is written beside the template, with what other machines would cost', () => {
  const app = new App();
  synthEndpoint({ load: chatLoad() }, REGION, app);
  const { directory } = app.synth();
  const report = readFileSync(join(directory, 'ai-infra-report.md'), 'utf8');
  expect(report).toContain('# Serving of Llama-3.1-8B on 1 × ml.g6e.xlarge');
  expect(report).toContain('## Alternatives');
  rmSync(directory, { recursive: true });
});

/** Largest factor by which a median of the planner misses a published figure: see docs/accuracy.md. */
const TOLERANCE = 1.35;

interface Row {
  readonly id: string;
  readonly chip: string;
  readonly model: string;
  readonly count: number;
  readonly isl: number;
  readonly osl: number;
  readonly outputTokPerSec: number;
}

const HOSTS: Readonly<Record<string, AwsMachine>> = {
  H100: AwsMachine.P5_48XLARGE,
  H200: AwsMachine.P5EN_48XLARGE,
};

function plannedRate({ chip, count, isl, osl }: Omit<Row, 'id' | 'model' | 'outputTokPerSec'>): number {
  const load = large({ inputTokens: isl, outputTokens: osl });
  const { endpoint } = synthEndpoint((stack) => ({ ...on(HOSTS[chip]!, count)(stack), load }));
  return endpoint.plan!.throughput.tokensPerSecond!.median;
}

describe('a copy gives what published runs give', () => {
  test('of two H200, 1000 tokens in and out: 5174 a second (TensorRT-LLM)', () => {
    const rate = plannedRate({ chip: 'H200', count: 2, isl: 1000, osl: 1000 });
    expect(Math.max(rate / 5174, 5174 / rate)).toBeLessThan(TOLERANCE);
  });

  dataTest('in every run of that model on a machine that SageMaker hosts', () => {
    const rows = rowsOf<Row>('inference-runs.json').filter(
      ({ model, chip }) => model === 'Llama 3.3 70B' && chip in HOSTS,
    );
    expect(rows.length).toBeGreaterThanOrEqual(6);
    for (const row of rows) {
      const rate = plannedRate(row);
      const miss = Math.max(rate / row.outputTokPerSec, row.outputTokPerSec / rate);
      expect([row.id, miss < TOLERANCE]).toEqual([row.id, true]);
    }
  });
});
