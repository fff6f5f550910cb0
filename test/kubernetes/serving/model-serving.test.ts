import { modelServing, servingNamespace, startupSeconds, tritonServer, vllmServer } from '../../../lib/kubernetes';
import { at, byName } from '../at';
import { refusalOf } from '../problems';
import { manifestFaults, schemaTest } from '../schemas';
import { COMMIT, DIGEST, llama, nodes, objectOf } from './serving';

const POD = 'spec.template.spec';
const SERVER = `${POD}.containers.0`;
const keda = {
  kind: 'keda',
  prometheus: 'http://p:9090',
  minReplicas: 1,
  maxReplicas: 6,
  targetConcurrency: 32,
} as const;
const QUERY = { query: 'sum(queue_length)', threshold: 100 };
const HOURS = { start: '0 8 * * 1-5', end: '0 18 * * 1-5', timeZone: 'Europe/Berlin', replicas: 2 };
const huggingFace = { kind: 'hugging-face', repository: 'meta-llama/Llama-3', revision: COMMIT } as const;
const several = { acceleratorsPerReplica: 16, scale: { kind: 'fixed', replicas: 2 } } as const;

describe('every object matches its published schema', () => {
  schemaTest('for each way to serve a model', () => {
    const ways = [
      llama(),
      llama(several),
      llama({ ...several, fabricEnv: [{ name: 'FI_PROVIDER', value: 'efa' }] }),
      llama({ scale: keda, metricsNamespaces: ['monitoring'] }),
      llama({ scale: { ...keda, minReplicas: 0, activation: { query: 'sum(rate(requests[1m]))' } } }),
      llama({ scale: { ...keda, queries: [QUERY], schedules: [HOURS] } }),
      llama({ scale: { kind: 'hpa', minReplicas: 1, maxReplicas: 4, targetConcurrency: 8 } }),
      llama({ server: tritonServer(), scale: keda }),
      llama({ source: huggingFace, cache: { kind: 'node', path: '/mnt/k8s-disks/0/models' } }),
      llama({ source: { ...huggingFace, tokenSecret: 'hub' }, cache: { kind: 'volume', claimName: 'models' } }),
      llama({ source: { kind: 'volume', claimName: 'models', path: '/llama/v3' } }),
      llama({ clients: [{ cidr: '10.0.0.0/16' }, { namespace: 'app', labels: { app: 'chat' } }] }),
      llama({ egress: [{ cidr: '169.254.170.23/32', port: 80 }], surge: false }),
    ];
    for (const manifest of ways.flatMap(modelServing))
      expect([manifest.kind, manifestFaults(manifest)]).toEqual([manifest.kind, []]);
    expect(manifestFaults(servingNamespace('serving'))).toEqual([]);
  });
});

describe('a replica on a part of a node', () => {
  test('requests its accelerators and its share of cores and memory, but no fabric', () => {
    const { requests, limits } = at(objectOf('Deployment'), `${SERVER}.resources`) as Record<string, object>;
    expect(requests).toEqual({
      cpu: '72',
      memory: '733Gi',
      'nvidia.com/gpu': '4',
      'ephemeral-storage': '156Gi',
    });
    expect(limits).not.toHaveProperty('cpu');
  });

  test('fits twice on one node', () => {
    const cpu = Number(at(objectOf('Deployment'), `${SERVER}.resources.requests.cpu`));
    expect(2 * cpu).toBeLessThanOrEqual(192 * 0.95);
  });

  test('splits each layer over its accelerators, and listens on one port', () => {
    const { command, args } = at(objectOf('Deployment'), SERVER) as { command: string[]; args: string[] };
    expect(command).toEqual(['vllm', 'serve']);
    expect(args.slice(0, 7)).toEqual([
      `/models/${DIGEST}`,
      '--host',
      '0.0.0.0',
      '--port',
      '8000',
      '--tensor-parallel-size',
      '4',
    ]);
    expect(args).not.toContain('--pipeline-parallel-size');
    expect(args).toEqual(expect.arrayContaining(['--served-model-name', 'llama']));
  });

  test('sets each option of the server once', () => {
    const server = vllmServer({ servedModelName: 'chat', maxModelLength: 8192, memoryShare: 0.8, kvCacheType: 'fp8' });
    const args = at(objectOf('Deployment', { server }), `${SERVER}.args`) as string[];
    expect(args.filter((one) => one === '--served-model-name')).toHaveLength(1);
    expect(args.join(' ')).toContain(
      '--served-model-name chat --max-model-len 8192 --gpu-memory-utilization 0.8 --kv-cache-dtype fp8',
    );
  });

  test('has a startup probe that allows enough time to read the weights', () => {
    const { startupProbe, readinessProbe } = at(objectOf('Deployment'), SERVER) as Record<
      string,
      Record<string, number>
    >;
    expect(startupProbe!.failureThreshold! * startupProbe!.periodSeconds!).toBe(startupSeconds(140));
    expect(startupSeconds(140)).toBe(1160);
    expect(readinessProbe).toMatchObject({ httpGet: { path: '/health', port: 'http' } });
    expect(at(objectOf('Deployment'), 'spec.progressDeadlineSeconds')).toBeGreaterThan(startupSeconds(140) + 560);
  });

  test('has no privileges on the host, and can only write to its volumes', () => {
    const pod = at(objectOf('Deployment'), POD);
    expect(at(pod, 'securityContext')).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    for (const list of ['containers', 'initContainers']) {
      expect(at(pod, `${list}.0.securityContext`)).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
    expect(at(pod, 'automountServiceAccountToken')).toBe(false);
    expect(byName(at(pod, 'containers.0.volumeMounts')).model).toMatchObject({ readOnly: true });
  });

  test('shares memory between its processes within its own memory', () => {
    const { 'shared-memory': shared } = byName(at(objectOf('Deployment'), `${POD}.volumes`));
    expect(shared).toMatchObject({ emptyDir: { medium: 'Memory', sizeLimit: '16Gi' } });
    const small = nodes({ acceleratorsPerNode: 1, memoryGiB: 16, vcpus: 4, hugepages2MiB: 0, fabric: undefined });
    const volumes = at(objectOf('Deployment', { pool: small, acceleratorsPerReplica: 1 }), `${POD}.volumes`);
    expect(byName(volumes)['shared-memory']).toMatchObject({ emptyDir: { sizeLimit: '2Gi' } });
  });

  test('is replaced before it stops if there is capacity, otherwise after it stops', () => {
    const step = (surge?: boolean) => at(objectOf('Deployment', { surge }), 'spec.strategy.rollingUpdate');
    expect(step()).toEqual({ maxSurge: 1, maxUnavailable: 0 });
    expect(step(false)).toEqual({ maxSurge: 0, maxUnavailable: 1 });
  });
});

describe('a replica on several nodes', () => {
  const set = objectOf('LeaderWorkerSet', { ...several, fabricEnv: [{ name: 'FI_PROVIDER', value: 'efa' }] });
  const container = (part: 'leader' | 'worker') =>
    at(set, `spec.leaderWorkerTemplate.${part}Template.spec.containers.0`) as Record<string, string[]>;

  test('is a group with one pod per node that fails as a unit', () => {
    expect(at(set, 'spec.leaderWorkerTemplate')).toMatchObject({
      size: 2,
      restartPolicy: 'RecreateGroupOnPodRestart',
    });
    expect(at(set, 'spec.replicas')).toBe(2);
  });

  test('has a subdomain of its own, because the service of the model has the name of the shared subdomain', () => {
    expect(at(set, 'spec.networkConfig.subdomainPolicy')).toBe('UniquePerReplica');
    expect(objectOf('Service', several).metadata.name).toBe(set.metadata.name);
  });

  test('splits layers within a node and the model between nodes, and only the leader receives requests', () => {
    const told = '--nnodes $(LWS_GROUP_SIZE) --node-rank $(LWS_WORKER_INDEX) --master-addr $(LWS_LEADER_ADDRESS)';
    for (const part of ['leader', 'worker'] as const) {
      expect(container(part).args!.join(' ')).toContain('--tensor-parallel-size 8 --pipeline-parallel-size 2');
      expect(container(part).args!.join(' ')).toContain(told);
    }
    expect(container('worker').args).toContain('--headless');
    expect(container('leader').args).not.toContain('--headless');
    expect(container('worker')).not.toHaveProperty('readinessProbe');
    expect(container('leader')).toHaveProperty('readinessProbe');
  });

  test('uses the whole fabric of its nodes, and can lock memory for it', () => {
    for (const part of ['leader', 'worker'] as const) {
      expect(container(part)).toMatchObject({
        resources: { limits: { 'nvidia.com/gpu': '8', 'vpc.amazonaws.com/efa': '32', 'hugepages-2Mi': '10256Mi' } },
        securityContext: { capabilities: { drop: ['ALL'], add: ['IPC_LOCK'] } },
      });
      expect(container(part).env).toContainEqual({ name: 'FI_PROVIDER', value: 'efa' });
    }
  });

  test('receives requests at its leader', () => {
    const service = objectOf('Service', several);
    expect(at(service, 'spec.selector')).toEqual({ 'ai-infra/serves': 'llama' });
    expect(at(set, 'spec.leaderWorkerTemplate.leaderTemplate.metadata.labels')).toMatchObject({
      'ai-infra/serves': 'llama',
    });
    expect(at(set, 'spec.leaderWorkerTemplate.workerTemplate.metadata.labels')).toEqual({ 'ai-infra/model': 'llama' });
  });
});

describe('KEDA', () => {
  const triggersOf = (scale: object) =>
    byName(at(objectOf('ScaledObject', { scale: { ...keda, ...scale } }), 'spec.triggers'));

  test('adds replicas for queries, and runs replicas in periods', () => {
    const triggers = triggersOf({ queries: [QUERY], schedules: [HOURS, { ...HOURS, timeZone: undefined }] });
    expect(triggers['query-0']).toMatchObject({
      type: 'prometheus',
      metadata: { serverAddress: 'http://p:9090', query: 'sum(queue_length)', threshold: '100' },
    });
    expect(triggers['schedule-0']).toEqual({
      type: 'cron',
      name: 'schedule-0',
      metadata: { timezone: 'Europe/Berlin', start: '0 8 * * 1-5', end: '0 18 * * 1-5', desiredReplicas: '2' },
    });
    expect(triggers['schedule-1']).toMatchObject({ metadata: { timezone: 'Etc/UTC' } });
  });

  test('scales to zero outside of the periods', () => {
    expect(Object.keys(triggersOf({ minReplicas: 0, schedules: [HOURS] }))).toContain('schedule-0');
  });

  test.each([
    ['a threshold of 0', { queries: [{ ...QUERY, threshold: 0 }] }, 'scale.queries[0].threshold'],
    ['a start that is no cron expression', { schedules: [{ ...HOURS, start: '8:00' }] }, 'scale.schedules[0].start'],
    ['a period without a length', { schedules: [{ ...HOURS, end: HOURS.start }] }, 'scale.schedules[0].end'],
    ['more replicas than the maximum', { schedules: [{ ...HOURS, replicas: 7 }] }, 'scale.schedules[0].replicas'],
    ['a period without replicas', { schedules: [{ ...HOURS, replicas: 0 }] }, 'scale.schedules[0].replicas'],
  ])('rejects %s', (_, scale, prop) => {
    const action = () => modelServing(llama({ scale: { ...keda, ...scale } }));
    expect(refusalOf(action)).toEqual([`ScalingInvalid ${prop}`]);
  });
});

describe('Triton', () => {
  const server = at(objectOf('Deployment', { server: tritonServer({ args: ['--log-verbose=1'] }) }), SERVER);

  test('serves a model repository, and reports health and metrics on separate ports', () => {
    expect(server).toMatchObject({
      command: ['tritonserver'],
      readinessProbe: { httpGet: { path: '/v2/health/ready' } },
      livenessProbe: { httpGet: { path: '/v2/health/live' } },
      ports: [
        { name: 'http', containerPort: 8000 },
        { name: 'metrics', containerPort: 8002 },
      ],
    });
    expect(at(server, 'args')).toEqual(
      expect.arrayContaining([`--model-repository=/models/${DIGEST}`, '--metrics-port', '8002', '--log-verbose=1']),
    );
  });
});

describe('the network policy', () => {
  const rules = (changes = {}) => at(objectOf('NetworkPolicy', changes), 'spec.ingress') as object[];

  test('allows pods of the namespace on the request port by default', () => {
    expect(rules()[1]).toEqual({
      from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'serving' } } }],
      ports: [{ protocol: 'TCP', port: 8000 }],
    });
    expect(rules()).toHaveLength(2);
  });

  test('allows Prometheus on the metrics port', () => {
    expect(rules({ server: tritonServer(), metricsNamespaces: ['monitoring'] })[2]).toEqual({
      from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }],
      ports: [{ protocol: 'TCP', port: 8002 }],
    });
  });

  test('allows servers to reach DNS, HTTPS, each other, and the listed addresses', () => {
    const egress = [{ cidr: '169.254.170.23/32', port: 80 }];
    expect(at(objectOf('NetworkPolicy', { egress }), 'spec.egress')).toEqual([
      { to: [{ podSelector: { matchLabels: { 'ai-infra/model': 'llama' } } }] },
      {
        ports: [
          { protocol: 'UDP', port: 53 },
          { protocol: 'TCP', port: 53 },
        ],
      },
      { ports: [{ protocol: 'TCP', port: 443 }] },
      { to: [{ ipBlock: { cidr: '169.254.170.23/32' } }], ports: [{ protocol: 'TCP', port: 80 }] },
    ]);
  });
});

describe('the files of a model', () => {
  test('are cached in the pod, on the node or on a volume', () => {
    const volume = (changes: object) => byName(at(objectOf('Deployment', changes), `${POD}.volumes`)).model;
    expect(volume({})).toMatchObject({ emptyDir: { sizeLimit: '156Gi' } });
    expect(volume({ cache: { kind: 'node', path: '/mnt/models' } })).toMatchObject({
      hostPath: { path: '/mnt/models', type: 'DirectoryOrCreate' },
    });
    expect(volume({ cache: { kind: 'volume', claimName: 'c' } })).toMatchObject({
      persistentVolumeClaim: { claimName: 'c' },
    });
  });

  test('are not downloaded from a volume', () => {
    const pod = at(objectOf('Deployment', { source: { kind: 'volume', claimName: 'c', path: 'v3' } }), POD);
    expect(pod).not.toHaveProperty('initContainers');
    expect(at(pod, 'containers.0.args.0')).toBe('/models/v3');
  });

  test('are downloaded from the hub with the client in the server image, and with a secret if it is set', () => {
    const fetcher = (tokenSecret?: string) =>
      at(objectOf('Deployment', { source: { ...huggingFace, tokenSecret } }), `${POD}.initContainers.0`);
    expect(fetcher()).toMatchObject({ image: vllmServer().image });
    expect(JSON.stringify(fetcher())).not.toContain('HF_TOKEN');
    expect(byName(at(fetcher('hub'), 'env')).HF_TOKEN).toMatchObject({
      valueFrom: { secretKeyRef: { name: 'hub', key: 'token' } },
    });
  });
});

describe('replicas with an autoscaler', () => {
  const scaled = (changes: object = {}) => objectOf('ScaledObject', { scale: { ...keda, ...changes } });

  test('are only counted by KEDA, so applying the deployment again keeps their number', () => {
    expect(at(objectOf('Deployment', { scale: keda }), 'spec')).not.toHaveProperty('replicas');
    expect(
      at(objectOf('LeaderWorkerSet', { ...several, scale: { ...keda, maxReplicas: 2 } }), 'spec'),
    ).not.toHaveProperty('replicas');
  });

  test('scale on running and waiting requests and on the cache', () => {
    expect(at(scaled(), 'spec')).toMatchObject({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'llama' },
      minReplicaCount: 1,
      maxReplicaCount: 6,
      fallback: { behavior: 'currentReplicasIfHigher', replicas: 1 },
    });
    const { requests, cache } = byName(at(scaled(), 'spec.triggers')) as Record<string, { metadata: object }>;
    const labels = '{namespace="serving",pod=~"llama-.+"}';
    expect(requests!.metadata).toEqual({
      serverAddress: 'http://p:9090',
      query: `sum(vllm:num_requests_running${labels}) + sum(vllm:num_requests_waiting${labels})`,
      threshold: '32',
    });
    expect(cache!.metadata).toMatchObject({ query: `sum(vllm:kv_cache_usage_perc${labels})`, threshold: '0.8' });
  });

  test('on several nodes are counted as groups', () => {
    const scale = { ...keda, maxReplicas: 2 };
    expect(at(objectOf('ScaledObject', { ...several, scale }), 'spec.scaleTargetRef')).toEqual({
      apiVersion: 'leaderworkerset.x-k8s.io/v1',
      kind: 'LeaderWorkerSet',
      name: 'llama',
    });
  });

  test('scale down slower than up, and not faster than a replica starts', () => {
    const behavior = at(scaled(), 'spec.advanced.horizontalPodAutoscalerConfig.behavior');
    expect(behavior).toMatchObject({
      scaleUp: { stabilizationWindowSeconds: 0 },
      scaleDown: { stabilizationWindowSeconds: startupSeconds(140) },
    });
  });

  test('scale to zero with an activation query', () => {
    const object = scaled({ minReplicas: 0, activation: { query: 'sum(rate(gateway[1m]))', above: 2 } });
    expect(at(object, 'spec.minReplicaCount')).toBe(0);
    expect(byName(at(object, 'spec.triggers')).activation).toMatchObject({
      metadata: { query: 'sum(rate(gateway[1m]))', activationThreshold: '2' },
    });
  });

  test('scale with a HorizontalPodAutoscaler on metrics of an adapter', () => {
    const scale = { kind: 'hpa', minReplicas: 1, maxReplicas: 4, targetConcurrency: 8 } as const;
    expect(at(objectOf('HorizontalPodAutoscaler', { scale }), 'spec.metrics.1.pods')).toEqual({
      metric: { name: 'vllm_num_requests_waiting' },
      target: { type: 'AverageValue', averageValue: '8' },
    });
    expect(() => objectOf('PodMonitor', { scale })).toThrow('no PodMonitor');
  });

  test('of Triton scale on the time of its requests', () => {
    const object = objectOf('ScaledObject', { server: tritonServer(), scale: keda });
    expect(at(object, 'spec.triggers')).toHaveLength(1);
    expect(at(object, 'spec.triggers.0.metadata.query')).toMatch(/^sum\(rate\(nv_inference_request_duration_us/);
    expect(at(objectOf('PodMonitor', { server: tritonServer(), scale: keda }), 'spec.podMetricsEndpoints.0.port')).toBe(
      'metrics',
    );
  });
});

describe('modelServing rejects', () => {
  const rejected = (changes: object) => refusalOf(() => modelServing(llama(changes)));
  const hpa = { kind: 'hpa', minReplicas: 1, maxReplicas: 2, targetConcurrency: 8 } as const;

  test.each([
    [
      'a replica with a fraction of an accelerator',
      { acceleratorsPerReplica: 1.5 },
      ['ReplicaLayout acceleratorsPerReplica'],
    ],
    ['a replica on one and a half nodes', { acceleratorsPerReplica: 12 }, ['ReplicaLayout acceleratorsPerReplica']],
    ['Triton on several nodes', { ...several, server: tritonServer() }, ['ReplicaLayout acceleratorsPerReplica']],
    ['more replicas than nodes', { scale: { kind: 'fixed', replicas: 9 } }, ['ReplicaLayout pool.nodes']],
    ['zero fixed replicas', { scale: { kind: 'fixed', replicas: 0 } }, ['ScalingInvalid scale.replicas']],
    [
      'a range with minReplicas greater than maxReplicas',
      { scale: { ...keda, minReplicas: 4, maxReplicas: 2 } },
      ['ScalingInvalid scale.maxReplicas'],
    ],
    ['a target of zero', { scale: { ...keda, targetConcurrency: 0 } }, ['ScalingInvalid scale.targetConcurrency']],
    [
      'a HorizontalPodAutoscaler for Triton, which has no gauges',
      { scale: hpa, server: tritonServer() },
      ['ScalingInvalid scale.kind'],
    ],
    [
      'scale to zero without an activation query',
      { scale: { ...keda, minReplicas: 0 } },
      ['ScaleToZero scale.minReplicas'],
    ],
    [
      'scale to zero with a HorizontalPodAutoscaler',
      { scale: { ...hpa, minReplicas: 0 } },
      ['ScaleToZero scale.minReplicas'],
    ],
    ['a branch on the hub', { source: { ...huggingFace, revision: 'main' } }, ['ModelSourceInvalid source.revision']],
    [
      'a repository without an organization',
      { source: { ...huggingFace, repository: 'llama' } },
      ['ModelSourceInvalid source.repository'],
    ],
    ['an invalid checksum', { source: { ...llama().source, sha256: 'abc' } }, ['ModelSourceInvalid source.sha256']],
    [
      'an address with a trailing slash',
      { source: { ...llama().source, address: 's3://m/' } },
      ['ModelSourceInvalid source.address'],
    ],
    [
      'an invalid claim name',
      { source: { kind: 'volume', claimName: 'A b' } },
      ['ModelSourceInvalid source.claimName'],
    ],
    ['the root folder of a node', { cache: { kind: 'node', path: '/' } }, ['ModelSourceInvalid source.cache.path']],
    ['weights without a size', { weightsGiB: 0 }, ['ModelSourceInvalid weightsGiB']],
    [
      'a path outside the volume',
      { source: { kind: 'volume', claimName: 'm', path: '../x' } },
      ['ModelSourceInvalid source.path'],
    ],
    [
      'a token instead of a secret',
      { source: { ...huggingFace, tokenSecret: 'hf_A b' } },
      ['ModelSourceInvalid source.tokenSecret'],
    ],
    ['an invalid image', { server: vllmServer({ image: 'https://vllm' }) }, ['ServingContainerInvalid server.image']],
    [
      'more than all of the memory',
      { server: vllmServer({ memoryShare: 1.2 }) },
      ['ServingContainerInvalid server.memoryShare'],
    ],
    [
      'a memory share of zero',
      { server: vllmServer({ memoryShare: 0 }) },
      ['ServingContainerInvalid server.memoryShare'],
    ],
    [
      'a negative number of tokens',
      { server: vllmServer({ maxModelLength: -4 }) },
      ['ServingContainerInvalid server.maxModelLength'],
    ],
    [
      'a port in the arguments',
      { server: vllmServer({ args: ['--port=9000'] }) },
      ['ServingContainerInvalid server.args'],
    ],
    [
      'a parallelism in the arguments',
      { server: vllmServer({ args: ['--tensor_parallel_size', '3'] }) },
      ['ServingContainerInvalid server.args'],
    ],
    [
      'a duplicate option',
      { server: vllmServer({ args: ['--gpu-memory-utilization', '0.5'] }) },
      ['ServingContainerInvalid server.args'],
    ],
    [
      'a Triton port in the arguments',
      { server: tritonServer({ args: ['--http-port', '1'] }) },
      ['ServingContainerInvalid server.args'],
    ],
    [
      'an invalid variable name',
      { server: vllmServer({ env: [{ name: 'A B', value: '1' }] }) },
      ['ServingContainerInvalid server.env.A B'],
    ],
    [
      'a duplicate variable',
      { server: vllmServer({ env: ['1', '2'].map((value) => ({ name: 'A', value })) }) },
      ['ServingContainerInvalid server.env'],
    ],
    [
      'a Prometheus address without a scheme',
      { scale: { ...keda, prometheus: 'prom:9090' } },
      ['ScalingInvalid scale.prometheus'],
    ],
    ['the namespace of the system', { namespace: 'kube-system' }, ['KubernetesName namespace']],
    ['the namespace of training jobs', { namespace: 'training' }, ['KubernetesName namespace']],
    ['the default namespace', { namespace: 'default' }, ['KubernetesName namespace']],
    ['the namespace of a chart', { namespace: 'keda' }, ['KubernetesName namespace']],
    ['a name that is too long', { name: 'a'.repeat(41) }, ['KubernetesName name']],
    ['an invalid name', { name: 'A b' }, ['KubernetesName name']],
  ])('%s', (_, changes, problems) => {
    expect(rejected(changes)).toEqual(problems);
  });

  test('no image that is only known at deployment, and no other server arguments', () => {
    const args = ['--max-num-seqs', '64', '--enable-prefix-caching', '--speculative-config={"model":"a=b"}'];
    expect(() => modelServing(llama({ server: vllmServer({ image: '${REGISTRY}/vllm:1', args }) }))).not.toThrow();
    expect(() => modelServing(llama({ server: vllmServer({ args: ['--max-model-len', '16k'] }) }))).not.toThrow();
  });

  test('all invalid props at once', () => {
    expect(rejected({ name: 'A b', weightsGiB: -1, scale: { kind: 'fixed', replicas: 0 } })).toHaveLength(3);
  });
});
