import { meanSecondsBetweenFailures } from '../../lib/core/planning/storage/checkpoint';
import { computeDomain, JobPriority, trainingRuntime, trainJob } from '../../lib/kubernetes';
import { at } from './at';
import { gb200, h100, trainium } from './pools';
import { refusalOf } from './problems';
import { manifestFaults, schemaTest } from './schemas';

const props = { image: 'registry/train:1' };
const claim = { claimName: 'data', mountPath: '/data' };
const env = [{ name: 'FI_PROVIDER', value: 'efa' }];
const podOf = (runtime: unknown) => at(runtime, 'spec.template.spec.replicatedJobs.0.template.spec.template');
const containerOf = (runtime: unknown) => at(podOf(runtime), 'spec.containers.0');

describe('trainingRuntime', () => {
  schemaTest('is valid, for every kind of pool', () => {
    const runtimes = [
      trainingRuntime({ ...props, pool: h100(), claim, env }),
      trainingRuntime({ ...props, pool: trainium() }),
      trainingRuntime({ ...props, pool: gb200() }),
    ];
    expect(runtimes.flatMap(manifestFaults)).toEqual([]);
  });

  test('requests whole nodes: accelerators, fabric and huge pages, with limits if Kubernetes requires them', () => {
    const limits = {
      memory: '1833Gi',
      'nvidia.com/gpu': '8',
      'vpc.amazonaws.com/efa': '32',
      'hugepages-2Mi': '10256Mi',
    };
    const container = containerOf(trainingRuntime({ ...props, pool: h100() }));
    expect(at(container, 'resources')).toEqual({ requests: { cpu: '182', ...limits }, limits });
  });

  test('provides shared memory for the processes of a node', () => {
    const pod = podOf(trainingRuntime({ ...props, pool: h100() }));
    expect(at(pod, 'spec.volumes')).toContainEqual({ name: 'shared-memory', emptyDir: { medium: 'Memory' } });
    expect(at(pod, 'spec.containers.0.volumeMounts')).toContainEqual({ name: 'shared-memory', mountPath: '/dev/shm' });
  });

  test('mounts the claim at its path, and mounts no volume without a claim', () => {
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

  test('uses the identity in the props, and none by default', () => {
    const identity = { serviceAccount: 'jobs', labels: { 'azure.workload.identity/use': 'true' } };
    const pod = podOf(trainingRuntime({ ...props, pool: h100(), identity }));
    expect(at(pod, 'spec.serviceAccountName')).toBe('jobs');
    expect(at(pod, 'metadata.labels')).toEqual(identity.labels);
    expect(podOf(trainingRuntime({ ...props, pool: h100() }))).not.toHaveProperty('metadata');
  });

  test('passes the environment variables of the fabric and adds none', () => {
    expect(containerOf(trainingRuntime({ ...props, pool: h100(), env }))).toHaveProperty('env', env);
    expect(containerOf(trainingRuntime({ ...props, pool: h100() }))).toHaveProperty('env', []);
  });

  test('can lock memory for the fabric, but not without a fabric', () => {
    expect(at(containerOf(trainingRuntime({ ...props, pool: h100() })), 'securityContext.capabilities.add')).toEqual([
      'IPC_LOCK',
    ]);
    expect(containerOf(trainingRuntime({ ...props, pool: h100({ fabric: undefined }) }))).not.toHaveProperty(
      'securityContext',
    );
  });

  test('prefers nodes at the innermost topology level of the pool', () => {
    const near = (topologyLevels?: string[]) =>
      at(podOf(trainingRuntime({ ...props, pool: h100({ topologyLevels }) })), 'metadata.annotations');
    expect(near(['layer-1', 'layer-2'])).toEqual({ 'kueue.x-k8s.io/podset-preferred-topology': 'layer-2' });
    expect(near(['kubernetes.io/hostname'])).toEqual({
      'kueue.x-k8s.io/podset-preferred-topology': 'kubernetes.io/hostname',
    });
    expect(near()).toBeUndefined();
  });

  test('claims a channel of its compute domain if the NVLink domain spans nodes', () => {
    const pod = podOf(trainingRuntime({ ...props, pool: gb200() }));
    expect(at(pod, 'spec.resourceClaims')).toEqual([
      { name: 'compute-domain-channel', resourceClaimTemplateName: 'gb200-channel' },
    ]);
    expect(at(pod, 'spec.containers.0.resources.claims')).toEqual([{ name: 'compute-domain-channel' }]);
    expect(podOf(trainingRuntime({ ...props, pool: h100() }))).not.toHaveProperty('spec.resourceClaims');
  });

  test('runs on its pool and on the fallback pools', () => {
    const spot = h100({ name: 'spot', market: 'spot', taints: [] });
    const pod = podOf(trainingRuntime({ ...props, pool: spot, fallbackPools: [h100()] }));
    const terms = at(
      pod,
      'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms',
    );
    expect(terms).toEqual([{ matchExpressions: [{ key: 'ai-infra/pool', operator: 'In', values: ['spot', 'h100'] }] }]);
  });

  test('restarts a job as often as 1024 accelerators fail in 90 days, because most failures count', () => {
    const failures = (90 * 86_400) / meanSecondsBetweenFailures(1024);
    const { maxRestarts } = at(trainingRuntime({ ...props, pool: h100() }), 'spec.template.spec.failurePolicy') as {
      maxRestarts: number;
    };
    expect(maxRestarts).toBeGreaterThanOrEqual(failures);
    expect(maxRestarts).toBeLessThan(2 * failures);
  });

  test('restarts a job if a part of it fails, and does not count drained nodes', () => {
    const runtime = trainingRuntime({ ...props, pool: h100() });
    expect(at(runtime, 'spec.template.spec.failurePolicy')).toEqual({
      maxRestarts: 50,
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

  test('rejects a fallback pool with another machine, and an invalid name', () => {
    const other = h100({ name: 'small', acceleratorsPerNode: 4 });
    const action = () => trainingRuntime({ ...props, pool: h100(), fallbackPools: [other], name: 'A b' });
    expect(refusalOf(action)).toEqual(['PoolInvalid fallbackPools[0].machine', 'KubernetesName name']);
  });
});

describe('trainJob', () => {
  const job = { name: 'llama', namespace: 'ml', queue: 'train' };

  schemaTest('is valid', () => {
    const manifest = trainJob({
      ...job,
      pool: h100(),
      command: ['torchrun', 'train.py'],
      image: 'i:1',
      priority: JobPriority.URGENT,
    });
    expect(manifestFaults(manifest)).toEqual([]);
  });

  test('waits in the queue with its priority', () => {
    expect(trainJob({ ...job, pool: h100(), priority: JobPriority.SPARE }).metadata.labels).toEqual({
      'kueue.x-k8s.io/queue-name': 'train',
      'kueue.x-k8s.io/priority-class': 'train-spare',
    });
  });

  test('starts one process per GPU, and the number in the props per Neuron device', () => {
    expect(trainJob({ ...job, pool: h100() }).spec).toMatchObject({ trainer: { numNodes: 16, numProcPerNode: 8 } });
    expect(trainJob({ ...job, pool: trainium(), ranksPerAccelerator: 2, nodes: 2 }).spec).toMatchObject({
      trainer: { numNodes: 2, numProcPerNode: 32 },
    });
  });

  test('rejects a pool that is too small, and an unknown number of ranks', () => {
    expect(refusalOf(() => trainJob({ ...job, pool: trainium(), nodes: 5 }))).toEqual([
      'NodesOutOfRange nodes',
      'RanksUnknown ranksPerAccelerator',
    ]);
    expect(refusalOf(() => trainJob({ ...job, pool: h100(), ranksPerAccelerator: 0.5 }))).toEqual([
      'RanksUnknown ranksPerAccelerator',
    ]);
  });

  test('rejects an empty command, which would exit immediately after the profile script', () => {
    expect(refusalOf(() => trainJob({ ...job, pool: h100(), command: [] }))).toEqual(['ValueMissing command']);
  });
});

describe('computeDomain', () => {
  schemaTest('is valid', () => {
    expect(manifestFaults(computeDomain({ name: 'gb200', namespace: 'ml', nodes: 18 }))).toEqual([]);
  });

  test('has the number of nodes that it spans', () => {
    expect(computeDomain({ name: 'gb200', namespace: 'ml', nodes: 18 }).spec).toEqual({
      numNodes: 18,
      channel: { resourceClaimTemplate: { name: 'gb200-channel' } },
    });
  });

  test('rejects zero nodes', () => {
    expect(refusalOf(() => computeDomain({ name: 'x', namespace: 'ml', nodes: 0 }))).toEqual(['NodesOutOfRange nodes']);
  });
});
