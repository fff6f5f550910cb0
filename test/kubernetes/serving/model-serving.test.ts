import { modelServing, servingNamespace, startupSeconds, tritonServer, vllmServer } from '../../../lib/kubernetes';
import { at, byName } from '../at';
import { refusalOf } from '../problems';
import { manifestFaults, schemaTest } from '../schemas';
import { COMMIT, DIGEST, llama, nodes, objectOf } from './serving';

const POD = 'spec.template.spec';
const SERVER = `${POD}.containers.0`;
const keda = { kind: 'keda', prometheus: 'http://p:9090', least: 1, most: 6, requestsPerReplica: 32 } as const;
const huggingFace = { kind: 'hugging-face', repository: 'meta-llama/Llama-3', revision: COMMIT } as const;
const several = { acceleratorsPerReplica: 16, scale: { kind: 'fixed', replicas: 2 } } as const;

describe('every object is one of its published schema', () => {
  schemaTest('for each way to serve a model', () => {
    const ways = [
      llama(),
      llama(several),
      llama({ ...several, fabricEnv: [{ name: 'FI_PROVIDER', value: 'efa' }] }),
      llama({ scale: keda, metricsNamespaces: ['monitoring'] }),
      llama({ scale: { ...keda, least: 0, wakeUp: { query: 'sum(rate(requests[1m]))' } } }),
      llama({ scale: { kind: 'hpa', least: 1, most: 4, requestsPerReplica: 8 } }),
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
  test('asks for its accelerators, its share of cores and memory, and no fabric', () => {
    const { requests, limits } = at(objectOf('Deployment'), `${SERVER}.resources`) as Record<string, object>;
    expect(requests).toEqual({
      cpu: '72',
      memory: '733Gi',
      'nvidia.com/gpu': '4',
      'ephemeral-storage': '156Gi',
    });
    expect(limits).not.toHaveProperty('cpu');
  });

  test('two of them fit one node', () => {
    const cpu = Number(at(objectOf('Deployment'), `${SERVER}.resources.requests.cpu`));
    expect(2 * cpu).toBeLessThanOrEqual(192 * 0.95);
  });

  test('splits its layers over them, and listens on one port', () => {
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

  test('says each option of the server once', () => {
    const server = vllmServer({ servedModelName: 'chat', maxModelLength: 8192, memoryShare: 0.8, kvCacheType: 'fp8' });
    const args = at(objectOf('Deployment', { server }), `${SERVER}.args`) as string[];
    expect(args.filter((one) => one === '--served-model-name')).toHaveLength(1);
    expect(args.join(' ')).toContain(
      '--served-model-name chat --max-model-len 8192 --gpu-memory-utilization 0.8 --kv-cache-dtype fp8',
    );
  });

  test('may take as long to start as its weights take to read', () => {
    const { startupProbe, readinessProbe } = at(objectOf('Deployment'), SERVER) as Record<
      string,
      Record<string, number>
    >;
    expect(startupProbe!.failureThreshold! * startupProbe!.periodSeconds!).toBe(startupSeconds(140));
    expect(startupSeconds(140)).toBe(1160);
    expect(readinessProbe).toMatchObject({ httpGet: { path: '/health', port: 'http' } });
    expect(at(objectOf('Deployment'), 'spec.progressDeadlineSeconds')).toBeGreaterThan(startupSeconds(140) + 560);
  });

  test('has no right of the host, and writes nowhere but in its volumes', () => {
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

  test('shares memory between its processes, and no more than its own', () => {
    const { 'shared-memory': shared } = byName(at(objectOf('Deployment'), `${POD}.volumes`));
    expect(shared).toMatchObject({ emptyDir: { medium: 'Memory', sizeLimit: '16Gi' } });
    const small = nodes({ acceleratorsPerNode: 1, memoryGiB: 16, vcpus: 4, hugepages2MiB: 0, fabric: undefined });
    const volumes = at(objectOf('Deployment', { pool: small, acceleratorsPerReplica: 1 }), `${POD}.volumes`);
    expect(byName(volumes)['shared-memory']).toMatchObject({ emptyDir: { sizeLimit: '2Gi' } });
  });

  test('is replaced before it stops where there is room, and after it where there is none', () => {
    const step = (surge?: boolean) => at(objectOf('Deployment', { surge }), 'spec.strategy.rollingUpdate');
    expect(step()).toEqual({ maxSurge: 1, maxUnavailable: 0 });
    expect(step(false)).toEqual({ maxSurge: 0, maxUnavailable: 1 });
  });
});

describe('a replica of several nodes', () => {
  const set = objectOf('LeaderWorkerSet', { ...several, fabricEnv: [{ name: 'FI_PROVIDER', value: 'efa' }] });
  const container = (part: 'leader' | 'worker') =>
    at(set, `spec.leaderWorkerTemplate.${part}Template.spec.containers.0`) as Record<string, string[]>;

  test('is a group of one pod a node, which fails as one', () => {
    expect(at(set, 'spec.leaderWorkerTemplate')).toMatchObject({
      size: 2,
      restartPolicy: 'RecreateGroupOnPodRestart',
    });
    expect(at(set, 'spec.replicas')).toBe(2);
  });

  test('splits layers within a node and the model between nodes; only the leader takes requests', () => {
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

  test('takes the whole fabric of its nodes, and locks memory for it', () => {
    for (const part of ['leader', 'worker'] as const) {
      expect(container(part)).toMatchObject({
        resources: { limits: { 'nvidia.com/gpu': '8', 'vpc.amazonaws.com/efa': '32', 'hugepages-2Mi': '10256Mi' } },
        securityContext: { capabilities: { drop: ['ALL'], add: ['IPC_LOCK'] } },
      });
      expect(container(part).env).toContainEqual({ name: 'FI_PROVIDER', value: 'efa' });
    }
  });

  test('is reached at its leader', () => {
    const service = objectOf('Service', several);
    expect(at(service, 'spec.selector')).toEqual({ 'ai-infra/serves': 'llama' });
    expect(at(set, 'spec.leaderWorkerTemplate.leaderTemplate.metadata.labels')).toMatchObject({
      'ai-infra/serves': 'llama',
    });
    expect(at(set, 'spec.leaderWorkerTemplate.workerTemplate.metadata.labels')).toEqual({ 'ai-infra/model': 'llama' });
  });
});

describe('Triton', () => {
  const server = at(objectOf('Deployment', { server: tritonServer({ args: ['--log-verbose=1'] }) }), SERVER);

  test('serves a repository of models, and says apart how it is and what it does', () => {
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

describe('who may call', () => {
  const rules = (changes = {}) => at(objectOf('NetworkPolicy', changes), 'spec.ingress') as object[];

  test('pods of the namespace, on the port of requests, where nothing is said', () => {
    expect(rules()[1]).toEqual({
      from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'serving' } } }],
      ports: [{ protocol: 'TCP', port: 8000 }],
    });
    expect(rules()).toHaveLength(2);
  });

  test('Prometheus reads the port of metrics', () => {
    expect(rules({ server: tritonServer(), metricsNamespaces: ['monitoring'] })[2]).toEqual({
      from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }],
      ports: [{ protocol: 'TCP', port: 8002 }],
    });
  });

  test('servers reach names, HTTPS, each other, and what is named', () => {
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
  test('lie with the pod, on the node or on a volume', () => {
    const volume = (changes: object) => byName(at(objectOf('Deployment', changes), `${POD}.volumes`)).model;
    expect(volume({})).toMatchObject({ emptyDir: { sizeLimit: '156Gi' } });
    expect(volume({ cache: { kind: 'node', path: '/mnt/models' } })).toMatchObject({
      hostPath: { path: '/mnt/models', type: 'DirectoryOrCreate' },
    });
    expect(volume({ cache: { kind: 'volume', claimName: 'c' } })).toMatchObject({
      persistentVolumeClaim: { claimName: 'c' },
    });
  });

  test('that lie on a volume are fetched by nobody', () => {
    const pod = at(objectOf('Deployment', { source: { kind: 'volume', claimName: 'c', path: 'v3' } }), POD);
    expect(pod).not.toHaveProperty('initContainers');
    expect(at(pod, 'containers.0.args.0')).toBe('/models/v3');
  });

  test('of the hub come with the client of the server’s own image, and a secret where one is named', () => {
    const fetcher = (tokenSecret?: string) =>
      at(objectOf('Deployment', { source: { ...huggingFace, tokenSecret } }), `${POD}.initContainers.0`);
    expect(fetcher()).toMatchObject({ image: vllmServer().image });
    expect(JSON.stringify(fetcher())).not.toContain('HF_TOKEN');
    expect(byName(at(fetcher('hub'), 'env')).HF_TOKEN).toMatchObject({
      valueFrom: { secretKeyRef: { name: 'hub', key: 'token' } },
    });
  });
});

describe('replicas that follow the requests', () => {
  const scaled = (changes: object = {}) => objectOf('ScaledObject', { scale: { ...keda, ...changes } });

  test('are counted by KEDA alone: applying the deployment again leaves their number', () => {
    expect(at(objectOf('Deployment', { scale: keda }), 'spec')).not.toHaveProperty('replicas');
    expect(at(objectOf('LeaderWorkerSet', { ...several, scale: { ...keda, most: 2 } }), 'spec')).not.toHaveProperty(
      'replicas',
    );
  });

  test('by those that run and those that wait, and by the cache', () => {
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

  test('of several nodes are counted as groups', () => {
    const scale = { ...keda, most: 2 };
    expect(at(objectOf('ScaledObject', { ...several, scale }), 'spec.scaleTargetRef')).toEqual({
      apiVersion: 'leaderworkerset.x-k8s.io/v1',
      kind: 'LeaderWorkerSet',
      name: 'llama',
    });
  });

  test('go slower than they come, and no faster than one comes back', () => {
    const behavior = at(scaled(), 'spec.advanced.horizontalPodAutoscalerConfig.behavior');
    expect(behavior).toMatchObject({
      scaleUp: { stabilizationWindowSeconds: 0 },
      scaleDown: { stabilizationWindowSeconds: startupSeconds(140) },
    });
  });

  test('go to zero where something else tells that a request waits', () => {
    const object = scaled({ least: 0, wakeUp: { query: 'sum(rate(gateway[1m]))', above: 2 } });
    expect(at(object, 'spec.minReplicaCount')).toBe(0);
    expect(byName(at(object, 'spec.triggers'))['wake-up']).toMatchObject({
      metadata: { query: 'sum(rate(gateway[1m]))', activationThreshold: '2' },
    });
  });

  test('by the autoscaler of Kubernetes on gauges of an adapter', () => {
    const scale = { kind: 'hpa', least: 1, most: 4, requestsPerReplica: 8 } as const;
    expect(at(objectOf('HorizontalPodAutoscaler', { scale }), 'spec.metrics.1.pods')).toEqual({
      metric: { name: 'vllm_num_requests_waiting' },
      target: { type: 'AverageValue', averageValue: '8' },
    });
    expect(() => objectOf('PodMonitor', { scale })).toThrow('no PodMonitor');
  });

  test('of Triton by the time that requests spend in it', () => {
    const object = objectOf('ScaledObject', { server: tritonServer(), scale: keda });
    expect(at(object, 'spec.triggers')).toHaveLength(1);
    expect(at(object, 'spec.triggers.0.metadata.query')).toMatch(/^sum\(rate\(nv_inference_request_duration_us/);
    expect(at(objectOf('PodMonitor', { server: tritonServer(), scale: keda }), 'spec.podMetricsEndpoints.0.port')).toBe(
      'metrics',
    );
  });
});

describe('what cannot be', () => {
  const refused = (changes: object) => refusalOf(() => modelServing(llama(changes)));
  const hpa = { kind: 'hpa', least: 1, most: 2, requestsPerReplica: 8 } as const;

  test.each([
    ['a replica of no whole number', { acceleratorsPerReplica: 1.5 }, ['ReplicaLayout acceleratorsPerReplica']],
    ['one that lies on half a node more', { acceleratorsPerReplica: 12 }, ['ReplicaLayout acceleratorsPerReplica']],
    ['Triton on several nodes', { ...several, server: tritonServer() }, ['ReplicaLayout acceleratorsPerReplica']],
    ['more replicas than nodes', { scale: { kind: 'fixed', replicas: 9 } }, ['ReplicaLayout pool.nodes']],
    ['no replica', { scale: { kind: 'fixed', replicas: 0 } }, ['ScalingInvalid scale.replicas']],
    ['a range upside down', { scale: { ...keda, least: 4, most: 2 } }, ['ScalingInvalid scale.most']],
    ['no target', { scale: { ...keda, requestsPerReplica: 0 } }, ['ScalingInvalid scale.requestsPerReplica']],
    ['gauges that Triton lacks', { scale: hpa, server: tritonServer() }, ['ScalingInvalid scale.kind']],
    ['zero without a waker', { scale: { ...keda, least: 0 } }, ['ScaleToZero scale.least']],
    ['zero by the autoscaler of Kubernetes', { scale: { ...hpa, least: 0 } }, ['ScaleToZero scale.least']],
    ['a branch of the hub', { source: { ...huggingFace, revision: 'main' } }, ['ModelSourceInvalid source.revision']],
    ['half a name', { source: { ...huggingFace, repository: 'llama' } }, ['ModelSourceInvalid source.repository']],
    ['a digest', { source: { ...llama().source, sha256: 'abc' } }, ['ModelSourceInvalid source.sha256']],
    ['an address', { source: { ...llama().source, address: 's3://m/' } }, ['ModelSourceInvalid source.address']],
    ['a claim', { source: { kind: 'volume', claimName: 'A b' } }, ['ModelSourceInvalid source.claimName']],
    ['the root of a node', { cache: { kind: 'node', path: '/' } }, ['ModelSourceInvalid source.cache.path']],
    ['weights of no size', { weightsGiB: 0 }, ['ModelSourceInvalid weightsGiB']],
    [
      'a path that leads out',
      { source: { kind: 'volume', claimName: 'm', path: '../x' } },
      ['ModelSourceInvalid source.path'],
    ],
    [
      'a token in place of a secret',
      { source: { ...huggingFace, tokenSecret: 'hf_A b' } },
      ['ModelSourceInvalid source.tokenSecret'],
    ],
    ['an image', { server: vllmServer({ image: 'https://vllm' }) }, ['ServingContainerInvalid server.image']],
    [
      'more than all memory',
      { server: vllmServer({ memoryShare: 1.2 }) },
      ['ServingContainerInvalid server.memoryShare'],
    ],
    ['no memory', { server: vllmServer({ memoryShare: 0 }) }, ['ServingContainerInvalid server.memoryShare']],
    ['no tokens', { server: vllmServer({ maxModelLength: -4 }) }, ['ServingContainerInvalid server.maxModelLength']],
    ['another port', { server: vllmServer({ args: ['--port=9000'] }) }, ['ServingContainerInvalid server.args']],
    [
      'another split',
      { server: vllmServer({ args: ['--tensor_parallel_size', '3'] }) },
      ['ServingContainerInvalid server.args'],
    ],
    [
      'an option twice',
      { server: vllmServer({ args: ['--gpu-memory-utilization', '0.5'] }) },
      ['ServingContainerInvalid server.args'],
    ],
    [
      'a port of Triton',
      { server: tritonServer({ args: ['--http-port', '1'] }) },
      ['ServingContainerInvalid server.args'],
    ],
    [
      'a variable',
      { server: vllmServer({ env: [{ name: 'A B', value: '1' }] }) },
      ['ServingContainerInvalid server.env.A B'],
    ],
    [
      'a variable twice',
      { server: vllmServer({ env: ['1', '2'].map((value) => ({ name: 'A', value })) }) },
      ['ServingContainerInvalid server.env'],
    ],
    ['no address of Prometheus', { scale: { ...keda, prometheus: 'prom:9090' } }, ['ScalingInvalid scale.prometheus']],
    ['the namespace of the cluster itself', { namespace: 'kube-system' }, ['KubernetesName namespace']],
    ['the namespace of those without one', { namespace: 'default' }, ['KubernetesName namespace']],
    ['the namespace of a chart', { namespace: 'keda' }, ['KubernetesName namespace']],
    ['a long name', { name: 'a'.repeat(41) }, ['KubernetesName name']],
    ['no name', { name: 'A b' }, ['KubernetesName name']],
  ])('%s', (_, changes, problems) => {
    expect(refused(changes)).toEqual(problems);
  });

  test('but not what only the deployment knows, or what a server has more of', () => {
    const args = ['--max-num-seqs', '64', '--enable-prefix-caching', '--speculative-config={"model":"a=b"}'];
    expect(() => modelServing(llama({ server: vllmServer({ image: '${REGISTRY}/vllm:1', args }) }))).not.toThrow();
    expect(() => modelServing(llama({ server: vllmServer({ args: ['--max-model-len', '16k'] }) }))).not.toThrow();
  });

  test('is all told at once', () => {
    expect(refused({ name: 'A b', weightsGiB: -1, scale: { kind: 'fixed', replicas: 0 } })).toHaveLength(3);
  });
});
