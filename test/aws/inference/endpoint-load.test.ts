import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { findingsOf, ModelSpec, Prices, ServingLoad } from 'ai-infra-constructs';
import { AwsMachine, EndpointKind, type InferenceEndpointProps } from 'ai-infra-constructs/aws';
import { dataFile } from '../../../scripts/data';
import { errorOf, problemsOf, REGION } from '../support';
import { answersIn, artifactIn, chatLoad, endpointIn, modelIn, synthEndpoint } from './endpoint-support';

type Change = Partial<InferenceEndpointProps>;

/** A load for seventy billion parameters in eight bits, with the lengths of published runs. */
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

const rejected = (change: Change | ((stack: Stack) => Change)) =>
  problemsOf(errorOf(() => endpointIn(new Stack(new App(), 'Test', REGION), change)));

describe('a load', () => {
  test('sets the accelerators, the number of copies and their range', () => {
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

  test('splits the concurrent requests between the copies as the scaling target', () => {
    const endpoint = synthEndpoint({
      load: chatLoad({ requestsPerSecond: undefined, concurrency: 100, tpotMs: 200 }),
    }).endpoint;
    expect(endpoint.plan?.replicas.count).toBe(1);
    expect(endpoint.targets.chat).toBe(100);
  });

  test('limits the target to the concurrency that the memory of a copy holds', () => {
    const { plan, targets } = synthEndpoint({
      load: chatLoad({ requestsPerSecond: undefined, concurrency: 1000 }),
    }).endpoint;
    expect(plan!.replicas.count).toBeGreaterThan(1);
    expect(targets.chat).toBeLessThanOrEqual(plan!.memory.maxConcurrency);
  });

  test('does not override explicit settings', () => {
    const { properties, endpoint } = synthEndpoint({
      load: chatLoad(),
      scaling: { minReplicas: 3, maxReplicas: 5, targetConcurrency: 7 },
    });
    expect(properties('AWS::ApplicationAutoScaling::ScalableTarget')[0]).toMatchObject({
      MinCapacity: 3,
      MaxCapacity: 5,
    });
    expect(endpoint.targets.chat).toBe(7);
  });

  test('uses whole instances for variants', () => {
    const load = large({ inputTokens: 1000, outputTokens: 1000, requestsPerSecond: 20 });
    const { endpoint } = synthEndpoint((stack) => ({
      ...on(AwsMachine.P5_48XLARGE)(stack),
      kind: EndpointKind.variants(),
      load,
    }));
    expect(endpoint.plan?.replica).toMatchObject({ accelerators: 8, chosen: false });
  });

  test('does not set the target of an asynchronous endpoint, which counts waiting requests', () => {
    const { endpoint } = synthEndpoint((stack) => ({
      kind: EndpointKind.asynchronous({ output: answersIn(stack) }),
      load: chatLoad({ requestsPerSecond: undefined, concurrency: 100 }),
    }));
    expect(endpoint.targets.chat).toBe(5);
  });

  test('never spans instances', () => {
    const load = large({ inputTokens: 1000, outputTokens: 1000 });
    for (const machine of [AwsMachine.P5_48XLARGE, AwsMachine.P6E_GB200_36XLARGE]) {
      const { plan } = synthEndpoint((stack) => ({ ...on(machine)(stack), load })).endpoint;
      expect(plan!.replica.accelerators).toBeLessThanOrEqual(machine.spec.accelerators);
      expect(plan!.replica.machines).toBe(1);
    }
  });
});

describe('a load is rejected', () => {
  test('if its model is larger than the memory of the machine', () => {
    const load = large({ inputTokens: 1000, outputTokens: 1000 });
    const error = errorOf(() => endpointIn(new Stack(new App(), 'Test', REGION), { load }));
    expect(problemsOf(error)).toEqual(['MemoryTooSmall models.chat.accelerators']);
    expect(error.message).toMatch(/Llama-3.3-70B and one request fit in 44.7 GiB per accelerator of ml.g6e.xlarge/);
  });

  test('if its latency target is below what the memory bandwidth allows', () => {
    expect(rejected({ load: chatLoad({ tpotMs: 10 }) })).toEqual(['LatencyImpossible load.tpotMs']);
  });

  test('if it exceeds the concurrency of the maximum number of copies', () => {
    const load = chatLoad({ requestsPerSecond: undefined, concurrency: 1000 });
    expect(rejected({ load, scaling: { maxReplicas: 2 } })).toEqual(['ConcurrencyTooHigh scaling.maxReplicas']);
  });

  test('on a machine with a chip that is defined by hand', () => {
    const chip = { ...AwsMachine.G6E_XLARGE.chip };
    const machine = AwsMachine.of('g9.xlarge', { ...AwsMachine.G6E_XLARGE.spec, chip });
    expect(rejected({ machine, load: chatLoad() })).toEqual(['ChipUnplanned load']);
  });

  test('with an invalid price', () => {
    const price = { machine: 'ml.g6e.xlarge', market: 'on-demand', usdPerHour: -1 } as const;
    expect(rejected({ load: chatLoad(), prices: Prices.of([price]) })).toEqual([
      'PriceInvalid prices.overrides[0].usdPerHour',
    ]);
  });
});

describe('the cost', () => {
  test('uses the price of SageMaker, which is higher than the price of EC2', () => {
    const { plan } = synthEndpoint({ load: chatLoad({ requestsPerSecond: 1 }) }).endpoint;
    const cost = plan!.costs.find(({ chosen }) => chosen)!;
    expect(cost.price).toMatchObject({ usdPerHour: 2.61, region: 'us-east-1', date: '2026-09-27' });
    expect(cost.usdPerMonth).toBeCloseTo(730 * 2.61);
  });

  test('is unknown without a price of SageMaker, and never the price of EC2', () => {
    const { endpoint, stack } = synthEndpoint((at) => ({
      ...on(AwsMachine.P5EN_48XLARGE)(at),
      load: large({ inputTokens: 1000, outputTokens: 1000 }),
    }));
    expect(endpoint.plan!.costs.find(({ chosen }) => chosen)!.price).toBeUndefined();
    expect(findingsOf(stack).map(({ id }) => id)).toContain('cost/price');
  });

  test('uses your own price before the price of the catalog', () => {
    const prices = Prices.of([{ machine: 'ml.g6e.xlarge', market: 'on-demand', usdPerHour: 2 }]);
    const { plan } = synthEndpoint({ load: chatLoad(), prices }).endpoint;
    expect(plan!.costs.find(({ chosen }) => chosen)!.price?.usdPerHour).toBe(2);
  });
});

test('writes the plan next to the template, with the cost of other machines', () => {
  const app = new App();
  synthEndpoint({ load: chatLoad({ requestsPerSecond: 1 }) }, REGION, app);
  const { directory } = app.synth();
  const report = readFileSync(join(directory, 'ai-infra-report.md'), 'utf8');
  expect(report).toContain('# Serving of Llama-3.1-8B on 1 × ml.g6e.xlarge');
  expect(report).toContain('## Alternatives');
  rmSync(directory, { recursive: true });
});

/** Maximum ratio between a median of the planner and a published figure: see docs/accuracy.md. */
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

describe('the planned throughput of a copy matches published runs', () => {
  test('on two H200 with 1000 tokens in and out: 5174 per second (TensorRT-LLM)', () => {
    const rate = plannedRate({ chip: 'H200', count: 2, isl: 1000, osl: 1000 });
    expect(Math.max(rate / 5174, 5174 / rate)).toBeLessThan(TOLERANCE);
  });

  test('for every run of that model on a machine that SageMaker hosts', () => {
    const rows = dataFile<Row>('inference-runs.json').rows.filter(
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
