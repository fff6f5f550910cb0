/** The version of the API that all bodies of this folder are written for: the newest stable one that azapi 2.12.0 knows. */
const VERSION = '2026-05-01';

const NAMESPACE = 'Microsoft.MachineLearningServices';

/** The types of Azure Machine Learning that no resource of azurerm says, or not in full. */
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
 * How answers are read: Azure ML gives sizes of machines and ids of resources back in letters of another case, e.g.
 * `STANDARD_NC48ADS_A100_V4`, and each plan would change them again.
 *
 * Source: azapi 2.12.0, examples/Microsoft.MachineLearningServices_workspaces and _computes; azurerm 4.55,
 * machine_learning_workspace_resource.go.
 */
export const ML_READING = { ignoreCasing: true } as const;
