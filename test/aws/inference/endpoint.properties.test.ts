import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import fc from 'fast-check';
import { AiInfraError } from 'ai-infra-constructs';
import {
  AwsMachine,
  EndpointKind,
  EndpointRouting,
  EndpointUpdate,
  GatewayAuthorization,
  GatewayExposure,
  InferenceEndpoint,
  type InferenceEndpointProps,
  InferenceObservability,
  type PlatformGatewayOptions,
  RealtimeInferencePlatform,
  RealtimeServing,
  type SageMakerServingOptions,
} from 'ai-infra-constructs/aws';
import { SAGEMAKER_HOSTING } from '../../../lib/core/catalog/sagemaker-hosting';
import { HOSTILE, outcome, type Subject } from '../hostile';
import { type Json, REGION } from '../support';
import { answersIn, artifactIn, endpointIn, modelIn } from './endpoint-support';

const { timeoutSeconds, volumeGB } = SAGEMAKER_HOSTING;

const kinds = fc.constantFrom('components', 'variants', 'asynchronous');

const changes = fc.record({
  kind: kinds,
  machine: fc.constantFrom(...AwsMachine.all.filter(({ isNeuron }) => !isNeuron)),
  sizeGB: fc.oneof(
    { weight: 3, arbitrary: fc.double({ min: 0.01, max: 20, noNaN: true }) },
    fc.double({ min: 20, max: 2_000, noNaN: true }),
  ),
  accelerators: fc.option(fc.integer({ min: -1, max: 9 }), { nil: undefined, freq: 2 }),
  minReplicas: fc.option(fc.integer({ min: -1, max: 6 }), { nil: undefined }),
  maxReplicas: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
  target: fc.option(fc.integer({ min: 0, max: 300 }), { nil: undefined }),
  percent: fc.integer({ min: 2, max: 55 }),
  minutes: fc.integer({ min: 0, max: 70 }),
});

type Change = typeof changes extends fc.Arbitrary<infer C> ? C : never;

function propsOf(stack: Stack, change: Change): Partial<InferenceEndpointProps> {
  const { machine, sizeGB, accelerators, minReplicas, maxReplicas, target, percent, minutes } = change;
  const kind = {
    components: () => EndpointKind.components(),
    variants: () => EndpointKind.variants(),
    asynchronous: () => EndpointKind.asynchronous({ output: answersIn(stack) }),
  }[change.kind as 'components']();
  return {
    kind,
    machine,
    models: { chat: modelIn(stack, { accelerators, artifact: artifactIn(stack, { sizeGB }) }) },
    scaling: { minReplicas, maxReplicas, targetConcurrency: target },
    update: EndpointUpdate.rolling({ percent, watch: Duration.minutes(minutes) }),
  };
}

test('every combination of props gives an endpoint within the limits of SageMaker, or a coded error', () => {
  let accepted = 0;
  fc.assert(
    fc.property(changes, (change) => {
      const stack = new Stack(new App(), 'Test', REGION);
      let endpoint: InferenceEndpoint;
      try {
        endpoint = endpointIn(stack, (at) => propsOf(at, change));
      } catch (error) {
        if (!AiInfraError.isAiInfraError(error)) throw error;
        expect(stack.node.tryFindChild('Chat')?.node.children).toEqual([]);
        return;
      }
      accepted += 1;
      expectLegal(stack, endpoint);
    }),
    { numRuns: 200 },
  );
  expect(accepted).toBeGreaterThan(20);
});

function expectLegal(stack: Stack, endpoint: InferenceEndpoint): void {
  const { Resources } = Template.fromStack(stack).toJSON() as { Resources: Record<string, Json> };
  const all = (type: string) =>
    Object.values(Resources).flatMap(({ Type, Properties }) => (Type === type ? [Properties] : []));
  const [config] = all('AWS::SageMaker::EndpointConfig');
  const [variant] = config.ProductionVariants as [Json];
  expect(variant.InitialInstanceCount).toBeGreaterThanOrEqual(1);
  const fleet = variant.ManagedInstanceScaling;
  if (fleet) {
    expect(fleet.MinInstanceCount).toBeLessThanOrEqual(variant.InitialInstanceCount as number);
    expect(fleet.MaxInstanceCount).toBeGreaterThanOrEqual(variant.InitialInstanceCount as number);
  }
  if (variant.VolumeSizeInGB !== undefined) expect(variant.VolumeSizeInGB).toBeLessThanOrEqual(volumeGB.max);
  for (const { Specification } of all('AWS::SageMaker::InferenceComponent')) {
    const { NumberOfAcceleratorDevicesRequired: accelerators } = Specification.ComputeResourceRequirements;
    expect(accelerators).toBeGreaterThanOrEqual(1);
    expectTimes(Specification.StartupParameters);
  }
  if (variant.ModelName) expectTimes(variant);
  for (const { MinCapacity, MaxCapacity } of all('AWS::ApplicationAutoScaling::ScalableTarget')) {
    expect(MinCapacity).toBeLessThan(MaxCapacity as number);
    if (MinCapacity === 0) expect(endpoint.kind.scalesToZero).toBe(true);
  }
  expect(config.KmsKeyId === undefined).toBe(endpoint.volumeKey === undefined);
}

function expectTimes(times: Json): void {
  for (const seconds of [
    times.ModelDataDownloadTimeoutInSeconds,
    times.ContainerStartupHealthCheckTimeoutInSeconds,
  ] as number[]) {
    expect(seconds).toBeGreaterThanOrEqual(timeoutSeconds.min);
    expect(seconds).toBeLessThanOrEqual(timeoutSeconds.max);
  }
}

test('no option changes the name of the endpoint or the logical ids of named resources', () => {
  const ids = (change: Partial<InferenceEndpointProps>) => {
    const stack = new Stack(new App(), 'Test', REGION);
    const { endpointName } = endpointIn(stack, change);
    const template = Template.fromStack(stack);
    const found = ['Endpoint', 'InferenceComponent'].flatMap((type) =>
      Object.keys(template.findResources(`AWS::SageMaker::${type}`)),
    );
    return [endpointName, ...found];
  };
  const usual = ids({});
  for (const change of [
    { machine: AwsMachine.P5_48XLARGE },
    { scaling: { minReplicas: 0, maxReplicas: 9 } },
    { routing: EndpointRouting.random(), isolated: false },
  ]) {
    expect(ids(change)).toEqual(usual);
  }
});

const COST = { project: 'a', team: 'b', environment: 'c', costCenter: 'd', owner: 'e' };

const KINDS: Subject<InferenceEndpointProps>['kinds'] = {
  models: 'required',
  machine: 'required',
  kind: 'optional',
  load: 'optional',
  scaling: 'optional',
  routing: 'optional',
  update: 'optional',
  vpc: 'optional',
  subnets: 'optional',
  isolated: 'optional',
  inferenceAmi: 'optional',
  dataCapture: 'optional',
  encryptionKey: 'optional',
  endpointName: 'optional',
  role: 'optional',
  alertTopic: 'optional',
  prices: 'optional',
};

const endpoint: Subject<InferenceEndpointProps> = {
  make: (...given) => new InferenceEndpoint(...given),
  props: ({ stack }) => ({ models: { chat: modelIn(stack) }, machine: AwsMachine.G6E_XLARGE }),
  kinds: KINDS,
};

const platform: Subject<ConstructorParameters<typeof RealtimeInferencePlatform>[2]> = {
  make: (...given) => new RealtimeInferencePlatform(...given),
  props: (place) => ({
    serving: RealtimeServing.sageMaker(endpoint.props(place)),
    costAllocation: COST,
    monthlyBudgetUsd: 1,
    vpc: place.vpc,
  }),
  kinds: {
    serving: 'required',
    load: 'optional',
    prices: 'optional',
    // Without a VPC the platform creates one, which needs zones.
    vpc: 'optional',
    costAllocation: 'required',
    monthlyBudgetUsd: 'required',
    alertEmails: 'optional',
    dataClass: 'optional',
    availabilityZones: 'optional',
    gateway: 'optional',
  },
};

const GATEWAY = { exposure: GatewayExposure.public(), authorization: GatewayAuthorization.iam() };

/** The options of the endpoint, which the platform validates along with its own props. */
const serving: Subject<SageMakerServingOptions> = {
  make: (scope, id, options) =>
    new RealtimeInferencePlatform(scope, id, {
      serving: RealtimeServing.sageMaker(options),
      costAllocation: COST,
      monthlyBudgetUsd: 1,
    }),
  props: endpoint.props,
  kinds: Object.fromEntries(
    Object.entries(KINDS).filter(([prop]) => !['load', 'prices', 'vpc', 'alertTopic'].includes(prop)),
  ) as Subject<SageMakerServingOptions>['kinds'],
};

let around: ReturnType<typeof platform.props>;

/** The options of the gateway, which the platform validates before it creates anything. */
const platformGateway: Subject<PlatformGatewayOptions> = {
  make: (scope, id, gateway) => new RealtimeInferencePlatform(scope, id, { ...around, gateway }),
  props: (place) => {
    around = platform.props(place);
    return GATEWAY;
  },
  kinds: {
    exposure: 'required',
    authorization: 'required',
    screening: 'optional',
    domain: 'optional',
    responses: 'optional',
    maxBody: 'optional',
    limits: 'optional',
    clients: 'optional',
    logRetention: 'optional',
    cloudWatchRole: 'optional',
    removalPolicy: 'optional',
    model: 'optional',
  },
};

const observability: Subject<ConstructorParameters<typeof InferenceObservability>[2]> = {
  make: (...given) => new InferenceObservability(...given),
  props: ({ stack }) => ({ endpoint: endpointIn(stack) }),
  kinds: { endpoint: 'required', gateway: 'optional', load: 'optional', alertTopic: 'optional' },
};

/** Hostile values that a prop accepts. */
const ACCEPTED: Readonly<Record<string, readonly string[]>> = {
  load: [],
  scaling: ['{}', '{ a: null }', 'an object without prototype'],
  // A subnet selection needs a VPC.
  subnets: ['{}', '{ a: null }', 'an object without prototype'],
  isolated: ['true'],
  limits: ['{}', '{ a: null }', 'an object without prototype'],
  clients: ['{}', 'an object without prototype'],
  logRetention: ['3'],
  cloudWatchRole: ['true'],
  endpointName: ["'text'"],
  prices: [],
};

const subjectOf = <P extends object>(subject: Subject<P>) => subject as unknown as Subject<Record<string, unknown>>;

describe.each(
  Object.entries({
    InferenceEndpoint: subjectOf(endpoint),
    RealtimeInferencePlatform: subjectOf(platform),
    'the endpoint of RealtimeInferencePlatform': subjectOf(serving),
    'the gateway of RealtimeInferencePlatform': subjectOf(platformGateway),
    InferenceObservability: subjectOf(observability),
  }),
)('%s in plain JavaScript', (_, subject) => {
  const replace = (prop: string, value: unknown) => (props: Record<string, unknown>) => ({ ...props, [prop]: value });
  const props = Object.entries(subject.kinds);

  test('accepts the base props', () => {
    expect(outcome(subject, (given) => given)).toBe('accepted');
  });

  test('requires the required props, and does not require the optional ones', () => {
    for (const [prop, kind] of props) {
      const got = outcome(subject, replace(prop, undefined));
      if (kind === 'optional') expect([prop, got]).toEqual([prop, 'accepted']);
      else expect([prop, got !== 'accepted' && got.some((each) => each.includes(prop))]).toEqual([prop, true]);
    }
  });

  test.each(props)('%s: rejects a value of another type by name, with a coded error', (prop) => {
    for (const [name, value] of HOSTILE) {
      const got = outcome(subject, replace(prop, value));
      if (got === 'accepted') {
        expect([prop, name, accepts(prop, name)]).toEqual([prop, name, true]);
        continue;
      }
      expect([prop, name, got.some((each) => each.includes(prop))]).toEqual([prop, name, true]);
    }
  });
});

const NUMBERS = ['3', 'a token number'];

function accepts(prop: string, name: string): boolean {
  if (prop === 'monthlyBudgetUsd') return NUMBERS.includes(name);
  if (prop === 'alertEmails') return name === '[]';
  if (prop === 'availabilityZones') return true;
  return (ACCEPTED[prop] ?? []).includes(name);
}
