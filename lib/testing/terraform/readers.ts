import type { Readers } from '../view';
import { AZURE_COMPUTE_READERS } from './azure/compute';
import { AZURE_FOUNDATION_READERS } from './azure/foundation';
import { AZURE_GATEWAY_READERS } from './azure/gateway';
import { AZURE_SERVING_READERS } from './azure/serving';
import { AZURE_STORAGE_READERS } from './azure/storage';
import { GOOGLE_COMPUTE_READERS } from './google/compute';
import { GOOGLE_KUBERNETES_READERS } from './google/kubernetes';
import { GOOGLE_SERVING_READERS } from './google/serving';
import { GOOGLE_STORAGE_READERS } from './google/storage';
import { HELM_READERS } from './helm';

/** Readers of Terraform resources by type. Add a new reader to the file for its kind of resource. */
export const TERRAFORM_READERS: Readers = {
  ...GOOGLE_COMPUTE_READERS,
  ...GOOGLE_KUBERNETES_READERS,
  ...GOOGLE_SERVING_READERS,
  ...GOOGLE_STORAGE_READERS,
  ...HELM_READERS,
  ...AZURE_COMPUTE_READERS,
  ...AZURE_FOUNDATION_READERS,
  ...AZURE_GATEWAY_READERS,
  ...AZURE_STORAGE_READERS,
  ...AZURE_SERVING_READERS,
};
