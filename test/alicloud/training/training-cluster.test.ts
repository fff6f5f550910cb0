import { spawnSync } from 'node:child_process';
import { findingsOf } from 'ai-infra-constructs';
import {
  AlicloudMachine,
  Capacity,
  ClusterSource,
  DataBucket,
  EncryptionKey,
  GpuSharing,
  Installation,
  TrainingCluster,
  type TrainingClusterProps,
  TrainingStorage,
} from 'ai-infra-constructs/alicloud';
import type { TerraformStack } from 'cdktf';
import { objectsOf, ofKind } from '../../terraform/installed';
import { pretraining } from '../../terraform/jobs';
import { at } from '../../kubernetes/at';
import { existingCluster, type Json, problemsOf, resourcesOf, stackIn, theOnly, ZONE } from '../support';

const HOPPER = AlicloudMachine.ECS_EBMGN8V_48XLARGE;
const A10 = AlicloudMachine.ECS_GN7I_8X_32XLARGE;

function synth(props: Partial<TrainingClusterProps> = {}): { stack: TerraformStack; cluster: TrainingCluster } {
  const stack = stackIn();
  const nodes = props.job ? undefined : 2;
  const cluster = new TrainingCluster(stack, 'Pretrain', { machine: HOPPER, zone: ZONE, nodes, ...props });
  return { stack, cluster };
}

const idsOf = (cluster: TrainingCluster) => findingsOf(cluster).map(({ id }) => id);
const codesFor = (props: Partial<TrainingClusterProps>) => problemsOf(() => synth(props)).map(({ code }) => code);
const bucket = (name: string) => ({ name, encryptionKey: { keyId: 'key-1' } });
const SHARED = bucket('data');
const poolsOf = (stack: TerraformStack) => Object.values(resourcesOf(stack, 'alicloud_cs_kubernetes_node_pool'));

describe('a training cluster', () => {
  const { stack, cluster } = synth({ datasets: bucket('data'), checkpoints: bucket('runs') });
  const addOns = Object.entries(resourcesOf(stack, 'alicloud_cs_kubernetes_addon'));
  const addOn = (name: string) => addOns.find(([, one]) => one.name === name)!;

  test('creates a control plane, system nodes, and accelerator nodes in its zone', () => {
    expect(theOnly(stack, 'alicloud_cs_managed_kubernetes').vswitch_ids).toHaveLength(1);
    expect(poolsOf(stack).map(({ node_pool_name: name }) => name as string)).toEqual(['nodes', 'system']);
    expect(cluster.systemNodes?.name).toBe('system');
  });

  test('encrypts secrets, disks, and the file system with one key', () => {
    const key = /^\$\{alicloud_kms_key\.[^.]*\.id\}$/;
    expect(theOnly(stack, 'alicloud_kms_key')).toBeDefined();
    for (const pool of poolsOf(stack)) expect(pool.system_disk_kms_key).toMatch(key);
    expect(theOnly(stack, 'alicloud_nas_file_system').kms_key_id).toMatch(key);
  });

  test('configures eRDMA after the system nodes, and creates accelerator nodes after that', () => {
    const [address, erdma] = addOn('ack-erdma-controller');
    expect(JSON.stringify(erdma.config)).toContain('allocateAllDevices');
    expect(erdma.depends_on).toEqual([expect.stringMatching(/node_pool\.Pretrain_System_/)]);
    const [releaseName, release] = Object.entries(resourcesOf(stack, 'helm_release')).find(([name]) =>
      name.includes('Erdma_Terway'),
    )!;
    expect(release).toMatchObject({ wait: true, wait_for_jobs: true });
    expect(release.depends_on).toContain(`alicloud_cs_kubernetes_addon.${address}`);
    const pool = poolsOf(stack).find(({ node_pool_name: name }) => name === 'nodes');
    expect(pool.depends_on).toContain(`helm_release.${releaseName}`);
  });

  test('lets jobs assume a RAM role of their service account only', () => {
    const roles = Object.entries(resourcesOf(stack, 'alicloud_ram_role'));
    const [, role] = roles.find(([name]) => name.includes('Jobs'))!;
    expect(role.assume_role_policy_document).toContain('system:serviceaccount:training:training-jobs');
    expect(role.assume_role_policy_document).toContain('rrsa_metadata[0].ram_oidc_provider_arn');
    const attached = Object.values(resourcesOf(stack, 'alicloud_ram_role_policy_attachment'));
    expect(attached).toHaveLength(2);
    expect(JSON.stringify(addOn('ack-pod-identity-webhook')[1].config)).toContain('AutoInjectSTSEnvVars');
  });

  test('gives pods the credentials of the role', () => {
    const objects = objectsOf(stack);
    const namespace = ofKind(objects, 'Namespace').training;
    expect(at(namespace, 'metadata.labels')).toMatchObject({ 'pod-identity.alibabacloud.com/injection': 'on' });
    const account = ofKind(objects, 'ServiceAccount')['training-jobs'];
    expect(at(account, 'metadata.annotations')).toEqual({
      'pod-identity.alibabacloud.com/role-name': cluster.jobs!.roleName,
    });
  });

  test('runs jobs on the network of the host, with one eRDMA device and its settings of NCCL', () => {
    const runtime = ofKind(objectsOf(stack), 'ClusterTrainingRuntime').nodes;
    const pod = at(runtime, 'spec.template.spec.replicatedJobs.0.template.spec.template.spec');
    expect(pod).toMatchObject({
      hostNetwork: true,
      dnsPolicy: 'ClusterFirstWithHostNet',
      serviceAccountName: 'training-jobs',
    });
    expect(at(pod, 'containers.0.resources.limits')).toMatchObject({ 'aliyun/erdma': '1', 'nvidia.com/gpu': '8' });
    expect(at(pod, 'containers.0.env')).toContainEqual({ name: 'NCCL_IB_HCA', value: 'erdma' });
  });

  test('installs charts after the system nodes, and no device plugin or exporter', () => {
    const releases = Object.values(resourcesOf(stack, 'helm_release'));
    const charts = releases.map(({ chart }) => chart as string).filter((chart) => !chart.includes('path.module'));
    expect(charts.sort()).toEqual(['jobset', 'kubeflow-trainer', 'kueue']);
    const jobset = releases.find(({ chart }) => chart === 'jobset');
    expect(jobset.depends_on).toContainEqual(expect.stringMatching(/node_pool\.Pretrain_System_/));
  });

  test('sizes the file system for the nodes, and installs the agent that mounts it', () => {
    expect(theOnly(stack, 'alicloud_nas_file_system')).toMatchObject({ zone_id: ZONE });
    expect(addOn('cnfs-nas-daemon')).toBeDefined();
  });

  test('says what an account must show', () => {
    expect(idsOf(cluster)).toEqual(
      expect.arrayContaining(['fabric/mtu', 'fabric/no-proof', 'image/mirror', 'nodes/health', 'image/mutable']),
    );
  });

  test('creates a job on the nodes', () => {
    const job = cluster.trainJob({ name: 'pretrain', command: ['torchrun', 'train.py'] });
    expect(job).toMatchObject({ kind: 'TrainJob', spec: { trainer: { numNodes: 2, numProcPerNode: 8 } } });
    expect(() => cluster.trainJob({ name: 'x', group: 'none' })).toThrow(/GroupUnknown/);
  });
});

test('writes an acceptance job with the expected bandwidth, which uses a free port of the host', () => {
  const { cluster } = synth({
    images: { acceptance: 'registry.example.com/nccl-tests:1' },
    storage: TrainingStorage.none(),
  });
  const output = cluster.software.node.findAll().find(({ node }) => node.id === 'Acceptance-nodes');
  expect(JSON.stringify((output as never as { value: string }).value)).toContain('15 GB/s');
  expect(idsOf(cluster)).not.toContain('fabric/no-proof');
});

test('has no eRDMA without machines that have it', () => {
  const { stack, cluster } = synth({ machine: A10, storage: TrainingStorage.none() });
  expect(cluster.erdma).toBeUndefined();
  expect(resourcesOf(stack, 'alicloud_cs_kubernetes_addon')).toEqual({});
  const runtime = ofKind(objectsOf(stack), 'ClusterTrainingRuntime').nodes;
  expect(JSON.stringify(runtime)).not.toContain('hostNetwork');
});

test('adds the filter as the first member of the configuration of Terway, and checks the agents also in a second attempt', () => {
  const { cluster } = synth({ installation: Installation.gitOps() });
  const job = cluster.bundle.manifests.find(
    ({ kind, metadata }) => kind === 'Job' && metadata.name.startsWith('terway-'),
  )!;
  const script = (job as Json).spec.template.spec.containers[0].command[2] as string;
  const [, filter] = /^ {2}(tr .*) < \/tmp\/eni_conf/m.exec(script)!;
  const before = {
    version: '1',
    max_pool_size: 5,
    vswitches: { 'cn-hangzhou-i': ['vsw-1'], 'cn-hangzhou-j': ['vsw-2'] },
  };
  const after = spawnSync('sh', ['-c', filter!], { input: JSON.stringify(before, null, 2), encoding: 'utf8' }).stdout;
  expect(JSON.parse(after)).toEqual({ ...before, eni_tag_filter: { creator: 'terway' } });
  expect(script).not.toContain('exit 0');
  expect(script.trim().split('\n').at(-1)).toContain('rollout status');
  expect(job.metadata.name).toMatch(/^terway-erdma-filter-[0-9a-f]{8}$/);
});

test('puts the filter of Terway into the bundle for GitOps, with a warning', () => {
  const { stack, cluster } = synth({ installation: Installation.gitOps() });
  expect(resourcesOf(stack, 'helm_release')).toEqual({});
  expect(cluster.bundle.manifests.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['Job', 'ClusterTrainingRuntime']),
  );
  expect(idsOf(cluster)).toContain('cluster/add-ons');
});

test('joins an existing cluster, whose add-ons it cannot check', () => {
  const stack = stackIn();
  const source = existingCluster(stack, { oidcProviderArn: 'acs:ram::1:oidc-provider/x', oidcIssuerUrl: 'https://x' });
  const cluster = new TrainingCluster(stack, 'Pretrain', {
    machine: HOPPER,
    zone: ZONE,
    nodes: 2,
    cluster: ClusterSource.fromCluster(source, { existingCharts: ['kueue'], systemLabels: { role: 'system' } }),
    encryptionKey: EncryptionKey.fromEncryptionKeyId(stack, 'Key', 'key-hzz63d2c8d3dfv8cv0000'),
    checkpoints: DataBucket.fromBucketName(stack, 'Runs', 'runs'),
  });
  expect(resourcesOf(stack, 'alicloud_cs_managed_kubernetes')).toEqual({});
  expect(cluster.software.charts!.releases.has('kueue')).toBe(false);
  const [finding] = findingsOf(cluster).filter(({ id }) => id === 'cluster/add-ons');
  expect(finding!.message).toContain('ack-erdma-controller');
});

test('adds groups with other machines, and Lingjun nodes of a contract', () => {
  const { stack, cluster } = synth({
    cluster: ClusterSource.create({ systemNodes: { minNodes: 3 } }),
    groups: {
      debug: { machine: A10, nodes: 1, capacity: Capacity.spot() },
      lingjun: {
        machine: HOPPER,
        nodes: 4,
        capacity: Capacity.lingjun({ clusterId: 'c', nodeGroupId: 'g', fabricGbps: 3200 }),
      },
    },
  });
  expect(Object.keys(cluster.groups)).toEqual(['nodes', 'debug', 'lingjun']);
  const runtime = ofKind(objectsOf(stack), 'ClusterTrainingRuntime').lingjun;
  const pod = at(runtime, 'spec.template.spec.replicatedJobs.0.template.spec.template.spec');
  expect(at(pod, 'containers.0.resources.limits')).toMatchObject({ 'rdma/hca': '1' });
  expect(at(pod, 'containers.0.securityContext.capabilities.add')).toEqual(['IPC_LOCK', 'SYS_RESOURCE']);
  expect(at(pod, 'tolerations')).toContainEqual(
    expect.objectContaining({ key: 'node-role.alibabacloud.com/lingjun', operator: 'Exists' }),
  );
  expect(idsOf(cluster)).toContain('spot/no-checkpoints');
});

test('plans a job, with the nodes that it needs', () => {
  const { cluster } = synth({ job: pretraining(), checkpoints: bucket('runs') });
  expect(cluster.plan?.time).toBeDefined();
  expect(cluster.nodeGroup.nodes).toBeGreaterThan(0);
});

describe('a training cluster rejects', () => {
  const lingjun = Capacity.lingjun({ clusterId: 'c', nodeGroupId: 'g', fabricGbps: 3200 });

  test.each<[string, Partial<TrainingClusterProps>, string]>([
    ['neither nodes nor a job', { nodes: undefined }, 'ValueMissing'],
    ['a region as zone', { zone: 'cn-hangzhou' }, 'LocationInvalid'],
    ['shared GPUs', { machine: A10, nodeOptions: { gpuSharing: GpuSharing.MPS } }, 'ClusterOption'],
    ['a group named like the system nodes', { groups: { system: { machine: A10, nodes: 1 } } }, 'GroupDuplicate'],
    ['Lingjun nodes with two system nodes', { capacity: lingjun }, 'ClusterOption'],
    ['an acceptance image that is a token', { images: { acceptance: '${TfToken[TOKEN.0]}' } }, 'ValueUnknown'],
    ['one bucket for both', { datasets: SHARED, checkpoints: SHARED }, 'DataPath'],
    [
      'two keys',
      { encryptionKey: { keyId: 'k' }, cluster: ClusterSource.create({ encryptionKey: { keyId: 'l' } }) },
      'ClusterOption',
    ],
  ])('%s', (_, props, code) => {
    expect(codesFor(props)).toContain(code);
  });

  test('an existing cluster whose identity provider is unknown', () => {
    const stack = stackIn();
    const cluster = ClusterSource.fromCluster(existingCluster(stack));
    const problems = problemsOf(
      () =>
        new TrainingCluster(stack, 'Pretrain', { machine: A10, nodes: 1, zone: ZONE, cluster, datasets: bucket('d') }),
    );
    expect(problems.map(({ prop }) => prop)).toEqual(['cluster.oidcProviderArn', 'cluster.oidcIssuerUrl']);
  });
});

test('two clusters of a stack keep their own resources', () => {
  const stack = stackIn();
  const encryptionKey = new EncryptionKey(stack, 'Key');
  for (const id of ['One', 'Two']) {
    new TrainingCluster(stack, id, {
      machine: HOPPER,
      zone: ZONE,
      nodes: 2,
      encryptionKey,
      installation: Installation.gitOps(),
    });
  }
  expect(poolsOf(stack)).toHaveLength(4);
  const names = Object.values(resourcesOf(stack, 'alicloud_cs_managed_kubernetes')).map(({ name }) => name as string);
  expect(new Set(names).size).toBe(2);
});
