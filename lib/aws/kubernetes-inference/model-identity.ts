import { CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks';
import { ManagedPolicy, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { podIdentityRole } from '../cluster/job-identity';
import type { ServingModel } from './serving-model';

/** Properties for `ModelIdentity`. */
export interface ModelIdentityProps {
  /** Name of the cluster. */
  readonly clusterName: string;
  /** Namespace of the servers. */
  readonly namespace: string;
  /** Service account of the servers. */
  readonly serviceAccount: string;
  /** Model that the servers read. */
  readonly model: ServingModel;
}

/** Pod identity of the servers. It allows them only to read their model. */
export class ModelIdentity extends Construct {
  /** Role of the servers. */
  public readonly role: Role;
  /** Pod identity association of their service account. */
  public readonly association: CfnPodIdentityAssociation;

  /** @internal */
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
