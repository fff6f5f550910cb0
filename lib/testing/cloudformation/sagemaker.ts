import type { ComputeGroup, Endpoint, Market, Sections } from '../architecture';
import {
  counts,
  group,
  textsOf,
  amount,
  details,
  type Readers,
  type Resource,
  type View,
  record,
  records,
  type Props,
} from '../view';

const NOT_PRICED = 'the price table does not include SageMaker';

/** Readers of SageMaker machines and endpoints. */
export const SAGEMAKER_READERS: Readers = {
  'AWS::SageMaker::Endpoint': (resource, view) => ({ endpoints: [endpoint(resource, view)] }),
  'AWS::SageMaker::EndpointConfig': (resource, view) => ({
    compute: records(resource.props.ProductionVariants).map((variant) => variantOf(resource, view, variant)),
  }),
  'AWS::SageMaker::InferenceComponent': inferenceComponent,
  'AWS::SageMaker::Model': (resource, view) => ({
    workflows: [
      {
        name: resource.name,
        kind: 'SageMaker model',
        ...details({
          network: view.flag(resource.props.EnableNetworkIsolation)
            ? 'isolated'
            : resource.props.VpcConfig === undefined
              ? 'open'
              : 'in a VPC',
        }),
      },
    ],
  }),
  'AWS::SageMaker::NotebookInstance': notebook,
  'AWS::SageMaker::Cluster': (resource, view) => ({
    compute: records(resource.props.InstanceGroups).map((each) => instanceGroup(resource, view, each)),
  }),
};

function endpoint(resource: Resource, view: View): Endpoint {
  const { props } = resource;
  const config = record(view.find(props.EndpointConfigName)?.props);
  const deployment = record(props.DeploymentConfig);
  return {
    name: resource.name,
    kind: config.AsyncInferenceConfig === undefined ? 'SageMaker endpoint' : 'SageMaker asynchronous endpoint',
    access: 'signed',
    encryption: view.encryption(config.KmsKeyId),
    ...details({
      captures: record(config.DataCaptureConfig).EnableCapture !== undefined && 'its data',
      updates: deployment.RollingUpdatePolicy
        ? 'rolling'
        : view.text(record(record(deployment.BlueGreenUpdatePolicy).TrafficRoutingConfiguration).Type)?.toLowerCase(),
    }),
  };
}

function variantOf(resource: Resource, view: View, variant: Props): ComputeGroup {
  const { MinInstanceCount, MaxInstanceCount } = record(variant.ManagedInstanceScaling);
  const serverless = record(variant.ServerlessConfig);
  const machines = textsOf(view, variant.InstanceType);
  return {
    name: `${resource.name}/${view.text(variant.VariantName) ?? 'variant'}`,
    kind: machines.length > 0 ? 'SageMaker variant' : 'SageMaker serverless variant',
    cloud: 'aws',
    machines,
    count: counts(view, { min: MinInstanceCount, desired: variant.InitialInstanceCount, max: MaxInstanceCount }),
    notPriced: NOT_PRICED,
    ...details({
      memory: amount(view.number(serverless.MemorySizeInMB), 'MB'),
      concurrency: view.text(serverless.MaxConcurrency),
      routing: view.text(record(variant.RoutingConfig).RoutingStrategy)?.toLowerCase().replaceAll('_', ' '),
    }),
  };
}

function inferenceComponent(resource: Resource, view: View): Partial<Sections> {
  const { Runtime, Specification, EndpointName } = resource.props;
  const needs = record(record(Specification).ComputeResourceRequirements);
  return {
    workflows: [
      {
        name: resource.name,
        kind: 'SageMaker inference component',
        ...details({
          on: view.find(EndpointName)?.name ?? view.text(EndpointName),
          copies: view.text(record(Runtime).CopyCount),
          accelerators: view.text(needs.NumberOfAcceleratorDevicesRequired),
          memory: amount(view.number(needs.MinMemoryRequiredInMb), 'MB'),
        }),
      },
    ],
  };
}

function notebook(resource: Resource, view: View): Partial<Sections> {
  const { InstanceType, VolumeSizeInGB, KmsKeyId, DirectInternetAccess } = resource.props;
  return group(
    {
      name: resource.name,
      kind: 'SageMaker notebook',
      cloud: 'aws',
      machines: textsOf(view, InstanceType),
      count: { desired: 1 },
      disks: [amount(view.number(VolumeSizeInGB ?? 5), 'GiB') ?? ''],
      encryption: view.encryption(KmsKeyId),
      notPriced: NOT_PRICED,
    },
    view.text(DirectInternetAccess) === 'Disabled' ? undefined : 'direct internet access, on by default',
  );
}

function instanceGroup(resource: Resource, view: View, each: Props): ComputeGroup {
  const plan: Market = each.TrainingPlanArn === undefined ? 'on-demand' : 'capacity-block';
  return {
    name: `${resource.name}/${view.text(each.InstanceGroupName) ?? 'group'}`,
    kind: 'HyperPod instance group',
    cloud: 'aws',
    machines: textsOf(view, each.InstanceType),
    count: { desired: view.number(each.InstanceCount) },
    market: plan,
    notPriced: NOT_PRICED,
  };
}
