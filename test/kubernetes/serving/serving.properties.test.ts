import fc from 'fast-check';
import { AiInfraError } from 'ai-infra-constructs';
import { type KubernetesManifest, modelServing } from '../../../lib/kubernetes';
import { at } from '../at';
import { manifestFaults, schemaTest } from '../schemas';
import { llama, nodes } from './serving';

const sizes = fc.record({
  perNode: fc.constantFrom(1, 2, 4, 8, 16),
  nodes: fc.integer({ min: 0, max: 20 }),
  accelerators: fc.integer({ min: 0, max: 40 }),
  replicas: fc.integer({ min: 0, max: 20 }),
  weightsGiB: fc.double({ min: -1, max: 2000, noNaN: true }),
});

type Sizes = typeof sizes extends fc.Arbitrary<infer S> ? S : never;

function serve({ perNode, nodes: count, accelerators, replicas, weightsGiB }: Sizes): KubernetesManifest[] | undefined {
  try {
    return modelServing(
      llama({
        pool: nodes({ acceleratorsPerNode: perNode, nodes: count }),
        acceleratorsPerReplica: accelerators,
        scale: { kind: 'fixed', replicas },
        weightsGiB,
      }),
    );
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    return undefined;
  }
}

/** Pods of all replicas, and the resources that they request. */
function podsOf(manifests: readonly KubernetesManifest[]): { count: number; requests: Record<string, string> } {
  const one = manifests.find(({ kind }) => kind === 'Deployment' || kind === 'LeaderWorkerSet')!;
  const group = at(one, 'spec.leaderWorkerTemplate');
  const template = group ? at(group, 'workerTemplate') : at(one, 'spec.template');
  const size = group ? Number(at(group, 'size')) : 1;
  return {
    count: size * Number(at(one, 'spec.replicas')),
    requests: at(template, 'spec.containers.0.resources.requests') as Record<string, string>,
  };
}

test('every accepted model fits on the nodes of the pool', () => {
  fc.assert(
    fc.property(sizes, (given) => {
      const manifests = serve(given);
      if (!manifests) return;
      const { count, requests } = podsOf(manifests);
      const accelerators = Number(requests['nvidia.com/gpu']);
      const perNode = Math.floor(given.perNode / accelerators);
      expect(perNode).toBeGreaterThanOrEqual(1);
      expect(Math.ceil(count / perNode)).toBeLessThanOrEqual(given.nodes);
      expect(accelerators * count).toBe(given.accelerators * given.replicas);
      expect(perNode * Number(requests.cpu)).toBeLessThanOrEqual(192);
      expect(perNode * Number.parseInt(requests.memory!, 10)).toBeLessThanOrEqual(2048);
    }),
    { numRuns: 300 },
  );
});

schemaTest('whatever is accepted is valid, and whatever is not has a code', () => {
  let accepted = 0;
  fc.assert(
    fc.property(sizes, (given) => {
      const manifests = serve(given);
      accepted += manifests ? 1 : 0;
      expect((manifests ?? []).flatMap(manifestFaults)).toEqual([]);
    }),
    { numRuns: 400 },
  );
  expect(accepted).toBeGreaterThan(10);
});
