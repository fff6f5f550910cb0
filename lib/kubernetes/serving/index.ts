export { autoscalers } from './served-model';
export * from './charts';
export { commandOf, type ServerCommand, type ServingLayout, type ServingRole } from './serving-server';
export { endpointPicker, type EndpointPickerProps, PICKER_PORT, pickerKinds, pickerName } from './endpoint-picker';
export * from './gateway';
export { MODEL_LABEL, SERVES_LABEL, serverLabels, servingSelector } from './serving-pod';
export {
  checkModelFiles,
  type HuggingFaceSource,
  type ModelCache,
  type ModelSource,
  type ObjectStorageSource,
  type VolumeSource,
} from './model-files';
export * from './served-model';
export * from './scale';
export * from './server';
export { checkServer } from './server';
export { checkNamespace, checkReplica, checkScale } from './serving-checks';
export { ServingCache } from './scale';
export type { ModelServingProps, ServerIdentity, ServingClient, ServingEgress } from './serving-props';
export { type ExistingPrometheus, type KedaOptions, type ScalingOptions, ServingScaling } from './scale';
export { ServingServer } from './serving-server';
export { arrivalSeconds, diskGiB, startupSeconds } from './load-plan';
