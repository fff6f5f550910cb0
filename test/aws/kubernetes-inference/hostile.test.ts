import fc from 'fast-check';
import {
  AwsMachine,
  Installation,
  KubernetesInference,
  KubernetesInferenceObservability,
  type KubernetesInferenceObservabilityProps,
  type KubernetesInferenceProps,
  ServingCache,
  ServingIngress,
  ServingModel,
  ServingNodes,
  ServingScaling,
  ServingServer,
} from 'ai-infra-constructs/aws';
import { AiInfraError } from 'ai-infra-constructs';
import { HOSTILE, outcome, replace, type Subject } from '../hostile';
import { hub } from './support';

const SUBJECT: Subject<KubernetesInferenceProps> = {
  make: (...given) => new KubernetesInference(...given),
  props: ({ vpc }) => ({ vpc, machine: AwsMachine.G6E_12XLARGE, model: hub(), installation: Installation.gitOps() }),
  kinds: {
    machine: 'required',
    model: 'required',
    server: 'optional',
    load: 'optional',
    acceleratorsPerReplica: 'optional',
    scaling: 'optional',
    nodes: 'optional',
    capacity: 'optional',
    subnets: 'optional',
    ingress: 'optional',
    cache: 'optional',
    name: 'optional',
    namespace: 'optional',
    nodeOptions: 'optional',
    vpc: 'optional',
    availabilityZones: 'optional',
    cluster: 'optional',
    installation: 'optional',
    prices: 'optional',
  },
};

const PROPS = Object.keys(SUBJECT.kinds);

const OBSERVABILITY: Subject<KubernetesInferenceObservabilityProps> = {
  make: (...given) => new KubernetesInferenceObservability(...given),
  props: (place) => ({ endpoint: new KubernetesInference(place.stack, 'Endpoint', SUBJECT.props(place)) }),
  kinds: { endpoint: 'required', alertTopic: 'optional' },
};

/** Hostile values that each prop accepts. */
const ACCEPTED: Readonly<Record<string, readonly string[]>> = {
  acceleratorsPerReplica: ['3'],
  nodeOptions: ['{}', 'an object without prototype'],
  subnets: ['{}', 'an object without prototype'],
  name: ["'text'"],
  namespace: ["'text'"],
  // Used only for a new VPC.
  availabilityZones: ['[]', "['text']"],
};

test.each(PROPS)('%s accepts a value, or rejects it with a code and creates nothing', (prop) => {
  const accepted = HOSTILE.filter(([, value]) => outcome(SUBJECT, replace(prop, value)) === 'accepted').map(
    ([name]) => name,
  );
  expect(accepted).toEqual(ACCEPTED[prop] ?? []);
});

test('rejects values that are not props', () => {
  for (const [, value] of HOSTILE) expect(outcome(SUBJECT, () => value)).not.toBe('accepted');
});

test('requires the required props, and does not require the optional ones', () => {
  for (const [prop, kind] of Object.entries(SUBJECT.kinds)) {
    const got = outcome(SUBJECT, replace(prop, undefined));
    if (kind === 'optional' && prop !== 'installation') expect([prop, got]).toEqual([prop, 'accepted']);
    if (kind === 'required') expect(got).not.toBe('accepted');
  }
});

test.each(Object.keys(OBSERVABILITY.kinds))('the alarms of a model reject each hostile %s with a code', (prop) => {
  for (const [name, value] of HOSTILE)
    expect([name, outcome(OBSERVABILITY, replace(prop, value))]).toEqual([name, expect.any(Array)]);
});

test('rejects several wrong values with a code', () => {
  const values = fc.constantFrom(...HOSTILE.map(([, value]) => value));
  const changes = fc.dictionary(fc.constantFrom(...PROPS), values, { minKeys: 2, maxKeys: 4, noNullPrototype: true });
  fc.assert(
    fc.property(changes, (change) => {
      outcome(SUBJECT, (props) => ({ ...props, ...change }));
    }),
    { numRuns: 60 },
  );
});

type Untyped = (value: never) => unknown;

const CHOICES: Readonly<Record<string, Untyped>> = {
  'ServingServer.vllm(x)': (x) => ServingServer.vllm(x),
  'ServingServer.vllm({ args: x })': (x) => ServingServer.vllm({ args: x }),
  'ServingServer.vllm({ env: x })': (x) => ServingServer.vllm({ env: x }),
  'ServingServer.triton(x)': (x) => ServingServer.triton(x),
  'ServingScaling.fixed(x)': (x) => ServingScaling.fixed(x),
  'ServingScaling.keda(x)': (x) => ServingScaling.keda(x),
  'ServingScaling.keda({ prometheus: x })': (x) => ServingScaling.keda({ maxReplicas: 2, prometheus: x }),
  'ServingScaling.keda({ activation: x })': (x) => ServingScaling.keda({ maxReplicas: 2, activation: x }),
  'ServingScaling.hpa(x)': (x) => ServingScaling.hpa(x),
  'ServingNodes.karpenter(x)': (x) => ServingNodes.karpenter(x),
  'ServingCache.node(x)': (x) => ServingCache.node(x),
  'ServingCache.volume(x)': (x) => ServingCache.volume(x),
  'ServingIngress.internalLoadBalancer(x)': (x) => ServingIngress.internalLoadBalancer(x),
  'ServingIngress.internalLoadBalancer({ clients: x })': (x) => ServingIngress.internalLoadBalancer({ clients: x }),
  'ServingIngress.gateway(x)': (x) => ServingIngress.gateway(x),
  'ServingModel.artifact(x)': (x) => ServingModel.artifact(x),
  'ServingModel.huggingFace(x, …)': (x) => ServingModel.huggingFace(x, { revision: 'b'.repeat(40), sizeGiB: 1 }),
  'ServingModel.huggingFace(…, x)': (x) => ServingModel.huggingFace('a/b', x),
  'ServingModel.volume(x, …)': (x) => ServingModel.volume(x, { sizeGiB: 1 }),
  'ServingModel.volume(…, x)': (x) => ServingModel.volume('a', x),
};

test.each(Object.entries(CHOICES))('%s accepts a value, or rejects it with a code', (_, make) => {
  const rejected = HOSTILE.filter(([, value]) => {
    try {
      make(value as never);
      return false;
    } catch (error) {
      if (!AiInfraError.isAiInfraError(error)) throw error;
      return true;
    }
  });
  expect(rejected.map(([name]) => name)).toEqual(expect.arrayContaining(['null', 'a function', 'a symbol']));
});
