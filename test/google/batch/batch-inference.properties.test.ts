import * as fc from 'fast-check';
import {
  BatchInferencePlatform,
  Capacity,
  GoogleMachine,
  Installation,
  ServingServer,
} from 'ai-infra-constructs/google';
import { BATCH_INFERENCE_PROPS } from '../../../lib/google/prop-schemas';
import { refusesJunkInEach } from '../../junk';
import { at } from '../../kubernetes/at';
import { unlessRefused } from '../../refusals';
import { objectOf } from '../kubernetes-inference/support';
import { newStack } from '../support';
import { type Changes, hub, PROPS, synth } from './support';

const OWN_IMAGE = ServingServer.vllm({ image: 'example.com/vllm:1' });

const choices = fc.record({
  machine: fc.constantFrom(...GoogleMachine.all),
  maxMachines: fc.integer({ min: 0, max: 40 }),
  acceleratorsPerReplica: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
  toleratedFailurePercent: fc.integer({ min: -1, max: 101 }),
  capacity: fc.constantFrom(undefined, Capacity.spot(), Capacity.onDemand(), Capacity.flexStart()),
  inputPrefix: fc.constantFrom('', 'a/', 'a/b/', 'a', '/a/'),
});

function made(changes: Changes): ReturnType<typeof synth> | undefined {
  return unlessRefused(() => synth({ installation: Installation.gitOps(), ...changes }));
}

test('accepted props fill the machines with pods, and rejected props have a code', () => {
  let accepted = 0;
  fc.assert(
    fc.property(choices, fc.double({ min: 0.5, max: 400, noNaN: true }), (props, sizeGiB) => {
      const built = made({ ...props, model: hub(sizeGiB), server: OWN_IMAGE });
      if (!built) return;
      accepted++;
      const { acceleratorsPerReplica, replicas, bundle } = built.inference;
      const all = props.maxMachines * props.machine.spec.accelerators;
      expect(replicas * acceleratorsPerReplica).toBeLessThanOrEqual(all);
      expect((replicas + props.maxMachines) * acceleratorsPerReplica).toBeGreaterThan(all);
      const job = at(objectOf(bundle.manifests, 'CronJob'), 'spec.jobTemplate.spec') as Record<string, number>;
      expect(job.completions).toBe(replicas);
      expect(job.maxFailedIndexes).toBeLessThanOrEqual(replicas);
    }),
    { numRuns: 120 },
  );
  expect(accepted).toBeGreaterThan(10);
});

refusesJunkInEach(
  BATCH_INFERENCE_PROPS,
  (change) => {
    made(change);
    const { input, inputPrefix, results, ...workflow } = { ...PROPS, ...change };
    return new BatchInferencePlatform(newStack(), 'P', { workflow, input, inputPrefix, results } as never);
  },
  { numRuns: 120 },
);
