import { Construct, type IConstruct } from 'constructs';
import { CONSTRUCT, demand, required } from '../../core/shapes';
import { onlyInStack } from '../../terraform/once-in-stack';
import { DataGoogleClientConfig, DataGoogleProject, DataGoogleStorageProjectServiceAccount } from '../provider/google';

/** Services of Google that act by themselves, and the address of their agent in a project, which exists once their API is enabled. */
const AGENTS = {
  compute: 'compute-system',
  container: 'container-engine-robot',
  run: 'serverless-robot-prod',
  aiplatform: 'gcp-sa-aiplatform',
} as const;

/** A service that acts by itself. */
export type ServiceAgent = keyof typeof AGENTS | 'storage';

/** The project that the provider of a stack works in: looked up once a stack. */
export class CurrentProject extends Construct {
  /** That of the stack of a construct. */
  static of(scope: IConstruct): CurrentProject {
    demand({ scope }, { scope: required(CONSTRUCT) });
    return onlyInStack(scope, ID, (stack) => new CurrentProject(stack, ID));
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

  /** Its number. */
  get projectNumber(): string {
    return this.data.number;
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
    const pool = `projects/${this.projectNumber}/locations/global/workloadIdentityPools/${this.workloadPool}`;
    return `principal://iam.googleapis.com/${pool}/subject/ns/${namespace}/sa/${serviceAccount}`;
  }

  /** The member by which IAM knows the agent of a service. @see https://cloud.google.com/iam/docs/service-agents */
  agentOf(service: ServiceAgent): string {
    if (service === 'storage') return this.storageAgent.member;
    return `serviceAccount:service-${this.projectNumber}@${AGENTS[service]}.iam.gserviceaccount.com`;
  }

  /** Cloud Storage makes its agent when it is first asked for it. */
  private get storageAgent(): DataGoogleStorageProjectServiceAccount {
    const found = this.node.tryFindChild(STORAGE_AGENT) as DataGoogleStorageProjectServiceAccount | undefined;
    return found ?? new DataGoogleStorageProjectServiceAccount(this, STORAGE_AGENT, { project: this.projectId });
  }
}

const ID = 'AiInfraGoogleProject';
const STORAGE_AGENT = 'StorageAgent';
