/** API version of all request bodies in this folder: the newest stable version that azapi 2.12.0 supports. */
const VERSION = '2026-05-01';

const NAMESPACE = 'Microsoft.MachineLearningServices';

/** Azure ML resource types that azurerm does not support, or not completely. */
export const ML_TYPES = {
  workspace: `${NAMESPACE}/workspaces@${VERSION}`,
  compute: `${NAMESPACE}/workspaces/computes@${VERSION}`,
  outboundRule: `${NAMESPACE}/workspaces/outboundRules@${VERSION}`,
  datastore: `${NAMESPACE}/workspaces/datastores@${VERSION}`,
  schedule: `${NAMESPACE}/workspaces/schedules@${VERSION}`,
  data: `${NAMESPACE}/workspaces/data/versions@${VERSION}`,
  model: `${NAMESPACE}/workspaces/models/versions@${VERSION}`,
  environment: `${NAMESPACE}/workspaces/environments/versions@${VERSION}`,
  onlineEndpoint: `${NAMESPACE}/workspaces/onlineEndpoints@${VERSION}`,
  onlineDeployment: `${NAMESPACE}/workspaces/onlineEndpoints/deployments@${VERSION}`,
  batchEndpoint: `${NAMESPACE}/workspaces/batchEndpoints@${VERSION}`,
  batchDeployment: `${NAMESPACE}/workspaces/batchEndpoints/deployments@${VERSION}`,
  registry: `${NAMESPACE}/registries@${VERSION}`,
} as const;

/**
 * Settings for reading responses. Azure ML returns VM sizes and resource ids in another case, for example `STANDARD_NC48ADS_A100_V4`, which each plan
 * would change again.
 *
 * Source: azapi 2.12.0, examples/Microsoft.MachineLearningServices_workspaces and _computes; azurerm 4.55,
 * machine_learning_workspace_resource.go.
 */
export const ML_READING = { ignoreCasing: true } as const;
