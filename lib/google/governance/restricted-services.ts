import { TerraformResource, type TerraformStack } from 'cdktf';

/**
 * The API of each resource type, by the prefix of the type.
 *
 * Perimeters fully support all of them (GA): docs.cloud.google.com/vpc-service-controls/docs/restricted-vip-services, a copy of
 * 2026-04-12; read 2026-11-26. IAM, service networking and billing are left out, because restricting them would block Terraform.
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

/** Other APIs that GKE uses: for images, image streaming, logs and metrics. */
const OF_CLUSTERS = ['artifactregistry', 'containerfilesystem', 'logging', 'monitoring'];

/** The services of the resources of a stack, sorted. A perimeter around the stack restricts them. */
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
