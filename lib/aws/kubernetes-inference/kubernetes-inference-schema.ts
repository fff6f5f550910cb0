import { objectOf, required, type PropSchema } from '../../core/prop-schema';
import { SERVING_OPTIONS } from '../../kubernetes/serving/serving-schema';
import { CAPACITY } from '../capacity/capacity';
import { CLUSTER_SOURCE } from '../cluster/cluster-source';
import { INSTALLATION } from '../cluster/installation';
import { AWS_MACHINE } from '../machine/machine';
import { KEY, SIZE, STRINGS, SUBNET_SELECTION, VPC } from '../props/prop-types';
import type { InferenceNodeOptions, KubernetesInferenceProps } from './kubernetes-inference-options';
import { SERVING_INGRESS } from './serving-ingress';
import { SERVING_MODEL } from './serving-model';
import { SERVING_NODES } from './serving-nodes';

/** Prop types of `KubernetesInference`. */
export const KUBERNETES_INFERENCE: PropSchema<KubernetesInferenceProps> = {
  machine: required(AWS_MACHINE),
  model: required(SERVING_MODEL),
  ...SERVING_OPTIONS,
  nodes: SERVING_NODES,
  capacity: CAPACITY,
  subnets: SUBNET_SELECTION,
  ingress: SERVING_INGRESS,
  nodeOptions: objectOf<InferenceNodeOptions>({ bootDisk: SIZE, bootDiskKey: KEY }),
  vpc: VPC,
  availabilityZones: STRINGS,
  cluster: CLUSTER_SOURCE,
  installation: INSTALLATION,
};
