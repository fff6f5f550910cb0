import { computeDomain, trainingRuntime, trainJob } from '../../lib/kubernetes';
import { at } from './at';
import { gb200, h100, trainium } from './pools';
import { refusalOf } from './problems';
import { manifestFaults, schemaTest } from './schemas';

const props = { image: 'registry/train:1' };
const claim = { claimName: 'data', mountPath: '/data' };
const env = [{ name: 'FI_PROVIDER', value: 'efa' }];
const podOf = (runtime: unknown) => at(runtime, 'spec.template.spec.replicatedJobs.0.template.spec.template');
const containerOf = (runtime: unknown) => at(podOf(runtime), 'spec.containers.0');

describe('a training runtime', () => {
  schemaTest('is valid, for every kind of pool', () => {
    const runtimes = [
      trainingRuntime({ ...props, pool: h100(), claim, env }),
      trainingRuntime({ ...props, pool: trainium() }),
      trainingRuntime({ ...props, pool: gb200() }),
    ];
    expect(runtimes.flatMap(manifestFaults)).toEqual([]);
  });

  test('takes whole nodes: accelerators, fabric and huge pages, with limits where Kubernetes wants them', () => {
    const limits = {
      memory: '1833Gi',
      'nvidia.com/gpu': '8',
      'vpc.amazonaws.com/efa': '32',
      'hugepages-2Mi': '10256Mi',
    };
    const container = containerOf(trainingRuntime({ ...props, pool: h100() }));
    expect(at(container, 'resources')).toEqual({ requests: { cpu: '182', ...limits }, limits });
  });

  test('shares memory between the processes of a node', () => {
    const pod = podOf(trainingRuntime({ ...props, pool: h100() }));
    expect(at(pod, 'spec.volumes')).toContainEqual({ name: 'shared-memory', emptyDir: { medium: 'Memory' } });
    expect(at(pod, 'spec.containers.0.volumeMounts')).toContainEqual({ name: 'shared-memory', mountPath: '/dev/shm' });
  });

  test('mounts the claim where it is told to, and nothing without one', () => {
    const pod = podOf(trainingRuntime({ ...props, pool: h100(), claim }));
    expect(at(pod, 'spec.volumes')).toContainEqual({
      name: 'file-system',
      persistentVolumeClaim: { claimName: 'data' },
    });
    expect(at(pod, 'spec.containers.0.volumeMounts')).toContainEqual({ name: 'file-system', mountPath: '/data' });
    expect(at(podOf(trainingRuntime({ ...props, pool: h100() })), 'spec.volumes')).toEqual([
      expect.objectContaining({ name: 'shared-memory' }),
    ]);
  });

  test('acts in the cloud as whom it is told to, and as nobody else', () => {
    const identity = { serviceAccount: 'jobs', labels: { 'azure.workload.identity/use': 'true' } };
    const pod = podOf(trainingRuntime({ ...props, pool: h100(), identity }));
    expect(at(pod, 'spec.serviceAccountName')).toBe('jobs');
    expect(at(pod, 'metadata.labels')).toEqual(identity.labels);
    expect(podOf(trainingRuntime({ ...props, pool: h100() }))).not.toHaveProperty('metadata');
  });

  test('passes the environment of the fabric and invents none', () => {
    expect(containerOf(trainingRuntime({ ...props, pool: h100(), env }))).toHaveProperty('env', env);
    expect(containerOf(trainingRuntime({ ...props, pool: h100() }))).toHaveProperty('env', []);
  });

  test('locks memory for the fabric, and asks for no such right without one', () => {
    expect(at(containerOf(trainingRuntime({ ...props, pool: h100() })), 'securityContext.capabilities.add')).toEqual([
      'IPC_LOCK',
    ]);
    expect(containerOf(trainingRuntime({ ...props, pool: h100({ fabric: undefined }) }))).not.toHaveProperty(
      'securityContext',
    );
  });

  test('asks for near nodes at the innermost switch that the pool knows', () => {
    const near = (topologyLevels?: string[]) =>
      at(podOf(trainingRuntime({ ...props, pool: h100({ topologyLevels }) })), 'metadata.annotations');
    expect(near(['layer-1', 'layer-2'])).toEqual({ 'kueue.x-k8s.io/podset-preferred-topology': 'layer-2' });
    expect(near(['kubernetes.io/hostname'])).toEqual({
      'kueue.x-k8s.io/podset-preferred-topology': 'kubernetes.io/hostname',
    });
    expect(near()).toBeUndefined();
  });

  test('claims a channel of its compute domain where scale-up spans nodes', () => {
    const pod = podOf(trainingRuntime({ ...props, pool: gb200() }));
    expect(at(pod, 'spec.resourceClaims')).toEqual([
      { name: 'compute-domain-channel', resourceClaimTemplateName: 'gb200-channel' },
    ]);
    expect(at(pod, 'spec.containers.0.resources.claims')).toEqual([{ name: 'compute-domain-channel' }]);
    expect(podOf(trainingRuntime({ ...props, pool: h100() }))).not.toHaveProperty('spec.resourceClaims');
  });

  test('runs on the pools of its machine, in the order of the queue', () => {
    const spot = h100({ name: 'spot', market: 'spot', taints: [] });
    const pod = podOf(trainingRuntime({ ...props, pool: spot, fallbackPools: [h100()] }));
    const terms = at(
      pod,
      'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms',
    );
    expect(terms).toEqual([{ matchExpressions: [{ key: 'ai-infra/pool', operator: 'In', values: ['spot', 'h100'] }] }]);
  });

  test('starts a job again when a part of it fails, and as often as nodes are taken away', () => {
    const runtime = trainingRuntime({ ...props, pool: h100() });
    expect(at(runtime, 'spec.template.spec.failurePolicy')).toEqual({
      maxRestarts: 4,
      rules: [
        { name: 'disrupted', action: 'RestartJobSetAndIgnoreMaxRestarts', onJobFailureReasons: ['PodFailurePolicy'] },
      ],
    });
    expect(at(runtime, 'spec.template.spec.replicatedJobs.0.template.spec')).toMatchObject({
      backoffLimit: 0,
      podFailurePolicy: {
        rules: [{ action: 'FailJob', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
      },
    });
  });

  test('is refused for another machine as fallback, and under a bad name', () => {
    const other = h100({ name: 'small', acceleratorsPerNode: 4 });
    const action = () => trainingRuntime({ ...props, pool: h100(), fallbackPools: [other], name: 'A b' });
    expect(refusalOf(action)).toEqual(['PoolInvalid fallbackPools[0].machine', 'KubernetesName name']);
  });
});

describe('a job of it', () => {
  const job = { name: 'llama', namespace: 'ml', queue: 'train' };

  schemaTest('is valid', () => {
    const manifest = trainJob({
      ...job,
      pool: h100(),
      command: ['torchrun', 'train.py'],
      image: 'i:1',
      priority: 'urgent',
    });
    expect(manifestFaults(manifest)).toEqual([]);
  });

  test('waits in the queue, under its priority', () => {
    expect(trainJob({ ...job, pool: h100(), priority: 'spare' }).metadata.labels).toEqual({
      'kueue.x-k8s.io/queue-name': 'train',
      'kueue.x-k8s.io/priority-class': 'train-spare',
    });
  });

  test('starts one process a GPU, and as many a Neuron device as it is told', () => {
    expect(trainJob({ ...job, pool: h100() }).spec).toMatchObject({ trainer: { numNodes: 16, numProcPerNode: 8 } });
    expect(trainJob({ ...job, pool: trainium(), ranksPerAccelerator: 2, nodes: 2 }).spec).toMatchObject({
      trainer: { numNodes: 2, numProcPerNode: 32 },
    });
  });

  test('is refused when the pool is too small, or the ranks are unknown', () => {
    expect(refusalOf(() => trainJob({ ...job, pool: trainium(), nodes: 5 }))).toEqual([
      'NodesOutOfRange nodes',
      'RanksUnknown ranksPerAccelerator',
    ]);
    expect(refusalOf(() => trainJob({ ...job, pool: h100(), ranksPerAccelerator: 0.5 }))).toEqual([
      'RanksUnknown ranksPerAccelerator',
    ]);
  });

  test('is refused with an empty command, which would end at once behind the script of a fabric', () => {
    expect(refusalOf(() => trainJob({ ...job, pool: h100(), command: [] }))).toEqual(['ValueMissing command']);
  });
});

describe('a compute domain', () => {
  schemaTest('is valid', () => {
    expect(manifestFaults(computeDomain({ name: 'gb200', namespace: 'ml', nodes: 18 }))).toEqual([]);
  });

  test('says how many nodes it spans', () => {
    expect(computeDomain({ name: 'gb200', namespace: 'ml', nodes: 18 }).spec).toEqual({
      numNodes: 18,
      channel: { resourceClaimTemplate: { name: 'gb200-channel' } },
    });
  });

  test('is refused without nodes', () => {
    expect(refusalOf(() => computeDomain({ name: 'x', namespace: 'ml', nodes: 0 }))).toEqual(['NodesOutOfRange nodes']);
  });
});
