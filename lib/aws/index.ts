export { AlertTopic, type AlertTopicProps } from './operations/alert-topic';
export {
  Capacity,
  type CapacityReservationOptions,
  type NewReservationOptions,
  type ReservationOptions,
  type SpotOptions,
} from './capacity/capacity';
export { CostAllocation } from './operations/cost-allocation';
export { CostBudget, type CostBudgetProps } from './operations/cost-budget';
export { EfaNodeGroup } from './nodes/efa-node-group';
export type { EfaNodeGroupOptions, EfaNodeGroupProps } from './nodes/node-group-options';
export { EfaSecurityGroup, type EfaSecurityGroupProps } from './network/efa-security-group';
export { acknowledge } from './template/findings';
export { Interconnect } from './network/interconnect';
export { AwsMachine, type AwsMachineSpec, NodeOs } from './machine/machine';
export { type NetworkInterface, networkLayout } from './network/network-layout';
export { TrainingObservability, type TrainingObservabilityProps } from './training/training-observability';
export { ControlPlane, type ControlPlaneProps } from './cluster/control-plane';
export { DataBucket, type DataBucketProps } from './storage/data-bucket';
export { DataPurpose } from '../core/data-purpose';
export { DataRepositoryEvent, type DataRepositoryProps } from './storage/data-repository';
export { Installation, type InClusterOptions } from './cluster/installation';
export type { ILustreFileSystem, LustreFileSystemAttributes } from './storage/lustre-attributes';
export { LustreFileSystem, type LustreFileSystemProps } from './storage/lustre-file-system';
export { LustreMetadata } from './storage/lustre-metadata';
export { MlVpc, type MlVpcProps } from './network/ml-vpc';
export { SystemNodeGroup, type SystemNodeGroupProps } from './nodes/system-node-group';
export { TemplateChecks } from './template/template-checks';
export type { DataStore } from './storage/data-store';
export { TrainingCluster } from './training/training-cluster';
export type { TrainingClusterProps } from './training/training-cluster-props';
export { TrainingPlatform, type TrainingPlatformProps } from './training/training-platform';
export type { TrainingImages } from './training/training-software';
export { type LustreStorageOptions, TrainingStorage } from './training/training-storage';
export { acceptRules } from './template/accepted-rules';
export type { KubernetesManifest, ManifestBundle } from '../kubernetes';
export { ClusterSoftware } from './cluster/cluster-software';
export { EncryptedLogGroup } from './operations/encrypted-log-group';
export { mlInterfaceEndpoints, MlVpcEndpoints } from './network/ml-vpc-endpoints';
export { NodeLaunchTemplate } from './nodes/node-launch-template';
export type { TrainJobOptions } from '../kubernetes/train-job-options';
export type { GatewayAlarms } from './gateway/gateway-alarms';
export { GatewayAuthorization, type TokenOptions } from './gateway/gateway-authorization';
export { GatewayExposure, type PrivateExposureOptions } from './gateway/gateway-exposure';
export type { GatewayFirewall } from './gateway/gateway-firewall';
export type { GatewayFunction } from './gateway/gateway-function';
export type { AppliedGuardrail, GatewayGuardrail } from './gateway/gateway-guardrail';
export type { GatewayClient, GatewayLimits, InferenceGatewayProps } from './gateway/gateway-options';
export { type IInferenceTarget, InferenceTarget, type InferenceTargetOptions } from './gateway/inference-target';
export { InferenceGateway } from './gateway/inference-gateway';
export type { PiiType } from './gateway/pii-types';
export {
  type DeniedTopic,
  type ExistingGuardrail,
  type GuardrailOptions,
  PiiAction,
  PromptScreening,
  ScreeningStrength,
} from './gateway/prompt-screening';
export { type BufferedOptions, ResponseMode, type StreamedOptions } from './gateway/response-mode';
export type { AwsBatchOptions } from './batch/aws-batch-options';
export { BatchCompute } from './batch/batch-compute';
export type { BatchEstimate, BatchWork } from './batch/batch-estimate';
export { BatchInference } from './batch/batch-inference';
export type { BatchInferenceProps } from './batch/batch-inference-options';
export { BatchInferencePlatform, type BatchInferencePlatformProps } from './batch/batch-inference-platform';
export { BatchObservability, type BatchObservabilityProps } from './batch/batch-observability';
export type { TransformOptions, TransformSplit } from './batch/transform-options';
export type { DataCapture } from './inference/data-capture';
export type {
  Environment,
  TensorFlowServingOptions,
  TorchServeOptions,
  TritonOptions,
  VllmOptions,
} from './inference/container-environment';
export {
  type AsynchronousOptions,
  type ComponentsOptions,
  EndpointKind,
  type EndpointKindName,
  type ServerlessOptions,
} from './inference/endpoint-kind';
export type { InferenceEndpointProps } from './inference/endpoint-options';
export { EndpointRouting, type PrefixAwareOptions } from './inference/endpoint-routing';
export type { EndpointScaling, ScheduledLimits } from './inference/endpoint-scaling';
export {
  type AllAtOnceOptions,
  EndpointUpdate,
  type UpdateOptions,
  type UpdateStrategy,
} from './inference/endpoint-update';
export type { ByModel } from './inference/by-model';
export { InferenceEndpoint } from './inference/inference-endpoint';
export { InferenceObservability, type InferenceObservabilityProps } from './inference/inference-observability';
export {
  type ModelArchiveOptions,
  ModelArtifact,
  type ModelArtifactOptions,
  type ModelFilesOptions,
} from './inference/model-artifact';
export type { PlatformGatewayOptions } from './inference/platform-gateway';
export {
  RealtimeInferencePlatform,
  type RealtimeInferencePlatformProps,
} from './inference/realtime-inference-platform';
export type { ServedModel } from './inference/served-model';
export {
  type OwnContainerOptions,
  ServingContainer,
  type ServingContainerOptions,
} from './inference/serving-container';
export { ServingImage } from './inference/serving-image';
export type { SharedChart, KubernetesInferenceProps } from './kubernetes-inference/kubernetes-inference-options';
export type { InferenceSoftware } from './kubernetes-inference/inference-software';
export type { InternalLoadBalancer } from './kubernetes-inference/internal-load-balancer';
export type { KarpenterNodes } from './kubernetes-inference/karpenter-nodes';
export { KubernetesInference } from './kubernetes-inference/kubernetes-inference';
export type { ModelIdentity } from './kubernetes-inference/model-identity';
export { ServingCache } from '../kubernetes/serving/serving-cache';
export { type InternalLoadBalancerOptions, ServingIngress } from './kubernetes-inference/serving-ingress';
export type { GatewayOptions } from '../kubernetes/serving/gateway';
export { ServingModel } from './kubernetes-inference/serving-model';
export type { HubModelOptions, VolumeModelOptions } from '../kubernetes/serving/model-options';
export { type KarpenterNodesOptions, ServingNodes } from './kubernetes-inference/serving-nodes';
export {
  type ExistingPrometheus,
  type KedaOptions,
  type ScalingOptions,
  ServingScaling,
} from '../kubernetes/serving/serving-scaling';
export { ServingServer } from '../kubernetes/serving/serving-server';
export type { EnvVar, ServerOptions, VllmServerOptions, WakeUp } from '../kubernetes';
export type { InferenceAmi } from '../core/catalog/sagemaker-hosting';
export type { EndpointAlarms } from './inference/endpoint-alarms';
export type { EndpointAutoscaling } from './inference/endpoint-autoscaling';
export type { EndpointRole } from './inference/endpoint-role';
export type { HostedModel } from './inference/hosted-model';
export type { InferenceComponent } from './inference/inference-component';
