import fc from 'fast-check';
import {
  AwsMachine,
  Installation,
  KubernetesInference,
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
    rootVolumeGiB: 'optional',
    volumeKey: 'optional',
    vpc: 'optional',
    availabilityZones: 'optional',
    controlPlaneSubnets: 'optional',
    cluster: 'optional',
    systemLabels: 'optional',
    existingCharts: 'optional',
    addonVersions: 'optional',
    kubernetesVersion: 'optional',
    endpointAccess: 'optional',
    admins: 'optional',
    installation: 'optional',
    encryptionKey: 'optional',
    prices: 'optional',
    pricesAsOf: 'optional',
  },
};

const PROPS = Object.keys(SUBJECT.kinds);

/** Of the hostile values, what each prop takes: texts and numbers that are right, and what says nothing. */
const TAKEN: Readonly<Record<string, readonly string[]>> = {
  acceleratorsPerReplica: ['3'],
  subnets: ['{}', '{ a: null }', 'an object without prototype'],
  name: ["'text'"],
  namespace: ["'text'"],
  // Read of a new VPC alone.
  availabilityZones: ['[]', "['text']"],
  controlPlaneSubnets: ['{}', '{ a: null }', 'an object without prototype'],
  existingCharts: ['[]'],
  addonVersions: ['{}', 'an object without prototype'],
  admins: ['[]'],
  prices: ['[]'],
  // Read of a load alone.
  pricesAsOf: ["'text'", 'a token text'],
};

test.each(PROPS)('%s takes a value or refuses it with a code, and builds nothing then', (prop) => {
  const taken = HOSTILE.filter(([, value]) => outcome(SUBJECT, replace(prop, value)) === 'accepted').map(
    ([name]) => name,
  );
  expect(taken).toEqual(TAKEN[prop] ?? []);
});

test('props that are none are refused', () => {
  for (const [, value] of HOSTILE) expect(outcome(SUBJECT, () => value)).not.toBe('accepted');
});

test('what is optional may be left out, and what is required may not', () => {
  for (const [prop, kind] of Object.entries(SUBJECT.kinds)) {
    const got = outcome(SUBJECT, replace(prop, undefined));
    if (kind === 'optional' && prop !== 'installation') expect([prop, got]).toEqual([prop, 'accepted']);
    if (kind === 'required') expect(got).not.toBe('accepted');
  }
});

test('several at once are refused with a code, too', () => {
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
  'ServingScaling.keda({ prometheus: x })': (x) => ServingScaling.keda({ most: 2, prometheus: x }),
  'ServingScaling.keda({ wakeUp: x })': (x) => ServingScaling.keda({ most: 2, wakeUp: x }),
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

test.each(Object.entries(CHOICES))('%s takes a value or refuses it with a code', (_, make) => {
  const refused = HOSTILE.filter(([, value]) => {
    try {
      make(value as never);
      return false;
    } catch (error) {
      if (!AiInfraError.isAiInfraError(error)) throw error;
      return true;
    }
  });
  expect(refused.map(([name]) => name)).toEqual(expect.arrayContaining(['null', 'a function', 'a symbol']));
});
