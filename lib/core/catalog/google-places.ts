import type { GoogleMachineName } from './google-machines';

/*
 * Sources:
 * - Zones: the lists of Compute Engine in skypilot-org/skypilot-catalog 006059e (catalogs/v8/gcp/vms.csv), read 2026-11-26.
 * - G2 and G4: regions with a price in cloudpilot-ai/karpenter-provider-gcp 417f047 (2026-08-06). Their zones are unknown.
 * - TPUs: cloud.google.com/tpu/docs/regions-zones and docs.cloud.google.com/tpu/docs/types-zones, read 2026-11-26. They include zones of
 *   single tenants from an earlier version of the page. The tables outside North America were not readable: zones there are from
 *   GoogleCloudPlatform/cluster-toolkit 1047080 (daily tests), or recalled and unverified: europe-west4-b and southamerica-west1-a.
 * - A4X: daily test of cluster-toolkit. No location of GB300 is published.
 */
const A2 = ['asia-northeast1-a', 'asia-northeast1-c', 'asia-northeast3-a', 'asia-northeast3-b', 'asia-southeast1-a', 'asia-southeast1-b', 'asia-southeast1-c', 'europe-west4-a', 'europe-west4-b', 'me-west1-a', 'me-west1-c', 'us-central1-a', 'us-central1-b', 'us-central1-c', 'us-central1-f', 'us-east1-b', 'us-west1-b', 'us-west3-b', 'us-west4-b'];
const A2_ULTRA = ['asia-southeast1-c', 'europe-west4-a', 'us-central1-a', 'us-central1-c', 'us-east4-c', 'us-east5-a', 'us-east5-b'];
const A3_US = ['us-central1-a', 'us-central1-b', 'us-central1-c', 'us-east4-a', 'us-east4-b', 'us-east4-c', 'us-east5-a', 'us-west1-a', 'us-west1-b', 'us-west4-a'];
const A3_EU = ['europe-north1-c', 'europe-west1-b', 'europe-west1-c', 'europe-west3-c', 'europe-west4-b', 'europe-west4-c'];
const A3 = ['asia-east1-c', 'asia-northeast1-b', 'asia-south1-c', 'asia-south2-b', 'asia-southeast1-b', 'asia-southeast1-c', 'australia-southeast1-c', ...A3_EU, 'europe-west9-c', ...A3_US];
const A3_PART = [...A3, 'europe-west8-c'];
const G2 = ['asia-east1', 'asia-northeast1', 'asia-northeast3', 'asia-south1', 'asia-southeast1', 'europe-west1', 'europe-west2', 'europe-west3', 'europe-west4', 'europe-west6', 'me-central2', 'northamerica-northeast1', 'northamerica-northeast2', 'us-central1', 'us-east1', 'us-east4', 'us-west1', 'us-west4'];
const G4_PART = ['asia-east1', 'europe-north1', 'europe-west2', 'europe-west4', 'us-central1', 'us-east1', 'us-east5', 'us-south1'];
const G4 = [...G4_PART, 'asia-south1', 'asia-south2', 'asia-southeast1', 'asia-southeast2', 'europe-west1', 'europe-west10', 'europe-west8', 'me-central2', 'us-east4', 'us-west1', 'us-west3', 'us-west4'];
const V5E = ['europe-west4-b', 'us-central1-a', 'us-east5-a', 'us-east5-b', 'us-east5-c', 'us-south1-a', 'us-west1-c', 'us-west4-a'];
const V6E = ['asia-northeast1-b', 'europe-west4-a', 'southamerica-west1-a', 'us-central1-ai1', 'us-central1-b', 'us-east1-d', 'us-east4-a', 'us-east4-b', 'us-east5-a', 'us-east5-b', 'us-east5-c', 'us-south1-ai1b', 'us-west1-c'];

/**
 * Locations that a source lists for a machine: zones, or a region if its zones are unknown. No list is complete, because Google adds
 * locations and reserves some for single customers. No source lists a location for a machine without a row.
 */
export const GOOGLE_PLACES = {
  'a2-highgpu-1g': A2,
  'a2-highgpu-2g': A2,
  'a2-highgpu-4g': A2,
  'a2-highgpu-8g': A2,
  'a2-megagpu-16g': ['asia-southeast1-a', 'asia-southeast1-c', 'europe-west4-a', 'europe-west4-b', 'us-central1-a', 'us-central1-b', 'us-central1-c', 'us-central1-f'],
  'a2-ultragpu-1g': A2_ULTRA,
  'a2-ultragpu-2g': A2_ULTRA,
  'a2-ultragpu-4g': A2_ULTRA,
  'a2-ultragpu-8g': A2_ULTRA,
  'a3-highgpu-1g': A3_PART,
  'a3-highgpu-2g': A3_PART,
  'a3-highgpu-4g': A3_PART,
  'a3-highgpu-8g': A3,
  'a3-edgegpu-8g': ['asia-northeast1-b', 'asia-northeast3-a', 'asia-northeast3-c', 'asia-south1-c', 'asia-southeast1-b', 'asia-southeast1-c', 'europe-west2-b', 'europe-west3-a', 'europe-west3-c', 'europe-west4-b', 'europe-west4-c', 'europe-west9-c', 'northamerica-northeast2-c', ...A3_US],
  'a3-megagpu-8g': ['asia-east1-c', 'asia-northeast1-b', 'asia-southeast1-b', 'asia-southeast1-c', 'australia-southeast1-c', ...A3_EU, ...A3_US],
  'a3-ultragpu-8g': ['asia-south1-b', 'asia-south2-c', 'europe-west1-b', 'europe-west4-a', 'us-central1-b', 'us-east4-b', 'us-east5-a', 'us-south1-b', 'us-west1-c'],
  'a4-highgpu-8g': ['asia-northeast1-b', 'asia-southeast1-b', 'europe-north1-b', 'europe-west4-b', 'us-central1-b', 'us-east1-b', 'us-east4-b', 'us-south1-b', 'us-west2-c', 'us-west3-b', 'us-west3-c'],
  'a4x-highgpu-4g': ['us-central1-b'],
  'g2-standard-4': G2,
  'g2-standard-8': G2,
  'g2-standard-12': G2,
  'g2-standard-16': G2,
  'g2-standard-24': G2,
  'g2-standard-32': G2,
  'g2-standard-48': G2,
  'g2-standard-96': G2,
  'g4-standard-6': G4_PART,
  'g4-standard-12': G4_PART,
  'g4-standard-24': G4_PART,
  'g4-standard-48': G4,
  'g4-standard-96': G4,
  'g4-standard-192': G4,
  'g4-standard-384': G4,
  'ct5lp-hightpu-1t': V5E,
  'ct5lp-hightpu-4t': V5E,
  'ct5lp-hightpu-8t': V5E,
  'ct4p-hightpu-4t': ['us-central2-b'],
  'ct5p-hightpu-4t': ['europe-west4-b', 'us-central1-a', 'us-east5-a', 'us-east5-b', 'us-east5-c', 'us-south1-a'],
  'ct6e-standard-1t': V6E,
  'ct6e-standard-4t': V6E,
  'ct6e-standard-8t': V6E,
  'tpu7x-standard-4t': ['us-central1-ai1a', 'us-central1-c'],
} as const satisfies Partial<Record<GoogleMachineName, readonly string[]>>;
