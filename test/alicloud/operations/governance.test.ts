import { findingsOf, machineNamed, ModelSpec, Prices, TrainingJob } from 'ai-infra-constructs';
import {
  AlicloudMachine,
  ControlPolicy,
  type ControlPolicyProps,
  CostBudget,
  Quota,
  QuotaAlarm,
  type QuotaAlarmProps,
  TagPolicy,
  type TagPolicyProps,
  TagPolicyTarget,
} from 'ai-infra-constructs/alicloud';
import { planTraining } from 'ai-infra-constructs/planning';
import { Construct } from 'constructs';
import { keepPlan } from '../../../lib/core/cost-allocation';
import { refusalsOf, problemsOf, stackIn, theOnly } from '../support';

const MACHINE = AlicloudMachine.ECS_EBMGN8V_48XLARGE;

describe('TagPolicy', () => {
  const contentOf = (props?: TagPolicyProps) => {
    const stack = stackIn();
    const policy = new TagPolicy(stack, 'Tags', props);
    const definition = theOnly(stack, 'alicloud_tag_policy');
    return { stack, policy, definition, content: JSON.parse(definition.policy_content) };
  };

  test('requires the tags of CostAllocation with any value, in the account of the stack', () => {
    const { stack, definition, content } = contentOf();
    expect(Object.keys(content.tags)).toEqual(['project', 'team', 'environment', 'cost-center', 'owner']);
    expect(content.tags.owner).toEqual({ tag_key: { '@@assign': 'owner' }, tag_value: { '@@assign': ['*'] } });
    expect(definition).toMatchObject({ user_type: 'USER', policy_name: expect.stringMatching(/^[a-z0-9_]{1,128}$/) });
    expect(theOnly(stack, 'alicloud_tag_policy_attachment')).toMatchObject({
      target_type: 'USER',
      target_id: expect.stringMatching(/alicloud_caller_identity\.\w+\.account_id/),
    });
  });

  test('limits values, and rejects others on some resource types', () => {
    const { stack, content } = contentOf({
      target: TagPolicyTarget.folder('fd-0NAZvDEu0001'),
      requiredTags: ['CostCenter'],
      allowedValues: { CostCenter: ['ml', 'research'] },
      enforcedFor: ['ecs:instance'],
    });
    expect(content).toEqual({
      tags: {
        costcenter: {
          tag_key: { '@@assign': 'CostCenter' },
          tag_value: { '@@assign': ['ml', 'research'] },
          enforced_for: { '@@assign': ['ecs:instance'] },
        },
      },
    });
    expect(theOnly(stack, 'alicloud_tag_policy').user_type).toBe('RD');
    expect(theOnly(stack, 'alicloud_tag_policy_attachment')).toMatchObject({
      target_type: 'FOLDER',
      target_id: 'fd-0NAZvDEu0001',
    });
    expect(findingsOf(stack).map(({ id }) => id)).toEqual(['cost/policy-denies']);
  });

  test('applies to a member account', () => {
    const { stack } = contentOf({ target: TagPolicyTarget.member('1234567890123456') });
    expect(theOnly(stack, 'alicloud_tag_policy_attachment').target_type).toBe('ACCOUNT');
  });

  test('rejects keys, values, and resource types that the service does not accept', () => {
    const refused = (props: TagPolicyProps) => refusalsOf(() => contentOf(props));
    expect(refused({ requiredTags: [] })).toEqual(['TagMissing requiredTags']);
    expect(refused({ requiredTags: ['aliyun-owner'] })).toEqual(['TagKey requiredTags[0]']);
    expect(refused({ requiredTags: ['Owner', 'owner'] })).toEqual(['TagKey requiredTags[1]']);
    expect(refused({ allowedValues: { region: ['a'] } })).toEqual(['TagKey allowedValues.region']);
    expect(refused({ allowedValues: { owner: [] } })).toEqual(['TagValue allowedValues.owner']);
    expect(refused({ enforcedFor: ['instance'] })).toEqual(['TagValue enforcedFor[0]']);
  });
});

describe('ControlPolicy', () => {
  const FOLDER = 'fd-0NAZvDEu0001';
  const statementsOf = (props: Partial<ControlPolicyProps>) => {
    const stack = stackIn();
    new ControlPolicy(stack, 'Controls', { targets: [FOLDER], ...props });
    const policy = theOnly(stack, 'alicloud_resource_manager_control_policy');
    return { stack, policy, statements: JSON.parse(policy.policy_document).Statement };
  };

  test('denies machines and data in a region by their resource names, because no condition has the region', () => {
    const { stack, policy, statements } = statementsOf({ deniedRegions: ['us-east-1'] });
    expect(statements).toEqual([
      {
        Effect: 'Deny',
        Action: ['ecs:RunInstances', 'ecs:CreateInstance', 'nas:CreateFileSystem', 'cs:CreateCluster'],
        Resource: ['acs:ecs:us-east-1:*:*', 'acs:nas:us-east-1:*:*', 'acs:cs:us-east-1:*:*'],
      },
    ]);
    expect(policy).toMatchObject({
      effect_scope: 'RAM',
      control_policy_name: expect.stringMatching(/^[a-z][a-z0-9-]+$/),
    });
    expect(theOnly(stack, 'alicloud_resource_manager_control_policy_attachment').target_id).toBe(FOLDER);
    expect(findingsOf(stack)).toEqual([]);
  });

  test('protects audits and keys from everybody, or from all but some roles', () => {
    const [rule] = statementsOf({ protectedExceptRoles: ['Security-Admin'] }).statements;
    expect(rule.Action).toContain('kms:ScheduleKeyDeletion');
    expect(rule.Condition).toEqual({ StringNotLike: { 'acs:PrincipalARN': ['acs:ram:*:*:role/security-admin'] } });
    expect(statementsOf({ protectedExceptRoles: [] }).statements[0]).not.toHaveProperty('Condition');
  });

  test('requires tags, and says that the rule must be tested', () => {
    const { stack, statements } = statementsOf({ requiredTags: { 'cost-center': ['ml'] } });
    expect(statements).toEqual([
      {
        Effect: 'Deny',
        Action: ['ecs:RunInstances', 'cs:CreateCluster'],
        Resource: ['*'],
        Condition: { StringNotEquals: { 'acs:RequestTag/cost-center': ['ml'] } },
      },
    ]);
    expect(findingsOf(stack).map(({ id }) => id)).toEqual(['policy/unconfirmed-condition']);
  });

  test('rejects a policy without rules, and malformed targets and rules', () => {
    const refused = (props: Partial<ControlPolicyProps>) => refusalsOf(() => statementsOf(props));
    expect(refused({})).toEqual(['ControlPolicy deniedRegions']);
    const deniedRegions = ['us-east-1'];
    expect(refused({ deniedRegions, targets: [] })).toEqual(['ControlPolicy targets']);
    expect(refused({ deniedRegions, targets: ['my-folder'] })).toEqual(['ControlPolicy targets[0]']);
    expect(refused({ deniedRegions, targets: [FOLDER, FOLDER] })).toEqual(['ControlPolicy targets[1]']);
    expect(refused({ deniedRegions: ['virginia'] })).toEqual(['LocationInvalid deniedRegions[0]']);
    expect(refused({ protectedExceptRoles: ['role/admin'] })).toEqual(['ControlPolicy protectedExceptRoles[0]']);
    expect(refused({ requiredTags: { owner: [] } })).toEqual(['ControlPolicy requiredTags.owner']);
    const many = Array.from({ length: 60 }, (_, index) => `us-east-${index}`);
    expect(refused({ deniedRegions: many })).toEqual(['ControlPolicy deniedRegions']);
  });
});

describe('QuotaAlarm', () => {
  const alarmOf = (props: QuotaAlarmProps) => {
    const stack = stackIn();
    new QuotaAlarm(stack, 'Alarm', props);
    return { stack, alarm: theOnly(stack, 'alicloud_quotas_quota_alarm') };
  };

  test('watches the quota of an instance type in the region of the provider', () => {
    const { stack, alarm } = alarmOf({ quota: Quota.ofMachine(MACHINE) });
    expect(alarm).toMatchObject({
      product_code: 'ecs-spec',
      quota_action_code: 'ecs.ebmgn8v.48xlarge',
      quota_dimensions: [{ key: 'regionId', value: expect.stringContaining('alicloud_regions') }],
      threshold_percent: 80,
      threshold_type: 'used',
    });
    expect(findingsOf(stack).map(({ id }) => id)).toEqual(['quota/dimensions']);
  });

  test('watches any quota, with its own dimensions', () => {
    const quota = Quota.of({ productCode: 'ecs', quotaActionCode: 'q_test', dimensions: { regionId: 'cn-beijing' } });
    const { stack, alarm } = alarmOf({ quota, usedPercent: 50, webHook: 'https://example.com/alarm' });
    expect(alarm).toMatchObject({
      product_code: 'ecs',
      quota_dimensions: [{ key: 'regionId', value: 'cn-beijing' }],
      threshold_percent: 50,
      web_hook: 'https://example.com/alarm',
    });
    expect(findingsOf(stack)).toEqual([]);
  });

  test('rejects a percentage out of range and an address without HTTPS', () => {
    const quota = Quota.ofMachine(MACHINE);
    expect(refusalsOf(() => alarmOf({ quota, usedPercent: 101 }))).toEqual(['QuotaAlarm usedPercent']);
    expect(refusalsOf(() => alarmOf({ quota, webHook: 'http://example.com' }))).toEqual(['QuotaAlarm webHook']);
  });
});

describe('CostBudget', () => {
  const budgetFor = (monthlyUsd: number) => {
    const stack = stackIn();
    const scope = new Construct(stack, 'Team');
    const budget = new CostBudget(scope, 'Budget', { monthlyUsd });
    const job = TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_70B, tokens: 2e12 });
    const plan = planTraining({
      job,
      machine: machineNamed('alicloud', 'ecs.ebmgn8v.48xlarge'),
      nodes: 16,
      prices: Prices.of([{ machine: 'ecs.ebmgn8v.48xlarge', market: 'on-demand', usdPerHour: 20 }]),
    });
    keepPlan(new Construct(scope, 'Training'), { plan });
    return { scope, budget };
  };

  test('accepts planned machines within the budget, and says that it watches no bill', () => {
    const { scope, budget } = budgetFor(300_000);
    expect(CostBudget.plannedUsd(scope)).toBeCloseTo(16 * 20 * 730, -3);
    expect(budget.node.validate()).toEqual([]);
    expect(findingsOf(budget).map(({ id }) => id)).toEqual(['cost/budget-at-synthesis']);
  });

  test('rejects planned machines above the budget at synthesis', () => {
    const { budget } = budgetFor(200_000);
    const [problem] = problemsOf(() => budget.node.validate());
    expect(problem).toMatchObject({ code: 'BudgetExceeded', prop: 'monthlyUsd', got: 200_000 });
  });

  test('ignores workloads without a plan', () => {
    const stack = stackIn();
    expect(new CostBudget(stack, 'Budget', { monthlyUsd: 1 }).node.validate()).toEqual([]);
    expect(CostBudget.plannedUsd(stack)).toBe(0);
  });

  test('rejects an amount that is not positive', () => {
    expect(refusalsOf(() => new CostBudget(stackIn(), 'Budget', { monthlyUsd: 0 }))).toEqual([
      'BudgetInvalid monthlyUsd',
    ]);
  });
});
