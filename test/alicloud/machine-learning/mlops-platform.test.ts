import {
  ContainerRegistry,
  DatasetType,
  MachineLearningWorkspace,
  type MachineLearningWorkspaceProps,
  MlNetwork,
  MlopsPlatform,
  type MlopsPlatformProps,
  RegistryEdition,
} from 'ai-infra-constructs/alicloud';
import { DataClass } from 'ai-infra-constructs';
import { refusalsOf, resourcesOf, stackIn, theOnly } from '../support';

const COST = { project: 'atlas', team: 'research', environment: 'prod', costCenter: 'r-17', owner: 'ml-platform' };

function synthPlatform(props: Partial<MlopsPlatformProps> = {}) {
  const stack = stackIn();
  const network = new MlNetwork(stack, 'Network', { zones: ['cn-hangzhou-i'] });
  const platform = new MlopsPlatform(stack, 'Platform', {
    network,
    costAllocation: COST,
    monthlyBudgetUsd: 20_000,
    ...props,
  });
  return { stack, platform };
}

function synthWorkspace(props: Partial<MachineLearningWorkspaceProps> = {}) {
  const stack = stackIn();
  const workspace = new MachineLearningWorkspace(stack, 'Workspace', { artifacts: { name: 'artifacts' }, ...props });
  return { stack, workspace };
}

describe('MachineLearningWorkspace', () => {
  test('has a name that PAI accepts, and one environment', () => {
    const { stack } = synthWorkspace();
    expect(theOnly(stack, 'alicloud_pai_workspace_workspace')).toEqual({
      workspace_name: expect.stringMatching(/^[a-z]\w{2,22}$/),
      description: 'AI workloads',
      env_types: ['prod'],
      lifecycle: { prevent_destroy: true },
    });
    const separate = synthWorkspace({ separateDevelopment: true, workspaceName: 'Atlas_1', description: 'Atlas' });
    expect(theOnly(separate.stack, 'alicloud_pai_workspace_workspace')).toMatchObject({
      workspace_name: 'Atlas_1',
      description: 'Atlas',
      env_types: ['dev', 'prod'],
    });
  });

  test('registers datasets, models, experiments, and code that all members see', () => {
    const { stack, workspace } = synthWorkspace({
      datasets: {
        tokens: { bucket: { name: 'tokens' }, folder: 'v2', type: DatasetType.TEXT, mountPath: '/mnt/tokens/' },
      },
      models: { atlas: { domain: 'nlp', task: 'text-generation', description: 'Base' } },
      experiments: ['pretraining'],
      codeSources: { trainer: { repository: 'https://github.com/example/trainer.git', branch: 'main' } },
      members: [{ userId: '200123456789012345', roles: ['PAI.AlgoDeveloper'] }],
    });
    const dataset = theOnly(stack, 'alicloud_pai_workspace_dataset');
    expect(dataset).toMatchObject({
      dataset_name: 'tokens',
      data_source_type: 'OSS',
      data_type: 'TEXT',
      property: 'DIRECTORY',
      accessibility: 'PUBLIC',
      options: '{"mountPath":"/mnt/tokens/"}',
    });
    expect(dataset.uri).toMatch(/^oss:\/\/tokens\.oss-\${data\.alicloud_regions.*}-internal\.aliyuncs\.com\/v2\/$/);
    expect(theOnly(stack, 'alicloud_pai_workspace_model')).toMatchObject({
      model_name: 'atlas',
      domain: 'nlp',
      task: 'text-generation',
      model_description: 'Base',
      lifecycle: { prevent_destroy: true },
    });
    expect(theOnly(stack, 'alicloud_pai_workspace_experiment').artifact_uri).toMatch(/\/experiments\/pretraining\/$/);
    const code = theOnly(stack, 'alicloud_pai_workspace_code_source');
    expect(code).toMatchObject({ display_name: 'trainer', code_branch: 'main', mount_path: '/mnt/code/' });
    expect(code).not.toHaveProperty('code_repo_access_token');
    expect(theOnly(stack, 'alicloud_pai_workspace_member')).toMatchObject({ roles: ['PAI.AlgoDeveloper'] });
    expect([
      Object.keys(workspace.datasets),
      Object.keys(workspace.models),
      Object.keys(workspace.experiments),
    ]).toEqual([['tokens'], ['atlas'], ['pretraining']]);
  });

  test('rejects names, paths, repositories, and members that PAI does not accept', () => {
    const refused = (props: Partial<MachineLearningWorkspaceProps>) => refusalsOf(() => synthWorkspace(props));
    const bucket = { name: 'tokens' };
    const repository = 'https://github.com/example/trainer.git';
    expect(refused({ workspaceName: 'a-b' })).toEqual(['WorkspaceOption workspaceName']);
    expect(refused({ workspaceName: 'a'.repeat(24) })).toEqual(['WorkspaceOption workspaceName']);
    expect(refused({ description: 'a'.repeat(81) })).toEqual(['WorkspaceOption description']);
    expect(refused({ models: { 'my model': {} } })).toEqual(['WorkspaceOption models.my model']);
    expect(refused({ experiments: ['a', 'a'] })).toEqual(['WorkspaceOption experiments.a']);
    expect(refused({ datasets: { a: { bucket, folder: '/a' } } })).toEqual(['WorkspaceOption datasets.a.folder']);
    expect(refused({ datasets: { a: { bucket, mountPath: 'a' } } })).toEqual(['WorkspaceOption datasets.a.mountPath']);
    expect(refused({ codeSources: { a: { repository: 'https://token@github.com/a' } } })).toEqual([
      'WorkspaceOption codeSources.a.repository',
    ]);
    expect(refused({ codeSources: { a: { repository, mountPath: 'a' } } })).toEqual([
      'WorkspaceOption codeSources.a.mountPath',
    ]);
    expect(refused({ members: [{ userId: 'alice', roles: [] }] })).toEqual([
      'WorkspaceOption members[0].userId',
      'WorkspaceOption members[0].roles',
    ]);
  });
});

describe('ContainerRegistry', () => {
  const synthRegistry = (repositories: readonly string[], edition?: RegistryEdition) => {
    const stack = stackIn();
    const network = new MlNetwork(stack, 'Network', { zones: ['cn-hangzhou-i'] });
    new ContainerRegistry(stack, 'Registry', { network, repositories, edition });
    return stack;
  };

  test('is private, scans images, and has immutable tags', () => {
    const stack = synthRegistry(['trainer'], RegistryEdition.ADVANCED);
    expect(theOnly(stack, 'alicloud_cr_ee_instance')).toMatchObject({
      instance_type: 'Advanced',
      payment_type: 'PayAsYouGo',
      image_scanner: 'ACR',
      lifecycle: { prevent_destroy: true },
    });
    expect(theOnly(stack, 'alicloud_cr_ee_namespace')).toMatchObject({
      auto_create: false,
      default_visibility: 'PRIVATE',
    });
    expect(theOnly(stack, 'alicloud_cr_ee_repo')).toMatchObject({
      name: 'trainer',
      repo_type: 'PRIVATE',
      tag_immutability: true,
    });
    expect(theOnly(stack, 'alicloud_cr_vpc_endpoint_linked_vpc')).toMatchObject({
      module_name: 'Registry',
      enable_create_dns_record_in_pvzt: true,
    });
  });

  test('rejects repositories without a valid name', () => {
    expect(refusalsOf(() => synthRegistry([]))).toEqual(['RegistryOption repositories']);
    expect(refusalsOf(() => synthRegistry(['Trainer']))).toEqual(['RegistryOption repositories[0]']);
    expect(refusalsOf(() => synthRegistry(['trainer', 'trainer']))).toEqual(['RegistryOption repositories[1]']);
  });
});

describe('MlopsPlatform', () => {
  test('has buckets, a workspace, a registry, logs, and cost tags', () => {
    const { stack, platform } = synthPlatform({ jobRoleName: 'atlas-jobs' });
    const tags = { project: 'atlas', 'cost-center': 'r-17' };
    const buckets = Object.values(resourcesOf(stack, 'alicloud_oss_bucket'));
    expect(buckets).toHaveLength(2);
    for (const bucket of buckets) expect(bucket.tags).toMatchObject(tags);
    expect(theOnly(stack, 'alicloud_log_project').tags).toMatchObject(tags);
    expect(theOnly(stack, 'alicloud_log_store')).toMatchObject({ logstore_name: 'jobs', retention_period: 90 });
    expect(theOnly(stack, 'alicloud_log_store_index').full_text).toBeDefined();
    expect(Object.keys(platform.registry.repositories)).toEqual(['training']);
    expect(Object.keys(platform.workspace.datasets)).toEqual(['datasets']);
    expect(platform.budget.monthlyUsd).toBe(20_000);
    const policies = Object.values(resourcesOf(stack, 'alicloud_ram_policy')).map((one) => one.policy_document);
    expect(policies.map((document) => document.includes('oss:PutObject')).sort()).toEqual([false, true]);
  });

  test('grants nothing without a role of jobs', () => {
    expect(resourcesOf(synthPlatform().stack, 'alicloud_ram_policy')).toEqual({});
  });

  test('reports the problems of all parts together', () => {
    const refused = refusalsOf(() =>
      synthPlatform({
        workspaceName: 'a-b',
        repositories: ['Trainer'],
        jobRoleName: 'acs:ram::1:role/a',
        logRetentionDays: 0,
        monthlyBudgetUsd: 0,
        costAllocation: { ...COST, team: '' },
        dataClass: DataClass.CONFIDENTIAL,
      }),
    );
    expect(refused).toEqual([
      'TagMissing costAllocation.team',
      'BudgetInvalid monthlyBudgetUsd',
      'WorkspaceOption workspaceName',
      'RegistryOption repositories[0]',
      'DataClassFloor encryptionKey',
      'WorkspaceOption logRetentionDays',
      'WorkspaceOption jobRoleName',
    ]);
  });
});
