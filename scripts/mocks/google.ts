import type { ProviderMocks } from './provider-mocks';

/** The mocks of Google Cloud: generated values are enough, and each dashboard must be valid JSON. */
export const MOCKS: ProviderMocks = {
  assertions: ({ resource = {} }) =>
    Object.keys((resource.google_monitoring_dashboard as object | undefined) ?? {}).map((name) => ({
      condition: `\${can(jsondecode(google_monitoring_dashboard.${name}.dashboard_json))}`,
      error_message: `google_monitoring_dashboard.${name} is not valid JSON`,
    })),
};
