import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnInferenceComponent, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { componentDeploymentConfig, type EndpointUpdate } from './endpoint-update';
import type { IInferenceComponent } from './endpoint-base';
import { FLEET } from './endpoint-config';
import type { ResolvedModel } from './resolved-endpoint';
import { Tags } from 'aws-cdk-lib';
import { type EndpointNetwork, vpcConfigOf, type EndpointRole } from './endpoint-role';

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

/** Properties for `HostedModel`. */
export interface HostedModelProps {
  readonly resolved: ResolvedModel;
  readonly access: EndpointRole;
  readonly isolated: boolean;
  readonly network?: EndpointNetwork;
}

/** A SageMaker model: image, environment and artifact. Tags record the version. */
export class HostedModel extends Construct {
  /** The SageMaker model. */
  public readonly resource: CfnModel;

  /** @internal */
  constructor(scope: Construct, id: string, { resolved, access, isolated, network }: HostedModelProps) {
    super(scope, id);
    const { container, artifact } = resolved.model;
    artifact.grantRead(access.policy);
    this.resource = new CfnModel(this, 'Resource', {
      executionRoleArn: access.role.roleArn,
      enableNetworkIsolation: isolated,
      vpcConfig: vpcConfigOf(network),
      primaryContainer: {
        image: container.image.bind(this, access.policy),
        environment: container.environment({ accelerators: resolved.accelerators }),
        ...artifact.source,
      },
    });
    Tags.of(this.resource).add('model-version', artifact.version);
    if (artifact.sha256) Tags.of(this.resource).add('model-sha256', artifact.sha256);
    // Permissions come first: SageMaker reads the image and the artifact when it creates the model.
    this.resource.node.addDependency(access);
  }
}
