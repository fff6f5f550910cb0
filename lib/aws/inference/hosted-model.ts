import { Tags } from 'aws-cdk-lib';
import { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import type { EndpointNetwork } from './endpoint-network';
import { vpcConfigOf } from './endpoint-network';
import type { EndpointRole } from './endpoint-role';
import type { ResolvedModel } from './resolved-endpoint';

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
