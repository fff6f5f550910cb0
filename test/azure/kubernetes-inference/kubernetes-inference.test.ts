import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import type { TerraformStack } from 'cdktf';
import fc from 'fast-check';
import { findingsOf, ModelSpec, ServingLoad } from 'ai-infra-constructs';
import {
  AzureMachine,
  Capacity,
  ClusterSource,
  DataBucket,
  DataPurpose,
  GpuDriver,
  InfinibandFeature,
  Installation,
  KubeletDisk,
  KubernetesInference,
  type KubernetesInferenceProps,
  type KubernetesManifest,
  MlNetwork,
  ServingCache,
  ServingIngress,
  ServingModel,
  ServingScaling,
  ServingServer,
} from 'ai-infra-constructs/azure';
import { ModelIdentity } from '../../../lib/azure/kubernetes-inference/inference-software';
import { manifestFaults, schemaTest, valueFaults } from '../../kubernetes/schemas';
import { codesOf, type Json, newStack, problemsOf, resourcesOf, theOnly, refusalsOf, told } from '../support';

const GROUP = { name: 'models', location: 'swedencentral' };
const MACHINE = AzureMachine.NC24ADS_A100_V4;
const SHA256 = 'a'.repeat(64);
const BUCKET = {
  accountName: 'atlasmodels',
  accountId: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/atlasmodels',
  containerName: 'models',
};
const MODEL = ServingModel.bucket(BUCKET, { prefix: '/llama-8b/v3/', sha256: SHA256, sizeGiB: 16 });
const SMALL = ServingModel.volume('models', { sizeGiB: 16 });
const LOAD = ServingLoad.of({
  model: ModelSpec.LLAMA_3_1_8B,
  inputTokens: 1000,
  outputTokens: 300,
  requestsPerSecond: 20,
});
const NET = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/n';
const CLUSTER = {
  id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/research',
  resourceGroup: GROUP,
  nodeSubnetId: `${NET}/subnets/nodes`,
  oidcIssuerUrl: 'https://oidc.example.com/',
};
const WORKSPACE = '/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/logs';
const EXISTING = { cluster: ClusterSource.fromCluster(CLUSTER, { systemLabels: { system: 'true' } }) };

function inferenceWith(props: Partial<KubernetesInferenceProps> = {}): {
  stack: TerraformStack;
  inference: KubernetesInference;
} {
  const stack = newStack();
  new HelmProvider(stack, 'Helm');
  const all = { resourceGroup: GROUP, machine: MACHINE, model: SMALL, ...props };
  return { stack, inference: new KubernetesInference(stack, 'ChatModel', all) };
}

function manifestsOf(props: Partial<KubernetesInferenceProps> = {}): readonly KubernetesManifest[] {
  return inferenceWith(props).inference.software.objects!.manifests;
}

function only(manifests: readonly KubernetesManifest[], kind: string, name?: string): Json {
  const found = manifests.filter((one) => one.kind === kind && (name === undefined || one.metadata.name === name));
  expect(found).toHaveLength(1);
  return found[0];
}

const chartsOf = (props: Partial<KubernetesInferenceProps>): string[] => [
  ...inferenceWith(props).inference.software.charts!.releases.keys(),
];

/** A manifest with values for its variables, which the patterns of schemas do not allow. */
const inPlace = (manifest: KubernetesManifest): KubernetesManifest =>
  JSON.parse(JSON.stringify(manifest).replace(/\$\{[A-Z_]+\}/g, 'value')) as KubernetesManifest;

const accelerators = ({ stack }: { stack: TerraformStack }): Json => {
  const pools = Object.values(resourcesOf(stack, 'azurerm_kubernetes_cluster_node_pool'));
  expect(pools).toHaveLength(1);
  return pools[0];
};

describe('the nodes', () => {
  test('scale with the replicas, with one more for an update', () => {
    const pool = accelerators(inferenceWith({ scaling: ServingScaling.fixed(3) }));
    expect(pool).toMatchObject({
      auto_scaling_enabled: true,
      min_count: 0,
      max_count: 4,
      vm_size: 'Standard_NC24ads_A100_v4',
    });
  });

  test('always run on reserved capacity', () => {
    const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/capacityReservationGroups/r';
    const pool = accelerators(inferenceWith({ capacity: Capacity.reservation(id), scaling: ServingScaling.fixed(3) }));
    expect(pool.node_count).toBe(3);
    expect(pool.auto_scaling_enabled).toBeUndefined();
  });

  test('can run several replicas each', () => {
    const props = {
      machine: AzureMachine.NC96ADS_A100_V4,
      acceleratorsPerReplica: 2,
      scaling: ServingScaling.fixed(5),
    };
    expect(accelerators(inferenceWith(props)).max_count).toBe(3);
  });

  test.each([
    ['chat', 'chat'],
    ['a-model-of-chat', /^amodelo[0-9a-f]{5}$/],
    ['averylongnameofamodel', /^averylo[0-9a-f]{5}$/],
  ])('of %s have a valid pool name', (name, expected) => {
    const { name: pool } = accelerators(inferenceWith({ name }));
    expect(pool).toMatch(expected);
    expect((pool as string).length).toBeLessThanOrEqual(12);
  });

  test('get their driver from the GPU operator, or from AKS', () => {
    expect(chartsOf({})).toContain('gpu-operator');
    expect(accelerators(inferenceWith({})).gpu_driver).toBe('None');
    const byAks = { nodeOptions: { driver: GpuDriver.AKS } };
    expect(chartsOf(byAks)).toEqual(expect.arrayContaining(['nvidia-device-plugin', 'dcgm-exporter']));
    expect(chartsOf(byAks)).not.toContain('gpu-operator');
    expect(accelerators(inferenceWith(byAks)).gpu_driver).toBe('Install');
  });
});

describe('the OS disk of the nodes', () => {
  const diskOf = (props: Partial<KubernetesInferenceProps>) => accelerators(inferenceWith(props)).os_disk_size_gb;
  const LARGE = { machine: AzureMachine.ND96ISR_H200_V5, infinibandFeature: InfinibandFeature.REGISTERED };
  const model = ServingModel.huggingFace('meta-llama/Llama-3.1-405B', { revision: 'a'.repeat(40), sizeGiB: 640 });

  test('has space for the pod, for any size of the model', () => {
    const { stack, inference } = inferenceWith({ ...LARGE, model });
    const text = JSON.stringify(only(inference.software.objects!.manifests, 'Deployment'));
    const [, requested] = /"ephemeral-storage":"(\d+)Gi"/.exec(text)!;
    expect(Number(requested)).toBeGreaterThan(640);
    const { os_disk_size_gb: disk } = accelerators({ stack });
    expect(disk).toBeGreaterThanOrEqual(Number(requested) + 200);
    expect(disk).toBeLessThanOrEqual(2048);
  });

  test('has the default size for a small model, the configured size, or no space for the model if pods use another disk', () => {
    expect(diskOf({})).toBe(512);
    expect(diskOf({ ...LARGE, model, nodeOptions: { bootDiskGiB: 1500 } })).toBe(1500);
    expect(diskOf({ ...LARGE, model, nodeOptions: { kubeletDisk: KubeletDisk.TEMPORARY } })).toBe(512);
  });
});

test('sends the logs of a new control plane to the workspace', () => {
  const { stack } = inferenceWith({ cluster: ClusterSource.create({ logs: { id: WORKSPACE } }) });
  expect(theOnly(stack, 'azurerm_monitor_diagnostic_setting').log_analytics_workspace_id).toBe(WORKSPACE);
});

describe('the server', () => {
  test('runs on the nodes of its pool, with all accelerators of its replica', () => {
    const manifests = manifestsOf({ machine: AzureMachine.NC96ADS_A100_V4, acceleratorsPerReplica: 4 });
    const { spec } = only(manifests, 'Deployment').spec.template;
    expect(spec.containers[0].resources.limits['nvidia.com/gpu']).toBe('4');
    expect(spec.containers[0].args).toEqual(expect.arrayContaining(['--tensor-parallel-size', '4']));
    expect(spec.tolerations).toContainEqual(expect.objectContaining({ key: 'nvidia.com/gpu' }));
    expect(JSON.stringify(spec.affinity)).toContain('chatmod');
  });

  test('uses the minimum number of accelerators for its weights', () => {
    const size = (sizeGiB: number, machine = AzureMachine.NC96ADS_A100_V4) =>
      inferenceWith({ machine, model: ServingModel.volume('models', { sizeGiB }) }).inference.acceleratorsPerReplica;
    expect([size(16), size(80), size(140), size(250)]).toEqual([1, 2, 4, 4]);
  });

  test('has a namespace and a service account', () => {
    const manifests = manifestsOf({ name: 'chat', namespace: 'models' });
    expect(only(manifests, 'Namespace').metadata.name).toBe('models');
    expect(only(manifests, 'ServiceAccount').metadata).toMatchObject({ name: 'chat', namespace: 'models' });
  });

  schemaTest('matches the schemas of Kubernetes and of charts, with every option', () => {
    const gateway = { gateway: { name: 'g', namespace: 'gateways' }, endpointPicker: { name: 'p', port: 9002 } };
    const variants: Partial<KubernetesInferenceProps>[] = [
      {},
      { model: MODEL, cache: ServingCache.node() },
      { ingress: ServingIngress.internalLoadBalancer({ clientCidrs: ['10.0.0.0/16'], address: '10.0.0.9' }) },
      { ingress: ServingIngress.gateway(gateway) },
      { scaling: ServingScaling.keda({ maxReplicas: 4, targetConcurrency: 8 }) },
      { scaling: ServingScaling.hpa({ maxReplicas: 4, targetConcurrency: 8 }) },
    ];
    for (const props of variants) {
      const { inference } = inferenceWith({
        ...props,
        machine: AzureMachine.NC96ADS_A100_V4,
        installation: Installation.gitOps(),
      });
      const { manifests, releases } = inference.bundle;
      expect(manifests.flatMap((one) => manifestFaults(inPlace(one)))).toEqual([]);
      expect(releases.flatMap(valueFaults)).toEqual([]);
    }
  });
});

describe('a model in a bucket', () => {
  test('is readable for the identity of its servers only', () => {
    const { stack, inference } = inferenceWith({ model: MODEL, name: 'chat' });
    const credential = theOnly(stack, 'azurerm_federated_identity_credential');
    expect(credential).toMatchObject({
      subject: 'system:serviceaccount:chat:chat',
      audience: ['api://AzureADTokenExchange'],
    });
    const roles = Object.values(resourcesOf(stack, 'azurerm_role_assignment'));
    expect(roles).toContainEqual(
      expect.objectContaining({
        role_definition_name: 'Storage Blob Data Reader',
        scope: `${BUCKET.accountId}/blobServices/default/containers/models`,
      }),
    );
    const { manifests } = inference.software.objects!;
    expect(only(manifests, 'ServiceAccount').metadata.annotations['azure.workload.identity/client-id']).toMatch(
      /TfToken/,
    );
    const { metadata, spec } = only(manifests, 'Deployment').spec.template;
    expect(metadata.labels['azure.workload.identity/use']).toBe('true');
    const variables = Object.fromEntries(
      (spec.initContainers[0].env as Json[]).map(({ name, value }) => [name, value]),
    );
    expect(variables.SOURCE).toBe('https://atlasmodels.blob.core.windows.net/models/llama-8b/v3');
    expect(variables.DIGEST).toBe(SHA256);
    expect(variables.COPY).toMatch(/az storage blob download --auth-mode login .*--blob-url "\$from" --file "\$to"/);
    expect(variables.COPY).not.toMatch(/\$[({]/);
  });

  test('is granted before its servers are installed', () => {
    const { stack } = inferenceWith({ model: MODEL });
    const [trust] = Object.keys(resourcesOf(stack, 'azurerm_federated_identity_credential'));
    const [right] = Object.entries(resourcesOf(stack, 'azurerm_role_assignment')).find(
      ([, { role_definition_name: role }]) => role === 'Storage Blob Data Reader',
    )!;
    const granted = [`azurerm_federated_identity_credential.${trust}`, `azurerm_role_assignment.${right}`];
    const releases = Object.values(resourcesOf(stack, 'helm_release'));
    const charts = releases.filter(({ depends_on: before = [] }) => granted.every((one) => before.includes(one)));
    expect(charts.length).toBeGreaterThan(0);
  });

  test('is granted after a new container exists', () => {
    const stack = newStack();
    const network = new MlNetwork(stack, 'Network', { resourceGroup: GROUP });
    const bucket = new DataBucket(stack, 'Models', { resourceGroup: GROUP, network, purpose: DataPurpose.MODELS });
    const place = { resourceGroup: GROUP, oidcIssuerUrl: 'https://issuer', namespace: 'chat', serviceAccount: 'chat' };
    new ModelIdentity(stack, 'Identity', { ...place, bucket });
    const right = Object.values(resourcesOf(stack, 'azurerm_role_assignment')).find(
      ({ role_definition_name: role }) => role === 'Storage Blob Data Reader',
    )!;
    expect(right.depends_on).toEqual([expect.stringMatching(/^azurerm_storage_container\.Models_/)]);
  });

  test('is the only model that needs an identity', () => {
    const { stack, inference } = inferenceWith();
    expect(inference.identity).toBeUndefined();
    expect(resourcesOf(stack, 'azurerm_federated_identity_credential')).toEqual({});
  });
});

describe('ingress', () => {
  test('is a cluster service by default', () => {
    expect(inferenceWith({ name: 'chat' }).inference.url).toBe('http://chat.chat.svc:8000/v1');
  });

  test('can be an internal load balancer, which preserves the client address', () => {
    const ingress = ServingIngress.internalLoadBalancer({ clientCidrs: ['10.0.128.0/27'], address: '10.0.10.10' });
    const manifests = manifestsOf({ name: 'chat', ingress });
    const service = only(manifests, 'Service', 'chat-internal');
    expect(service.metadata.annotations).toEqual({
      'service.beta.kubernetes.io/azure-load-balancer-internal': 'true',
      'service.beta.kubernetes.io/azure-load-balancer-ipv4': '10.0.10.10',
    });
    expect(service.spec).toMatchObject({
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      loadBalancerSourceRanges: ['10.0.128.0/27'],
    });
    expect(service.spec.selector).toEqual(only(manifests, 'Service', 'chat').spec.selector);
    expect(JSON.stringify(only(manifests, 'NetworkPolicy').spec.ingress)).toContain('"cidr":"10.0.128.0/27"');
    expect(inferenceWith({ ingress }).inference.url).toBe('http://10.0.10.10:8000/v1');
  });

  test('has no URL if Azure chooses the address', () => {
    const ingress = ServingIngress.internalLoadBalancer({ clientCidrs: ['10.0.128.0/27'] });
    expect(codesOf(() => inferenceWith({ ingress }).inference.url)).toEqual(['IngressInvalid']);
  });

  test('can be an inference pool behind a gateway of the cluster', () => {
    const route = { gateway: { name: 'g', namespace: 'gateways' }, endpointPicker: { name: 'p', port: 9002 } };
    const manifests = manifestsOf({ ingress: ServingIngress.gateway(route) });
    expect(only(manifests, 'HTTPRoute').spec.parentRefs).toEqual([{ name: 'g', namespace: 'gateways' }]);
    expect(JSON.stringify(only(manifests, 'NetworkPolicy').spec.ingress)).toContain('gateways');
  });
});

describe('a load', () => {
  test('sizes replicas and nodes, and records a plan', () => {
    const { stack, inference } = inferenceWith({ load: LOAD });
    const { count } = inference.plan!.replicas;
    const { manifests } = inference.software.objects!;
    expect(only(manifests, 'Deployment').spec.replicas).toBe(count);
    expect(accelerators({ stack }).max_count).toBeGreaterThanOrEqual(count);
  });

  test('sets the scaling target', () => {
    const manifests = manifestsOf({ load: LOAD, scaling: ServingScaling.keda({ maxReplicas: 8 }) });
    expect(Number(only(manifests, 'ScaledObject').spec.triggers[0].metadata.threshold)).toBeGreaterThan(0);
  });

  test('is rejected if the model does not fit in a machine', () => {
    const load = ServingLoad.of({ model: ModelSpec.LLAMA_3_70B, inputTokens: 1000, outputTokens: 300, concurrency: 4 });
    expect(codesOf(() => inferenceWith({ load }))).toEqual(['MemoryTooSmall']);
  });
});

describe('GitOps', () => {
  const installation = Installation.gitOps();

  test('installs nothing, and writes variables for values that are known only at deployment', () => {
    const { stack, inference } = inferenceWith({ model: MODEL, installation });
    expect(resourcesOf(stack, 'helm_release')).toEqual({});
    const { manifests, variables } = inference.bundle;
    expect(Object.keys(variables ?? {})).toEqual(['MODEL_ADDRESS', 'MODEL_CLIENT_ID']);
    const text = JSON.stringify(manifests);
    expect(text).toContain('${MODEL_ADDRESS}');
    expect(text).toContain('${MODEL_CLIENT_ID}');
    expect(text).not.toContain('TfToken');
  });

  test('has no variables if all values are known', () => {
    expect(inferenceWith({ installation }).inference.bundle.variables).toEqual({});
  });
});

describe('an existing cluster', () => {
  test('gets nodes and software, and no new control plane', () => {
    const { stack } = inferenceWith({ ...EXISTING, nodeOptions: { driver: GpuDriver.AKS }, name: 'chat' });
    expect(resourcesOf(stack, 'azurerm_kubernetes_cluster')).toEqual({});
    expect(accelerators({ stack }).kubernetes_cluster_id).toBe(CLUSTER.id);
    const releases = Object.values(resourcesOf(stack, 'helm_release')).map(({ name }) => name as string);
    expect(releases).toEqual(expect.arrayContaining([expect.stringMatching(/device-plugin.*-chat$/)]));
  });

  test('keeps its existing charts', () => {
    const scaling = ServingScaling.keda({ maxReplicas: 2, targetConcurrency: 4 });
    const options = { systemLabels: { system: 'true' }, existingCharts: ['gpu-operator', 'keda'] as const };
    const cluster = ClusterSource.fromCluster(CLUSTER, options);
    expect(chartsOf({ cluster, scaling })).toEqual(['kube-prometheus-stack']);
  });
});

describe('findings', () => {
  const server = ServingServer.vllm({ image: `vllm@sha256:${SHA256}` });
  const ids = (props: Partial<KubernetesInferenceProps>) => {
    const { inference } = inferenceWith({ ...EXISTING, server, scaling: ServingScaling.fixed(2), ...props });
    const own = findingsOf(inference).filter(({ constructPath }) => constructPath === inference.node.path);
    return own.map(({ id }) => id).filter((id) => id !== 'network/policies');
  };

  test('report nothing for a fixed image on two replicas', () => {
    expect(ids({})).toEqual([]);
  });

  test.each<[string, Partial<KubernetesInferenceProps>]>([
    ['image/mutable', { server: ServingServer.vllm() }],
    ['serving/one-replica', { scaling: ServingScaling.fixed(1) }],
    ['scaling/adapter', { scaling: ServingScaling.hpa({ maxReplicas: 4, targetConcurrency: 8 }) }],
    [
      'serving/cold-start',
      {
        scaling: ServingScaling.keda({
          minReplicas: 0,
          maxReplicas: 2,
          targetConcurrency: 8,
          activation: { query: 'up' },
        }),
      },
    ],
    ['network/plain-requests', { ingress: ServingIngress.internalLoadBalancer({ clientCidrs: ['10.0.0.0/16'] }) }],
  ])('report %s', (id, props) => {
    expect(ids(props)).toEqual([id]);
  });

  test('report reserved nodes under replicas that scale', () => {
    const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/capacityReservationGroups/r';
    const cluster = ClusterSource.fromCluster({ ...CLUSTER, principalId: '1' }, { systemLabels: { system: 'true' } });
    const scaling = ServingScaling.keda({ maxReplicas: 4, targetConcurrency: 8 });
    expect(ids({ cluster, capacity: Capacity.reservation(id), scaling })).toEqual(['scaling/fixed-nodes']);
  });

  test('report files that cannot be the weights of the model', () => {
    const load = ServingLoad.of({
      model: ModelSpec.LLAMA_3_1_8B,
      inputTokens: 100,
      outputTokens: 100,
      requestsPerSecond: 1,
    });
    const model = ServingModel.volume('models', { sizeGiB: 4 });
    expect(ids({ load, model })).toContain('model/size');
  });
});

describe('validation', () => {
  test('reports all problems at once', () => {
    const problems = problemsOf(() =>
      inferenceWith({
        resourceGroup: { name: 'models', location: 'Sweden Central' },
        name: 'Chat_Model',
        namespace: 'kube-system',
        zone: '4',
        model: ServingModel.bucket(BUCKET, { prefix: 'm', sha256: 'x', sizeGiB: 0 }),
        ingress: ServingIngress.internalLoadBalancer({ clientCidrs: ['here'], address: 'there' }),
        cluster: ClusterSource.create({ kubernetesVersion: 'latest' }),
        nodeOptions: { bootDiskGiB: 1 },
      }),
    );
    const refused = problems.map(told);
    for (const one of [
      'KubernetesName name',
      'LocationInvalid resourceGroup.location',
      'LocationInvalid zone',
      'ModelSourceInvalid model.sha256',
      'ModelSourceInvalid model.sizeGiB',
      'IngressInvalid ingress.clientCidrs[0]',
      'IngressInvalid ingress.address',
      'KubernetesVersion cluster.kubernetesVersion',
      'VolumeOutOfRange nodeOptions.bootDiskGiB',
    ]) {
      expect(refused).toContain(one);
    }
  });

  test('rejects replicas that do not fit on a machine', () => {
    expect(codesOf(() => inferenceWith({ acceleratorsPerReplica: 2 }))).toEqual(['ReplicaLayout']);
    expect(
      codesOf(() => inferenceWith({ acceleratorsPerReplica: 1, model: ServingModel.volume('m', { sizeGiB: 100 }) })),
    ).toEqual(['MemoryTooSmall']);
    fc.assert(
      fc.property(fc.integer({ min: -2, max: 9 }), (acceleratorsPerReplica) => {
        const machine = AzureMachine.NC96ADS_A100_V4;
        const run = () => inferenceWith({ ...EXISTING, machine, acceleratorsPerReplica });
        if ([1, 2, 3, 4].includes(acceleratorsPerReplica)) expect(run).not.toThrow();
        else expect(codesOf(run)).toContain('ReplicaLayout');
      }),
      { numRuns: 20, seed: 2 },
    );
  });

  test('rejects a range without a target, a hub model for Triton, and an AMD machine without an image', () => {
    expect(codesOf(() => inferenceWith({ scaling: ServingScaling.keda({ maxReplicas: 2 }) }))).toEqual([
      'ValueMissing',
    ]);
    const model = ServingModel.huggingFace('a/b', { revision: 'a'.repeat(40), sizeGiB: 4 });
    expect(codesOf(() => inferenceWith({ model, server: ServingServer.triton() }))).toContain('ModelSourceInvalid');
  });

  test('rejects an existing cluster with a new network, or without labels or an OIDC issuer', () => {
    for (const systemLabels of [undefined, {}])
      expect(
        refusalsOf(() => inferenceWith({ cluster: ClusterSource.fromCluster(CLUSTER, { systemLabels }) })),
      ).toEqual(['ClusterOption cluster.systemLabels']);
    const network = MlNetwork.fromMlNetworkAttributes(newStack(), 'Network', {
      virtualNetworkId: NET,
      nodeSubnetId: `${NET}/subnets/a`,
      endpointSubnetId: `${NET}/subnets/b`,
    });
    expect(refusalsOf(() => inferenceWith({ ...EXISTING, network }))).toEqual(['ClusterOption network']);
    const { oidcIssuerUrl, ...withoutIssuer } = CLUSTER;
    expect(oidcIssuerUrl).toBeDefined();
    const cluster = ClusterSource.fromCluster(withoutIssuer, { systemLabels: { system: 'true' } });
    expect(codesOf(() => inferenceWith({ cluster, model: MODEL }))).toEqual(['ValueMissing']);
  });

  test('rejects a load balancer without clients', () => {
    expect(codesOf(() => inferenceWith({ ingress: ServingIngress.internalLoadBalancer({ clientCidrs: [] }) }))).toEqual(
      ['IngressInvalid'],
    );
  });

  test.each([undefined, null, 7, 'text', [], {}])('rejects %p as the value of each prop', (hostile) => {
    const needed = ['resourceGroup', 'machine', 'model'];
    const props = [
      ...needed,
      'server',
      'load',
      'scaling',
      'ingress',
      'cache',
      'cluster',
      'capacity',
      'installation',
      'prices',
      'nodeOptions',
    ];
    for (const prop of props) {
      const run = () => inferenceWith({ [prop]: hostile });
      const fine =
        (hostile === undefined && !needed.includes(prop)) ||
        (prop === 'nodeOptions' && JSON.stringify(hostile) === '{}');
      if (fine) expect(run).not.toThrow();
      else expect(problemsOf(run).length).toBeGreaterThan(0);
    }
    expect(() => new KubernetesInference(newStack(), 'Chat', hostile as KubernetesInferenceProps)).toThrow(/\[/);
    expect(() => ServingModel.bucket(hostile as never, hostile as never)).toThrow(/\[/);
    expect(() => ServingIngress.internalLoadBalancer(hostile as never)).toThrow(/\[/);
    expect(() => ServingIngress.gateway(hostile as never)).toThrow(/\[/);
  });
});

test('keeps the addresses of stateful resources', () => {
  const { stack } = inferenceWith({ model: MODEL });
  const types = [
    'azurerm_kubernetes_cluster',
    'azurerm_kubernetes_cluster_node_pool',
    'azurerm_key_vault',
    'azurerm_virtual_network',
  ];
  const addresses = types.flatMap((type) => Object.keys(resourcesOf(stack, type)).map((id) => `${type}.${id}`));
  expect(addresses).toMatchInlineSnapshot(`
   [
     "azurerm_kubernetes_cluster.ChatModel_ControlPlane_DB212C7D",
     "azurerm_kubernetes_cluster_node_pool.ChatModel_Nodes_Pool_4DB60ABF",
     "azurerm_key_vault.ChatModel_ControlPlane_Key_Vault_AD3221AD",
     "azurerm_virtual_network.ChatModel_ControlPlane_Network_7603ADF2",
   ]
  `);
});
