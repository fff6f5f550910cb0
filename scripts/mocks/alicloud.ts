import type { ProviderMocks } from './provider-mocks';

/** The mocks of Alibaba Cloud: the account and the region, which names and policies contain. */
export const MOCKS: ProviderMocks = {
  providers: () => ({
    alicloud: {
      mock_resource: {
        alicloud_fcv3_trigger: {
          defaults: { http_trigger: [{ url_internet: 'https://chat.example', url_intranet: 'https://chat.internal' }] },
        },
      },
      mock_data: {
        alicloud_caller_identity: { defaults: { account_id: '1234567890123456' } },
        alicloud_regions: {
          defaults: { regions: [{ id: 'cn-hangzhou', local_name: 'Hangzhou', region_id: 'cn-hangzhou' }] },
        },
      },
    },
  }),
  assertions: ({ resource = {} }) =>
    POLICIES.flatMap(([type, attribute]) =>
      Object.keys((resource[type] as object | undefined) ?? {}).map((name) => ({
        condition: `\${can(jsondecode(${type}.${name}.${attribute}))}`,
        error_message: `${type}.${name} is not valid JSON`,
      })),
    ),
};

/** Attributes with JSON. */
const POLICIES = [
  ['alicloud_oss_bucket_policy', 'policy'],
  ['alicloud_ram_policy', 'policy_document'],
  ['alicloud_ram_role', 'assume_role_policy_document'],
  ['alicloud_pai_service', 'service_config'],
  ['alicloud_fcv3_trigger', 'trigger_config'],
  ['alicloud_cms_alarm', 'metric_dimensions'],
  ['alicloud_resource_manager_control_policy', 'policy_document'],
  ['alicloud_tag_policy', 'policy_content'],
] as const;
