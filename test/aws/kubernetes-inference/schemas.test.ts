import { App, Stack } from 'aws-cdk-lib';
import {
  AwsMachine,
  Capacity,
  Installation,
  KubernetesInference,
  ServingCache,
  ServingIngress,
  ServingModel,
  ServingNodes,
  ServingScaling,
  ServingServer,
} from 'ai-infra-constructs/aws';
import { manifestFaults, schemaTest, valueFaults } from '../../kubernetes/schemas';
import { artifact, type Changes, chat, hub, inference, PRICED } from './support';

const P5 = { machine: AwsMachine.P5_48XLARGE, availabilityZones: ['us-east-1a', 'us-east-1b'] };
const zone = { availabilityZone: 'us-east-1a' };
const keda = ServingScaling.keda({ maxReplicas: 4, targetConcurrency: 8 });

const VARIANTS: Readonly<Record<string, Changes>> = {
  'only a model': {},
  'a load': { load: chat() },
  'KEDA behind a load balancer': { scaling: keda, ingress: ServingIngress.internalLoadBalancer() },
  'a gateway': {
    ingress: ServingIngress.gateway({
      gateway: { name: 'inference', namespace: 'gateways' },
      endpointPicker: { name: 'picker', port: 9002 },
      hostnames: ['chat.example.com'],
      priority: 1,
    }),
  },
  'spot with a fallback': { capacity: Capacity.spot({ fallback: Capacity.onDemand() }) },
  'a new reservation': { capacity: Capacity.newReservation({ confirm: 'costs until deleted' }) },
  'several machines in a capacity block': {
    ...P5,
    acceleratorsPerReplica: 16,
    capacity: Capacity.capacityBlock('cr-0123456789abcdef0', zone),
  },
  'several machines that scale': { ...P5, acceleratorsPerReplica: 16, scaling: keda },
  'a managed node group': { nodes: ServingNodes.managed() },
  'Triton from a volume': {
    model: ServingModel.volume('models', { sizeGiB: 15, path: 'chat' }),
    server: ServingServer.triton(),
  },
  'a cache on the node': { cache: ServingCache.node(), nodes: ServingNodes.karpenter({ imageVersion: 'v20261105' }) },
  Inferentia: { machine: AwsMachine.INF2_48XLARGE, server: ServingServer.vllm({ image: 'example.com/vllm-neuron:1' }) },
};

/** The bundle with values of a deployment, because the patterns of the schemas do not allow variables. */
function deployed(of: KubernetesInference): KubernetesInference['bundle'] {
  const values: Record<string, string> = {
    NODE_SECURITY_GROUP: 'sg-0a',
    CAPACITY_RESERVATION: 'cr-0a',
    VPC_CIDR: '10.0.0.0/16',
  };
  const text = JSON.stringify(of.bundle).replace(/\$\{([A-Z0-9_]+)\}/g, (_, name: string) =>
    name.startsWith('SUBNET_') ? 'subnet-0a' : (values[name] ?? 'value'),
  );
  return JSON.parse(text) as KubernetesInference['bundle'];
}

describe.each(Object.entries(VARIANTS))('%s', (_, changes) => {
  schemaTest('renders manifests and chart values that match the published schemas', () => {
    const { manifests, releases } = deployed(inference({ model: hub(), ...changes }));
    for (const manifest of manifests) {
      expect([manifest.kind, ...manifestFaults(manifest)]).toEqual([manifest.kind]);
    }
    for (const release of releases) expect([release.chart, ...valueFaults(release)]).toEqual([release.chart]);
  });
});

schemaTest('renders manifests that match the published schemas for a model in a bucket', () => {
  const stack = new Stack(new App(), 'Test', PRICED);
  const of = new KubernetesInference(stack, 'Chat', {
    machine: AwsMachine.G6E_12XLARGE,
    model: artifact(stack),
    installation: Installation.gitOps(),
  });
  expect(deployed(of).manifests.flatMap(manifestFaults)).toEqual([]);
});
