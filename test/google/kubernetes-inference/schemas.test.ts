import {
  Capacity,
  GoogleMachine,
  ServingCache,
  ServingIngress,
  ServingModel,
  ServingScaling,
  ServingServer,
} from 'ai-infra-constructs/google';
import { manifestFaults, schemaTest, valueFaults } from '../../kubernetes/schemas';
import { type Changes, chat, hub, SHA, synth } from './support';

const keda = ServingScaling.keda({ maxReplicas: 4, targetConcurrency: 8 });
const several = (machine: GoogleMachine): Changes => ({
  machine,
  capacity: Capacity.reservation('r'),
  model: hub(1000),
});

const CASES: Readonly<Record<string, Changes>> = {
  'only a model': {},
  'a load': { load: chat() },
  'KEDA with a load balancer': {
    scaling: keda,
    ingress: ServingIngress.internalLoadBalancer({ clientCidrs: ['10.0.0.0/8'] }),
  },
  'an inference gateway': {
    ingress: ServingIngress.inferenceGateway({ certificate: 'chat', hostnames: ['chat.example.com'] }),
  },
  'an existing gateway': {
    ingress: ServingIngress.gateway({
      gateway: { name: 'inference', namespace: 'gateways' },
      endpointPicker: { name: 'picker', port: 9002 },
      priority: 1,
    }),
  },
  'a model in a bucket': {
    model: ServingModel.bucket({ name: 'models' }, { prefix: 'chat/v3', sha256: SHA, sizeGiB: 15 }),
    cache: ServingCache.volume('cache'),
  },
  'spot capacity with a fallback': { capacity: Capacity.spot({ fallback: Capacity.onDemand() }) },
  'several machines over TCPX': several(GoogleMachine.A3_HIGHGPU_8G),
  'several machines over TCPXO': several(GoogleMachine.A3_MEGAGPU_8G),
  'several machines over RDMA': { ...several(GoogleMachine.A3_ULTRAGPU_8G), model: hub(2000) },
  'several machines with scaling': {
    ...several(GoogleMachine.A3_MEGAGPU_8G),
    capacity: Capacity.spot(),
    scaling: keda,
  },
  'the Google metrics adapter': { scaling: ServingScaling.hpa({ maxReplicas: 4, targetConcurrency: 8 }) },
  'Triton from a volume': {
    model: ServingModel.volume('models', { sizeGiB: 15, path: 'chat' }),
    server: ServingServer.triton(),
  },
  TPUs: { machine: GoogleMachine.CT6E_STANDARD_8T, server: ServingServer.vllm({ image: 'example.com/vllm-tpu:1' }) },
};

describe.each(Object.entries(CASES))('%s', (_title, changes) => {
  schemaTest('creates objects and chart values that match their schemas', () => {
    const { releases, manifests } = synth(changes).inference.bundle;
    const faults = manifests.flatMap((one) => manifestFaults(one).map((fault) => `${one.kind}: ${fault}`));
    expect([...faults, ...releases.flatMap(valueFaults)]).toEqual([]);
  });
});
