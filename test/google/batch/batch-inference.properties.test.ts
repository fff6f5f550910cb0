import * as fc from 'fast-check';
import {
  BatchInferencePlatform,
  Capacity,
  GoogleMachine,
  Installation,
  ServingServer,
} from 'ai-infra-constructs/google';
import { BATCH_INFERENCE } from '../../../lib/google/batch/batch-inference-props';
import { refusesJunkInEach } from '../../junk';
import { at } from '../../kubernetes/at';
import { unlessRefused } from '../../refusals';
import { objectOf } from '../kubernetes-inference/support';
import { newStack } from '../support';
import { type Changes, hub, PROPS, synth } from './support';

const OWN_IMAGE = ServingServer.vllm({ image: 'example.com/vllm:1' });

const choices = fc.record({
  machine: fc.constantFrom(...GoogleMachine.all),
  mostMachines: fc.integer({ min: 0, max: 40 }),
  acceleratorsPerReplica: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
  toleratedFailurePercent: fc.integer({ min: -1, max: 101 }),
  capacity: fc.constantFrom(undefined, Capacity.spot(), Capacity.onDemand(), Capacity.flexStart()),
  inputPrefix: fc.constantFrom('', 'a/', 'a/b/', 'a', '/a/'),
});

function made(changes: Changes): ReturnType<typeof synth> | undefined {
  return unlessRefused(() => synth({ installation: Installation.gitOps(), ...changes }));
}

test('pods fill the machines and no more, and tolerate no more failures than there are pods; what is refused has a code', () => {
  let accepted = 0;
  fc.assert(
    fc.property(choices, fc.double({ min: 0.5, max: 400, noNaN: true }), (given, sizeGiB) => {
      const built = made({ ...given, model: hub(sizeGiB), server: OWN_IMAGE });
      if (!built) return;
      accepted++;
      const { acceleratorsPerReplica, replicas, bundle } = built.inference;
      const all = given.mostMachines * given.machine.spec.accelerators;
      expect(replicas * acceleratorsPerReplica).toBeLessThanOrEqual(all);
      expect((replicas + given.mostMachines) * acceleratorsPerReplica).toBeGreaterThan(all);
      const job = at(objectOf(bundle.manifests, 'CronJob'), 'spec.jobTemplate.spec') as Record<string, number>;
      expect(job.completions).toBe(replicas);
      expect(job.maxFailedIndexes).toBeLessThanOrEqual(replicas);
    }),
    { numRuns: 120 },
  );
  expect(accepted).toBeGreaterThan(10);
});

refusesJunkInEach(
  BATCH_INFERENCE,
  (change) => {
    made(change);
    return new BatchInferencePlatform(newStack(), 'P', { ...PROPS, ...change } as never);
  },
  { numRuns: 120 },
);
