import { CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks';
import { ManagedPolicy, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { podIdentityRole } from '../cluster/pod-identity-role';
import type { ServingModel } from './serving-model';

/** Properties for `ModelIdentity`. */
export interface ModelIdentityProps {
  readonly clusterName: string;
  readonly namespace: string;
  /** Service account of the servers. */
  readonly serviceAccount: string;
  readonly model: ServingModel;
}

/** What the servers of a model may do in AWS: read that model, and nothing else. */
export class ModelIdentity extends Construct {
  public readonly role: Role;
  public readonly association: CfnPodIdentityAssociation;

  constructor(scope: Construct, id: string, { clusterName, namespace, serviceAccount, model }: ModelIdentityProps) {
    super(scope, id);
    this.role = podIdentityRole(this, 'Role');
    const policy = new ManagedPolicy(this, 'Policy', { roles: [this.role] });
    model.grantRead(policy);
    this.association = new CfnPodIdentityAssociation(this, 'Association', {
      clusterName,
      namespace,
      serviceAccount,
      roleArn: this.role.roleArn,
    });
    this.association.node.addDependency(policy);
  }
}
