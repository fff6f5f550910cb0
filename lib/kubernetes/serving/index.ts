export { autoscalers } from './autoscalers';
export * from './charts';
export { commandOf, type ServerCommand, type ServingLayout, type ServingRole } from './commands';
export { endpointPicker, type EndpointPickerProps, PICKER_PORT, pickerKinds, pickerName } from './endpoint-picker';
export * from './gateway';
export { MODEL_LABEL, SERVES_LABEL, serverLabels, servingSelector } from './labels';
export {
  checkModelFiles,
  type HuggingFaceSource,
  type ModelCache,
  type ModelSource,
  type ObjectStorageSource,
  type VolumeSource,
} from './model-files';
export * from './model-serving';
export * from './scale';
export * from './server';
export { checkServer } from './server-checks';
export { checkNamespace, checkReplica, checkScale } from './serving-checks';
export { ServingCache } from './serving-cache';
export type { ModelServingProps, ServerIdentity, ServingClient, ServingEgress } from './serving-props';
export { type ExistingPrometheus, type KedaOptions, type ScalingOptions, ServingScaling } from './serving-scaling';
export { ServingServer } from './serving-server';
export { arrivalSeconds, diskGiB, startupSeconds } from './startup';
