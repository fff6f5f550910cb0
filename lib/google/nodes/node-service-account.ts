import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import { CurrentProject } from '../operations/current-project';
import { ProjectIamMember, ServiceAccount } from '../provider/google';

/**
 * What nodes may do: write their logs and metrics, and pull images; an account that is not the default one streams them only where it may use
 * the services of their project. Pods get rights of their own by workload identity.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster#use_least_privilege_sa
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/image-streaming#requirements
 */
const ROLES = {
  NodeServiceAccount: 'roles/container.defaultNodeServiceAccount',
  ArtifactReader: 'roles/artifactregistry.reader',
  ImageStreaming: 'roles/serviceusage.serviceUsageConsumer',
} as const;

/** Longest name of a service account. Source: documentation of the provider, google 6.50.0. */
const LONGEST_ID = 30;

/** The account that nodes run as. */
export class NodeServiceAccount extends Construct {
  public readonly resource: ServiceAccount;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.resource = new ServiceAccount(this, 'Resource', {
      accountId: physicalName(this, LONGEST_ID),
      displayName: `Nodes of ${this.node.path}`.slice(0, 100),
    });
    const project = CurrentProject.of(this).projectId;
    for (const [name, role] of Object.entries(ROLES)) {
      new ProjectIamMember(this, name, { project, role, member: this.resource.member });
    }
  }

  /** Its address. */
  get email(): string {
    return this.resource.email;
  }
}
