import { Template } from 'aws-cdk-lib/assertions';
import { Stack } from 'aws-cdk-lib';
import fc from 'fast-check';
import { AwsMachine, type KubernetesInference, ServingNodes, ServingScaling } from 'ai-infra-constructs/aws';
import { at } from '../../kubernetes/at';
import { unlessRefused } from '../../refusals';
import { hub, inference, objectOf } from './support';

const choices = fc.record({
  machine: fc.constantFrom(...AwsMachine.all),
  sizeGiB: fc.double({ min: 0.5, max: 1500, noNaN: true }),
  acceleratorsPerReplica: fc.option(fc.integer({ min: -1, max: 40 }), { nil: undefined }),
  replicas: fc.integer({ min: 0, max: 12 }),
  nodes: fc.constantFrom(undefined, ServingNodes.karpenter(), ServingNodes.managed()),
});

type Choices = typeof choices extends fc.Arbitrary<infer C> ? C : never;

function make({ sizeGiB, replicas, ...rest }: Choices): KubernetesInference | undefined {
  return unlessRefused(() => inference({ ...rest, model: hub(sizeGiB), scaling: ServingScaling.fixed(replicas) }));
}

test('every accepted combination synthesizes and holds its weights, and every rejected one has a code', () => {
  let accepted = 0;
  fc.assert(
    fc.property(choices, (given) => {
      const of = make(given);
      if (!of) return;
      accepted++;
      Template.fromStack(Stack.of(of));
      expect(of.acceleratorsPerReplica * given.machine.spec.acceleratorMemoryGiB).toBeGreaterThanOrEqual(given.sizeGiB);
      const several = of.acceleratorsPerReplica > Math.ceil(given.machine.spec.accelerators);
      const workload = objectOf(of, several ? 'LeaderWorkerSet' : 'Deployment');
      expect(at(workload, 'spec.replicas')).toBe(given.replicas);
      expect(of.karpenter === undefined).toBe(of.nodeGroup !== undefined);
      if (several) expect(of.nodeGroup).toBeDefined();
    }),
    { numRuns: 60 },
  );
  expect(accepted).toBeGreaterThan(10);
});
