import {
  allocatableOf,
  nodeLabelsOf,
  POOL_LABEL,
  quantitiesOf,
  tolerationsOf,
  trainingQueue,
} from '../../lib/kubernetes';
import { gb200, h100, trainium } from './pools';
import { refusalOf } from './problems';

const queueOf = (...pools: Parameters<typeof h100>[0][]) =>
  trainingQueue({ name: 'train', namespace: 'ml', pools: pools.map(h100) });

describe('allocatable resources of a node', () => {
  test('are those of the machine minus the share of the system and the huge pages', () => {
    const { cpu, memoryGiB, hugepagesMiB } = allocatableOf(h100());
    expect(cpu).toBe(182);
    expect(hugepagesMiB).toBe(10_256);
    expect(memoryGiB).toBe(Math.floor(2048 * 0.9 - 10_256 / 1024));
  });

  test('subtract the reserved memory of the pool instead of a share', () => {
    expect(allocatableOf(h100({ reservedMemoryMiB: 48 * 1024, hugepages2MiB: 0 })).memoryGiB).toBe(2000);
  });

  test('reserve a whole core on a small node', () => {
    expect(allocatableOf(h100({ vcpus: 4 })).cpu).toBe(3);
  });

  test('list exactly the resources of the node', () => {
    expect(quantitiesOf(h100(), 2)).toEqual({
      cpu: '364',
      memory: '3666Gi',
      'nvidia.com/gpu': '16',
      'vpc.amazonaws.com/efa': '64',
      'hugepages-2Mi': '20512Mi',
    });
    expect(Object.keys(quantitiesOf(h100({ fabric: undefined, hugepages2MiB: 0 }), 1))).toEqual([
      'cpu',
      'memory',
      'nvidia.com/gpu',
    ]);
  });

  test('apply the share to cores and memory, but not to accelerators and the fabric', () => {
    expect(quantitiesOf(h100(), 1, 0.5)).toMatchObject({
      cpu: '91',
      'nvidia.com/gpu': '8',
      'vpc.amazonaws.com/efa': '32',
    });
  });
});

describe('labels and tolerations', () => {
  test('adds the pool label to the labels of the nodes, and does not allow an override', () => {
    expect(nodeLabelsOf(h100({ nodeLabels: { zone: 'a', [POOL_LABEL]: 'other' } }))).toEqual({
      zone: 'a',
      [POOL_LABEL]: 'h100',
    });
  });

  test('tolerates each taint once, by value if it has one', () => {
    expect(tolerationsOf([h100(), h100({ name: 'other' }), trainium(), gb200()])).toEqual([
      { key: 'nvidia.com/gpu', operator: 'Equal', value: 'present', effect: 'NoSchedule' },
      { key: 'aws.amazon.com/neuron', operator: 'Exists', effect: 'NoSchedule' },
    ]);
  });
});

describe('checkPools rejects', () => {
  test.each([
    [{ name: 'H100' }, ['GroupName pools[0].name']],
    [{ nodes: 0 }, ['PoolInvalid pools[0].nodes']],
    [{ acceleratorsPerNode: 0.125 }, ['PoolInvalid pools[0].acceleratorsPerNode']],
    [{ hugepages2MiB: -1 }, ['PoolInvalid pools[0].hugepages2MiB']],
    [{ vcpus: 1 }, ['PoolInvalid pools[0].vcpus']],
    [{ memoryGiB: 11 }, ['PoolInvalid pools[0].vcpus']],
    [
      { fabric: { resource: 'rdma/ib', interfacesPerNode: 0, bandwidthGbps: Number.NaN } },
      ['PoolInvalid pools[0].fabric.interfacesPerNode', 'PoolInvalid pools[0].fabric.bandwidthGbps'],
    ],
    [
      { taints: Array.from({ length: 9 }, (_, i) => ({ key: `k${i}`, effect: 'NoSchedule' as const })) },
      ['PoolInvalid pools[0].taints'],
    ],
    [
      { nodeLabels: Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`l${i}`, 'x'])) },
      ['PoolInvalid pools[0].nodeLabels'],
    ],
    [{ topologyLevels: ['rack', 'rack'] }, ['TopologyLevels pools[0].topologyLevels']],
    [{ topologyLevels: ['kubernetes.io/hostname', 'rack'] }, ['TopologyLevels pools[0].topologyLevels']],
  ])('for %j', (changes, refused) => {
    expect(refusalOf(() => queueOf(changes))).toEqual(refused);
  });

  test('all invalid values at once', () => {
    expect(refusalOf(() => queueOf({ nodes: 0, name: 'A' }, { nodes: 1.5, name: 'b' }))).toEqual([
      'GroupName pools[0].name',
      'PoolInvalid pools[0].nodes',
      'PoolInvalid pools[1].nodes',
    ]);
  });

  test('duplicate names, and an empty list', () => {
    expect(refusalOf(() => queueOf({}, {}))).toEqual(['GroupDuplicate pools']);
    expect(refusalOf(() => queueOf())).toEqual(['GroupsMissing pools']);
  });
});
