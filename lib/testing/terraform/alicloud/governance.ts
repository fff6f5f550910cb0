import type { Sections } from '../../architecture';
import { details, type Readers, type Resource, type View } from '../../view';

/** Readers of policies and alarms on Alibaba Cloud. */
export const ALICLOUD_GOVERNANCE_READERS: Readers = {
  // The attachment shows the policy.
  alicloud_tag_policy: () => ({}),
  alicloud_tag_policy_attachment: policy('tag policy'),
  alicloud_resource_manager_control_policy: () => ({}),
  alicloud_resource_manager_control_policy_attachment: policy('control policy'),
  alicloud_quotas_quota_alarm: ({ name, props }, view) => ({
    watch: [
      {
        name,
        kind: 'quota alarm',
        ...details({
          quota: view.text(props.quota_action_code),
          at: `${view.number(props.threshold_percent) ?? 0}% in use`,
        }),
      },
    ],
  }),
};

function policy(kind: string) {
  return ({ name, props }: Resource, view: View): Partial<Sections> => ({
    watch: [{ name, kind, ...details({ target: view.text(props.target_id) }) }],
  });
}
