import { Tags } from 'aws-cdk-lib';
import { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import type { EndpointNetwork } from './endpoint-network';
import { vpcConfigOf } from './endpoint-network';
import type { EndpointRole } from './endpoint-role';
import type { SettledModel } from './settled-endpoint';

/** Properties for `HostedModel`. */
export interface HostedModelProps {
  readonly settled: SettledModel;
  readonly access: EndpointRole;
  readonly isolated: boolean;
  readonly network?: EndpointNetwork;
}

/** A model as SageMaker knows it: image, environment and artefact, under tags that say which version it is. */
export class HostedModel extends Construct {
  public readonly resource: CfnModel;

  constructor(scope: Construct, id: string, { settled, access, isolated, network }: HostedModelProps) {
    super(scope, id);
    const { container, artifact } = settled.model;
    artifact.grantRead(access.policy);
    this.resource = new CfnModel(this, 'Resource', {
      executionRoleArn: access.role.roleArn,
      enableNetworkIsolation: isolated,
      vpcConfig: vpcConfigOf(network),
      primaryContainer: {
        image: container.image.bind(this, access.policy),
        environment: container.environment({ accelerators: settled.accelerators }),
        ...artifact.source,
      },
    });
    Tags.of(this.resource).add('model-version', artifact.version);
    if (artifact.sha256) Tags.of(this.resource).add('model-sha256', artifact.sha256);
    // Rights come first: SageMaker reads image and artefact as soon as the model is there.
    this.resource.node.addDependency(access);
  }
}
