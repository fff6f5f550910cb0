import { DataClass, findingsOf } from 'ai-infra-constructs';
import {
  AlicloudMachine,
  ClusterSource,
  DataBucket,
  EncryptionKey,
  GpuAlarms,
  Installation,
  TrainingPlatform,
  type TrainingPlatformProps,
} from 'ai-infra-constructs/alicloud';
import { existingCluster, problemsOf, resourcesOf, stackIn, theOnly, ZONE } from '../support';

const COSTS = { project: 'atlas', team: 'research', environment: 'prod', costCenter: 'R-17', owner: 'ml-platform' };

function synth(props: Partial<TrainingPlatformProps> = {}) {
  const stack = stackIn();
  const platform = new TrainingPlatform(stack, 'Platform', {
    zone: ZONE,
    machine: AlicloudMachine.ECS_EBMGN8V_48XLARGE,
    nodes: 4,
    installation: Installation.gitOps(),
    costAllocation: COSTS,
    ...props,
  });
  return { stack, platform };
}

describe('a training platform', () => {
  const { stack, platform } = synth({ dataClass: DataClass.CONFIDENTIAL });

  test('encrypts everything with one key', () => {
    const [address] = Object.keys(resourcesOf(stack, 'alicloud_kms_key'));
    const id = `\${alicloud_kms_key.${address}.id}`;
    expect(theOnly(stack, 'alicloud_cs_managed_kubernetes').encryption_provider_key).toBe(id);
    expect(theOnly(stack, 'alicloud_nas_file_system').kms_key_id).toBe(id);
    const rules = Object.values(resourcesOf(stack, 'alicloud_oss_bucket_server_side_encryption'));
    expect(rules.map((rule) => rule.kms_master_key_id as string)).toEqual([id, id]);
  });

  test('tags the nodes and the buckets', () => {
    const nodes = Object.values(resourcesOf(stack, 'alicloud_cs_kubernetes_node_pool'));
    const buckets = Object.values(resourcesOf(stack, 'alicloud_oss_bucket'));
    for (const { tags } of [...nodes, ...buckets]) expect(tags).toMatchObject({ project: 'atlas', team: 'research' });
  });

  test('lets jobs use the buckets', () => {
    expect(platform.trainingCluster.jobs).toBeDefined();
    expect(Object.keys(resourcesOf(stack, 'alicloud_ram_policy'))).toHaveLength(2);
  });

  test('alerts about faulty GPUs after the system nodes', () => {
    const rules = Object.values(resourcesOf(stack, 'alicloud_arms_prometheus_alert_rule'));
    expect(rules.map(({ prometheus_alert_rule_name: name }) => /-([a-z]+)$/.exec(name as string)?.[1]).sort()).toEqual([
      'ecc',
      'fenced',
      'hot',
      'notready',
      'remap',
      'xid',
    ]);
    for (const rule of rules)
      expect(rule).toMatchObject({
        cluster_id: expect.stringMatching(/^\$\{alicloud_cs_managed_kubernetes\./) as string,
        notify_type: 'ALERT_MANAGER',
        depends_on: [expect.stringMatching(/System/)],
      });
    expect(findingsOf(platform.alarms).map(({ id }) => id)).toEqual(['alerts/no-subscriber']);
  });
});

test('uses the key of the cluster, and existing buckets', () => {
  const encryptionKey = { keyId: 'key-hzz63d2c8d3dfv8cv0000' };
  const { stack, platform } = synth({
    cluster: ClusterSource.create({ encryptionKey }),
    datasets: { name: 'datasets' },
    checkpoints: { name: 'checkpoints' },
  });
  expect(platform.encryptionKey).toBe(encryptionKey);
  expect(resourcesOf(stack, 'alicloud_kms_key')).toEqual({});
  expect(resourcesOf(stack, 'alicloud_oss_bucket')).toEqual({});
});

test('reports problems of the tags and the cluster together', () => {
  const problems = problemsOf(() => synth({ costAllocation: { ...COSTS, team: '' }, nodes: 0 }));
  expect(problems.map(({ code }) => code)).toEqual(expect.arrayContaining(['TagMissing', 'NodesOutOfRange']));
});

test('two platforms of a stack have their own names', () => {
  const stack = stackIn();
  const encryptionKey = new EncryptionKey(stack, 'Key');
  for (const id of ['One', 'Two']) {
    new TrainingPlatform(stack, id, {
      zone: ZONE,
      machine: AlicloudMachine.ECS_GN7I_8X_32XLARGE,
      nodes: 2,
      encryptionKey,
      installation: Installation.gitOps(),
      costAllocation: COSTS,
    });
  }
  const names = (type: string, attribute: string) =>
    Object.values(resourcesOf(stack, type)).map((resource) => resource[attribute] as string);
  for (const [type, attribute] of [
    ['alicloud_vpc', 'vpc_name'],
    ['alicloud_cs_managed_kubernetes', 'name'],
    ['alicloud_log_project', 'project_name'],
    ['alicloud_ram_role', 'role_name'],
    ['alicloud_ram_policy', 'policy_name'],
    ['alicloud_oss_bucket', 'bucket'],
    ['alicloud_arms_prometheus_alert_rule', 'prometheus_alert_rule_name'],
  ] as const) {
    const all = names(type, attribute);
    expect([type, new Set(all).size]).toEqual([type, all.length]);
    expect(all.length).toBeGreaterThan(1);
  }
});

test('alerts on an existing cluster', () => {
  const stack = stackIn();
  const alarms = new GpuAlarms(stack, 'Alarms', { cluster: existingCluster(stack) });
  expect(alarms.rules.xid!.clusterIdInput).toMatch(/^c0123/);
  expect(problemsOf(() => new GpuAlarms(stack, 'More', {} as never)).map(({ code }) => code)).toEqual(['ValueMissing']);
  expect(DataBucket.fromBucketName(stack, 'Bucket', 'datasets').name).toBe('datasets');
});
