import type { ProviderMocks } from './provider-mocks';

/** The mocks of Alibaba Cloud: the account and the region, which names and policies contain. */
export const MOCKS: ProviderMocks = {
  providers: () => ({
    alicloud: {
      mock_resource: {
        alicloud_fcv3_trigger: {
          defaults: { http_trigger: [{ url_internet: 'https://chat.example', url_intranet: 'https://chat.internal' }] },
        },
        alicloud_cs_managed_kubernetes: {
          defaults: {
            connections: { api_server_intranet: 'https://10.0.0.10:6443' },
            rrsa_metadata: [
              {
                enabled: true,
                ram_oidc_provider_arn: 'acs:ram::1234567890123456:oidc-provider/ack-rrsa-c0123',
                ram_oidc_provider_name: 'ack-rrsa-c0123',
                rrsa_oidc_issuer_url: 'https://oidc-ack-cn-hangzhou.oss-cn-hangzhou.aliyuncs.com/c0123',
              },
            ],
          },
        },
      },
      mock_data: {
        // "certificate" in Base64.
        alicloud_cs_cluster_credential: { defaults: { certificate_authority: { cluster_cert: 'Y2VydGlmaWNhdGU=' } } },
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
