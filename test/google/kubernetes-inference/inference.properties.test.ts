import * as fc from 'fast-check';
import {
  Capacity,
  GoogleMachine,
  Installation,
  type KubernetesInference,
  ServingIngress,
  ServingScaling,
  ServingServer,
} from 'ai-infra-constructs/google';
import { KUBERNETES_INFERENCE_PROPS } from '../../../lib/google/prop-schemas';
import { plannedMachine } from '../../../lib/google/machine/planned-machine';
import { refusesJunkInEach } from '../../junk';
import { at } from '../../kubernetes/at';
import { unlessRefused } from '../../refusals';
import { ZONE } from '../support';
import { type Changes, hub, objectOf, synth } from './support';

const OWN_IMAGE = ServingServer.vllm({ image: 'example.com/vllm:1' });

const choices = fc.record({
  machine: fc.constantFrom(...GoogleMachine.all),
  sizeGiB: fc.double({ min: 0.5, max: 1500, noNaN: true }),
  acceleratorsPerReplica: fc.option(fc.integer({ min: -1, max: 40 }), { nil: undefined }),
  replicas: fc.integer({ min: 0, max: 12 }),
  capacity: fc.constantFrom(
    undefined,
    Capacity.spot(),
    Capacity.spot({ fallback: Capacity.onDemand() }),
    Capacity.flexStart(),
    Capacity.reservation('r'),
  ),
  ingress: fc.constantFrom(undefined, ServingIngress.inferenceGateway()),
});

function made(changes: Changes): ReturnType<typeof synth> | undefined {
  return unlessRefused(() => synth({ installation: Installation.gitOps(), ...changes }));
}

const memoryOf = ({ acceleratorsPerReplica }: KubernetesInference, machine: GoogleMachine) =>
  acceleratorsPerReplica * plannedMachine(machine).acceleratorMemoryGiB;

test('accepted props fit the weights on enough nodes, and rejected props have a code', () => {
  let accepted = 0;
  fc.assert(
    fc.property(choices, ({ sizeGiB, replicas, ...rest }) => {
      const built = made({ ...rest, model: hub(sizeGiB), scaling: ServingScaling.fixed(replicas), server: OWN_IMAGE });
      if (!built) return;
      accepted++;
      const { inference } = built;
      expect(memoryOf(inference, rest.machine)).toBeGreaterThanOrEqual(sizeGiB);
      const several = inference.acceleratorsPerReplica > rest.machine.spec.accelerators;
      const workload = objectOf(
        inference.bundle.manifests.filter(({ metadata: { name } }) => name === 'chat'),
        several ? 'LeaderWorkerSet' : 'Deployment',
      );
      expect(at(workload, 'spec.replicas')).toBe(replicas);
      const accelerators = inference.nodePool.nodes * rest.machine.spec.accelerators;
      expect(accelerators).toBeGreaterThanOrEqual(replicas * inference.acceleratorsPerReplica);
      expect(inference.nodes!.fallback !== undefined).toBe(rest.capacity?.fallback !== undefined);
    }),
    { numRuns: 80 },
  );
  expect(accepted).toBeGreaterThan(10);
});

refusesJunkInEach(KUBERNETES_INFERENCE_PROPS, (change) => made({ zone: ZONE, ...change }), { numRuns: 150 });
