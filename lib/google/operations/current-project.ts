import { TerraformStack } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { DataGoogleClientConfig, DataGoogleProject } from '../provider/google';

/** Services of Google that act by themselves, and the address of their agent in a project. */
const AGENTS = {
  compute: 'compute-system',
  container: 'container-engine-robot',
  storage: 'gs-project-accounts',
} as const;

/** A service that acts by itself. */
export type ServiceAgent = keyof typeof AGENTS;

/** The project that the provider of a stack works in: looked up once a stack. */
export class CurrentProject extends Construct {
  /** That of the stack of a construct. */
  static of(scope: IConstruct): CurrentProject {
    const stack = TerraformStack.of(scope);
    const found = stack.node.tryFindChild(ID) as CurrentProject | undefined;
    return found ?? new CurrentProject(stack, ID);
  }

  private readonly client: DataGoogleClientConfig;
  private readonly data: DataGoogleProject;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    this.client = new DataGoogleClientConfig(this, 'Client');
    this.data = new DataGoogleProject(this, 'Resource', { projectId: this.client.project });
  }

  /** Its id, e.g. `my-project`. */
  get projectId(): string {
    return this.client.project;
  }

  /** A token of whoever runs Terraform, for as long as an hour. */
  get accessToken(): string {
    return this.client.accessToken;
  }

  /** The pool by which pods of the project's clusters have an identity. */
  get workloadPool(): string {
    return `${this.projectId}.svc.id.goog`;
  }

  /**
   * The member by which IAM knows the pods of a Kubernetes service account.
   *
   * @see https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
   */
  podsOf(namespace: string, serviceAccount: string): string {
    const pool = `projects/${this.data.number}/locations/global/workloadIdentityPools/${this.workloadPool}`;
    return `principal://iam.googleapis.com/${pool}/subject/ns/${namespace}/sa/${serviceAccount}`;
  }

  /** The member by which IAM knows the agent of a service. @see https://cloud.google.com/iam/docs/service-agents */
  agentOf(service: ServiceAgent): string {
    return `serviceAccount:service-${this.data.number}@${AGENTS[service]}.iam.gserviceaccount.com`;
  }
}

const ID = 'AiInfraGoogleProject';
