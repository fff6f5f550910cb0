/** Tag policies, control policies, quota alarms, and budgets with every option, which `verify:terraform` validates in addition to the examples. */
import {
  AlicloudMachine,
  ControlPolicy,
  CostBudget,
  Quota,
  QuotaAlarm,
  TagPolicy,
  TagPolicyTarget,
} from 'ai-infra-constructs/alicloud';
import { AlicloudProvider } from 'ai-infra-constructs/alicloud/provider';
import { App, TerraformStack } from 'cdktf';

const app = new App();
const stack = new TerraformStack(app, 'every-governance');
new AlicloudProvider(stack, 'Alicloud', { region: 'cn-hangzhou' });

new TagPolicy(stack, 'Tags');
new TagPolicy(stack, 'FolderTags', {
  target: TagPolicyTarget.folder('fd-0NAZvDEu0001'),
  requiredTags: ['CostCenter', 'environment'],
  allowedValues: { environment: ['dev', 'prod'] },
  enforcedFor: ['ecs:instance'],
});
new TagPolicy(stack, 'MemberTags', { target: TagPolicyTarget.member('1234567890123456') });
new ControlPolicy(stack, 'Regions', { targets: ['fd-0NAZvDEu0001'], deniedRegions: ['us-east-1', 'eu-central-1'] });
new ControlPolicy(stack, 'Protected', {
  targets: ['r-Wm0001', '1234567890123456'],
  protectedExceptRoles: ['security-admin'],
  requiredTags: { 'cost-center': ['ml', 'research'] },
});
new QuotaAlarm(stack, 'Gpus', { quota: Quota.ofMachine(AlicloudMachine.ECS_EBMGN8V_48XLARGE) });
new QuotaAlarm(stack, 'Groups', {
  quota: Quota.of({
    productCode: 'ecs',
    quotaActionCode: 'q_security-groups',
    dimensions: { zoneId: 'cn-hangzhou-i' },
  }),
  usedPercent: 90,
  webHook: 'https://example.com/alarm',
});
new CostBudget(stack, 'Budget', { monthlyUsd: 50_000 });

app.synth();
