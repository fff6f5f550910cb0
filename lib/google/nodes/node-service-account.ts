import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import { CurrentProject } from '../operations/current-project';
import { ProjectIamMember, ServiceAccount } from '../provider/google';

/**
 * Roles of the nodes, to write logs and metrics and to pull images. Image streaming also requires the permission to use the services of the project.
 * Pods get separate permissions through Workload Identity Federation.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster#use_least_privilege_sa
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/image-streaming#requirements
 */
const ROLES = {
  NodeServiceAccount: 'roles/container.defaultNodeServiceAccount',
  ArtifactReader: 'roles/artifactregistry.reader',
  ImageStreaming: 'roles/serviceusage.serviceUsageConsumer',
} as const;

/** Maximum length of a service account ID. Source: documentation of the provider, google 6.50.0. */
const LONGEST_ID = 30;

/** The service account of nodes. */
export class NodeServiceAccount extends Construct {
  /** The service account in Terraform. */
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

  /** Email of the service account. */
  get email(): string {
    return this.resource.email;
  }
}
