import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { componentDeploymentConfig } from './deployment-config';
import { FLEET } from './endpoint-config';
import type { EndpointUpdate } from './endpoint-update';
import type { SettledModel } from './settled-endpoint';

/** Properties for `InferenceComponent`. */
export interface InferenceComponentProps {
  readonly endpointName: string;
  readonly componentName: string;
  /** Name of the model, as SageMaker knows it. */
  readonly modelName: string;
  readonly settled: SettledModel;
  /** Whether instances keep image and model. */
  readonly cached: boolean;
  /** @default - SageMaker replaces copies as it likes */
  readonly update?: EndpointUpdate;
  /** What rolls an update back. */
  readonly alarms: readonly IAlarm[];
}

/** Copies of one model on the fleet of an endpoint. */
export class InferenceComponent extends Construct {
  /** What whoever invokes it names beside the endpoint. */
  public readonly componentName: string;
  public readonly resource: CfnInferenceComponent;

  constructor(scope: Construct, id: string, props: InferenceComponentProps) {
    super(scope, id);
    const { settled, update } = props;
    this.componentName = props.componentName;
    this.resource = new CfnInferenceComponent(this, 'Resource', {
      endpointName: props.endpointName,
      inferenceComponentName: this.componentName,
      variantName: FLEET,
      runtimeConfig: { copyCount: Math.max(1, settled.limits.minimum) },
      deploymentConfig: update && componentDeploymentConfig(update, props.alarms),
      specification: {
        modelName: props.modelName,
        computeResourceRequirements: {
          numberOfAcceleratorDevicesRequired: settled.accelerators,
          minMemoryRequiredInMb: settled.memoryMiB,
        },
        startupParameters: {
          containerStartupHealthCheckTimeoutInSeconds: settled.times?.startup,
          modelDataDownloadTimeoutInSeconds: settled.times?.download,
        },
        dataCacheConfig: { enableCaching: props.cached },
      },
    });
  }
}
