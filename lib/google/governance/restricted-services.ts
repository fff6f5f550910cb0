import { TerraformResource, type TerraformStack } from 'cdktf';

/**
 * The API that resources of a type belong to, by the beginning of the type.
 *
 * All of them can stand in a perimeter in full (GA): docs.cloud.google.com/vpc-service-controls/docs/restricted-vip-services, a copy of
 * 2026-04-12; read 2026-11-26. IAM, service networking and billing are left out: a perimeter there keeps Terraform itself out.
 */
const SERVICES: Readonly<Record<string, string>> = {
  google_artifact_registry_: 'artifactregistry',
  google_batch_: 'batch',
  google_bigquery_: 'bigquery',
  google_cloud_run_: 'run',
  google_compute_: 'compute',
  google_container_: 'container',
  google_data_loss_prevention_: 'dlp',
  google_kms_: 'cloudkms',
  google_logging_: 'logging',
  google_lustre_: 'lustre',
  google_monitoring_: 'monitoring',
  google_notebooks_: 'notebooks',
  google_pubsub_: 'pubsub',
  google_secret_manager_: 'secretmanager',
  google_storage_: 'storage',
  google_vertex_ai_: 'aiplatform',
};

/** What GKE uses beside its own API: images, their streams to nodes, logs and metrics. */
const OF_CLUSTERS = ['artifactregistry', 'containerfilesystem', 'logging', 'monitoring'];

/** The services that the resources of a stack belong to, sorted: what a perimeter around them has to restrict. */
export function servicesOf(stack: TerraformStack): string[] {
  const types = stack.node
    .findAll()
    .filter((each) => TerraformResource.isTerraformResource(each))
    .map(({ terraformResourceType }) => terraformResourceType);
  const used = new Set(types.flatMap((type) => serviceOf(type) ?? []));
  if (used.has('container')) for (const service of OF_CLUSTERS) used.add(service);
  return [...used].sort().map((service) => `${service}.googleapis.com`);
}

function serviceOf(type: string): string | undefined {
  const prefix = Object.keys(SERVICES).find((each) => type.startsWith(each));
  return prefix === undefined ? undefined : SERVICES[prefix];
}
