import { type KubernetesManifest, trainingQueue } from '../../lib/kubernetes';
import { at, byName } from './at';
import { gb200, h100, trainium } from './pools';
import { refusalOf } from './problems';
import { manifestFaults, schemaTest } from './schemas';

const POOLS = [
  h100({ name: 'demand' }),
  h100({ name: 'spot', market: 'spot', nodes: 4 }),
  h100({ name: 'block', market: 'reserved', topologyLevels: ['layer-1', 'layer-2'] }),
  trainium(),
  gb200(),
];
const queue = (pools = POOLS) => trainingQueue({ name: 'train', namespace: 'ml', pools });
const ofKind = (manifests: KubernetesManifest[], kind: string) =>
  manifests.filter((manifest) => manifest.kind === kind);
const clusterQueueOf = (manifests: KubernetesManifest[]) => ofKind(manifests, 'ClusterQueue')[0];
const flavorsOf = (pools = POOLS) => ofKind(queue(pools), 'ResourceFlavor');
const flavorNamed = (name: string) => flavorsOf().find(({ metadata }) => metadata.name.startsWith(name));
const quotas = (manifests: KubernetesManifest[]) => {
  const flavors = byName(at(clusterQueueOf(manifests), 'spec.resourceGroups.0.flavors'));
  const quotaOf = (flavor: unknown) =>
    Object.fromEntries(
      (at(flavor, 'resources') as { name: string; nominalQuota: string }[]).map((one) => [one.name, one.nominalQuota]),
    );
  return Object.fromEntries(Object.entries(flavors).map(([name, flavor]) => [name, quotaOf(flavor)]));
};

schemaTest('every object of a queue is valid', () => {
  expect(queue().flatMap(manifestFaults)).toEqual([]);
});

describe('flavors of a queue', () => {
  test('are ordered: reserved, spot, on-demand', () => {
    expect(Object.keys(quotas(queue()))).toEqual([
      expect.stringMatching(/^block-p5-48xlarge-[0-9a-f]{8}$/),
      expect.stringMatching(/^gb200-p6e-gb200-36xlarge-[0-9a-f]{8}$/),
      'spot-p5-48xlarge',
      'demand-p5-48xlarge',
      'trn1-trn1-32xlarge',
    ]);
  });

  test('are all tried before a job is preempted', () => {
    expect(at(clusterQueueOf(queue()), 'spec.flavorFungibility.whenCanPreempt')).toBe('TryNextFlavor');
  });

  test('select the nodes of their pool and tolerate its taints', () => {
    expect(flavorNamed('spot-p5-48xlarge')?.spec).toEqual({
      nodeLabels: { 'ai-infra/pool': 'spot' },
      tolerations: [{ key: 'nvidia.com/gpu', operator: 'Equal', value: 'present', effect: 'NoSchedule' }],
    });
  });
});

describe('a pool with a topology', () => {
  const standing = h100({ topologyLevels: ['a', 'b'] });
  const namesOf = (kind: string, pool: typeof standing) =>
    ofKind(queue([pool]), kind).map(({ metadata }) => metadata.name);

  test.each([
    ['another machine', { machine: 'p6-b200.48xlarge' }],
    ['elastic nodes, which have no topology', { topologyLevels: undefined, market: 'spot' as const }],
    ['other labels', { nodeLabels: { rack: '1' } }],
    ['other taints', { taints: [{ key: 'other', effect: 'NoSchedule' as const }] }],
    ['other topology levels', { topologyLevels: ['a', 'c'] }],
  ])('has a new flavor with %s, because Kueue rejects changes', (_, changes) => {
    expect(namesOf('ResourceFlavor', { ...standing, ...changes })).not.toEqual(namesOf('ResourceFlavor', standing));
  });

  test('has a new topology with other levels, also with the same number of levels', () => {
    for (const topologyLevels of [
      ['a', 'c'],
      ['a', 'b', 'c'],
    ]) {
      expect(namesOf('Topology', { ...standing, topologyLevels })).not.toEqual(namesOf('Topology', standing));
    }
  });

  test('keeps its flavor and its topology if only the number of nodes changes', () => {
    for (const kind of ['ResourceFlavor', 'Topology']) {
      expect(namesOf(kind, { ...standing, nodes: 2 })).toEqual(namesOf(kind, standing));
    }
  });
});

describe('quota of a queue', () => {
  test('is the allocatable resources of the pool', () => {
    expect(quotas(queue())['spot-p5-48xlarge']).toMatchObject({
      cpu: '728',
      'nvidia.com/gpu': '32',
      'vpc.amazonaws.com/efa': '128',
      'hugepages-2Mi': '41024Mi',
    });
  });

  test('is 0 for resources that a pool does not have, in the order of the resource group', () => {
    const manifests = queue();
    const coveredResources = at(clusterQueueOf(manifests), 'spec.resourceGroups.0.coveredResources');
    expect(quotas(manifests)['trn1-trn1-32xlarge']).toMatchObject({
      'nvidia.com/gpu': '0',
      'aws.amazon.com/neuron': '64',
    });
    for (const resources of Object.values(quotas(manifests))) expect(Object.keys(resources)).toEqual(coveredResources);
  });

  test('counts one channel of a compute domain per node if the NVLink domain spans nodes', () => {
    const [gb200Quota] = Object.values(quotas(queue([gb200()])));
    expect(gb200Quota!['ai-infra/compute-domain-channel']).toBe('18');
    expect(quotas(queue([h100()]))['h100-p5-48xlarge']).not.toHaveProperty('ai-infra/compute-domain-channel');
  });
});

describe('topology of a queue', () => {
  test('lists levels from the outermost one to the node', () => {
    const topologies = ofKind(queue(), 'Topology');
    expect(topologies.map(({ metadata }) => metadata.name)).toEqual([
      expect.stringMatching(/^block-levels-/),
      expect.stringMatching(/^gb200-levels-/),
    ]);
    expect(at(topologies[0], 'spec.levels')).toEqual([
      { nodeLabel: 'layer-1' },
      { nodeLabel: 'layer-2' },
      { nodeLabel: 'kubernetes.io/hostname' },
    ]);
  });

  test('lists the node once, even if the pool lists it', () => {
    const pool = h100({ topologyLevels: ['rack', 'kubernetes.io/hostname'] });
    expect(at(ofKind(queue([pool]), 'Topology')[0], 'spec.levels')).toEqual([
      { nodeLabel: 'rack' },
      { nodeLabel: 'kubernetes.io/hostname' },
    ]);
  });

  test('is only used by the flavor of its pool', () => {
    expect(at(flavorNamed('block-p5-48xlarge'), 'spec.topologyName')).toBe(
      ofKind(queue(), 'Topology')[0]!.metadata.name,
    );
    expect(at(flavorNamed('spot-p5-48xlarge'), 'spec.topologyName')).toBeUndefined();
  });
});

describe('namespace and priorities of a queue', () => {
  test('only the namespace of the queue has access, and it is created first', () => {
    const [first] = queue();
    expect(first).toMatchObject({ kind: 'Namespace', metadata: { name: 'ml' } });
    expect(at(clusterQueueOf(queue()), 'spec.namespaceSelector')).toEqual({
      matchLabels: { 'kubernetes.io/metadata.name': 'ml' },
    });
    expect(ofKind(queue(), 'LocalQueue')[0]).toMatchObject({
      metadata: { name: 'train', namespace: 'ml' },
      spec: { clusterQueue: 'train' },
    });
  });

  test('the namespace admits pods that lock memory for a fabric', () => {
    expect(queue()[0]!.metadata.labels).toEqual({ 'pod-security.kubernetes.io/enforce': 'privileged' });
  });

  test('an urgent job preempts others, because the order alone does not keep small jobs from overtaking it', () => {
    expect(clusterQueueOf(queue())?.spec).toMatchObject({
      queueingStrategy: 'BestEffortFIFO',
      preemption: { withinClusterQueue: 'LowerPriority' },
    });
  });

  test('the default priority is between urgent and spare', () => {
    const values = ofKind(queue(), 'WorkloadPriorityClass').map(({ metadata, value }) => [metadata.name, value]);
    expect(Object.fromEntries(values)).toEqual({ 'train-urgent': 1000, 'train-normal': 0, 'train-spare': -1000 });
  });
});

describe('trainingQueue rejects', () => {
  test('invalid Kubernetes names', () => {
    const refused = refusalOf(() => trainingQueue({ name: 'Train', namespace: '', pools: [h100()] }));
    expect(refused).toEqual(['KubernetesName name', 'KubernetesName namespace']);
  });

  test('more pools than Kueue supports', () => {
    const pools = Array.from({ length: 65 }, (_, i) => h100({ name: `p${i}` }));
    expect(refusalOf(() => queue(pools))).toEqual(['QueueTooLarge pools']);
  });
});
