import type { Readers } from '../view';
import { API_READERS } from './apis';
import { COMPUTE_READERS } from './compute';
import { FUNCTION_READERS } from './functions';
import { GUARD_READERS } from './guards';
import { JOB_READERS } from './jobs';
import { KUBERNETES_READERS } from './kubernetes';
import { MESSAGING_READERS } from './messaging';
import { NETWORK_READERS } from './network';
import { OPERATION_READERS } from './operations';
import { SAGEMAKER_READERS } from './sagemaker';
import { SECURITY_READERS } from './security';
import { STORAGE_READERS } from './storage';

/** Readers of CloudFormation resources by type. Add a new reader to the file for its kind of resource. */
export const CLOUDFORMATION_READERS: Readers = {
  ...COMPUTE_READERS,
  ...JOB_READERS,
  ...SAGEMAKER_READERS,
  ...KUBERNETES_READERS,
  ...STORAGE_READERS,
  ...MESSAGING_READERS,
  ...API_READERS,
  ...FUNCTION_READERS,
  ...NETWORK_READERS,
  ...SECURITY_READERS,
  ...GUARD_READERS,
  ...OPERATION_READERS,
};
