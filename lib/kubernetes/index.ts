export * from './acceptance-job';
export { CHECK } from './acceptance-scripts';
export * from './allocatable';
export * from './bundle';
export * from './controller-charts';
export * from './compute-domain';
export { claimsOf, claimTemplate } from './kueue-chart';
export {
  autoscalerChart,
  type AutoscalerChartProps,
  type ControllerChartProps,
  jobSetChart,
  trainerChart,
} from './controller-charts';
export * from './training-objects';
export * from './kueue-chart';
export type { EnvVar, KubernetesManifest, ObjectMeta } from './manifest';
export * from './infiniband';
export type { KubeletOptions } from './kubelet-options';
export { type MountedClaim, NODE_CONTAINER, type PodIdentity } from './node-pod';
export * from './nvidia-operators';
export { onPools, type SystemNodes } from './placement';
export * from './pool';
export * from './queues';
export * from './reserved-memory';
export * from './serving';
export * from './slice-job';
export { trainJob, type TrainJobProps } from './train-job';
export { type JobEnvironment, type SecretKey } from './job-environment';
export { JobVolume, type MountOptions, type ScratchOptions } from './job-volume';
export * from './training-runtime';
export { batchInference, type BatchInferenceObjectsProps, batchRunJob, type ObjectFolder } from './batch/batch-job';
