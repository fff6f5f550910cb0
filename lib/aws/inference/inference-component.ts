import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { componentDeploymentConfig } from './deployment-config';
import type { IInferenceComponent } from './endpoint-base';
import { FLEET } from './endpoint-config';
import type { EndpointUpdate } from './endpoint-update';
import type { ResolvedModel } from './resolved-endpoint';

/** Properties for `InferenceComponent`. */
export interface InferenceComponentProps {
  /** Name of the endpoint. */
  readonly endpointName: string;
  /** Name of the inference component. */
  readonly componentName: string;
  /** Name of the SageMaker model. */
  readonly modelName: string;
  /** Resolved settings of the model. */
  readonly resolved: ResolvedModel;
  /** Whether instances cache the image and the model. */
  readonly cached: boolean;
  /** How new copies are deployed. @default - set by SageMaker */
  readonly update?: EndpointUpdate;
  /** Alarms that roll back an update. */
  readonly alarms: readonly IAlarm[];
}

/** Copies of one model on the fleet of an endpoint. */
export class InferenceComponent extends Construct implements IInferenceComponent {
  /** Name of the inference component, which callers pass along with the name of the endpoint. */
  public readonly componentName: string;
  /** The SageMaker inference component. */
  public readonly resource: CfnInferenceComponent;

  /** @internal */
  constructor(scope: Construct, id: string, props: InferenceComponentProps) {
    super(scope, id);
    const { resolved, update } = props;
    this.componentName = props.componentName;
    this.resource = new CfnInferenceComponent(this, 'Resource', {
      endpointName: props.endpointName,
      inferenceComponentName: this.componentName,
      variantName: FLEET,
      runtimeConfig: { copyCount: Math.max(1, resolved.limits.minReplicas) },
      deploymentConfig: update && componentDeploymentConfig(update, props.alarms),
      specification: {
        modelName: props.modelName,
        computeResourceRequirements: {
          numberOfAcceleratorDevicesRequired: resolved.accelerators,
          minMemoryRequiredInMb: resolved.memoryMiB,
        },
        startupParameters: {
          containerStartupHealthCheckTimeoutInSeconds: resolved.times?.startup,
          modelDataDownloadTimeoutInSeconds: resolved.times?.download,
        },
        dataCacheConfig: { enableCaching: props.cached },
      },
    });
  }
}
