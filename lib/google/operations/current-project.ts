import { Construct, type IConstruct } from 'constructs';
import { CONSTRUCT, assertProps, required } from '../../core/prop-schema';
import { onceForProvider } from '../../terraform/chosen-provider';
import { checkProviders } from '../../terraform/provider-checks';
import { DataGoogleClientConfig, DataGoogleProject, DataGoogleStorageProjectServiceAccount } from '../provider/google';

/** A Google Cloud service that acts through its service agent. @see https://cloud.google.com/iam/docs/service-agents */
export enum ServiceAgent {
  /** Compute Engine: boot disks. */
  COMPUTE = 'compute',
  /** GKE: Kubernetes secrets. */
  CONTAINER = 'container',
  /** Cloud Run: container images. */
  CLOUD_RUN = 'run',
  /** Vertex AI: endpoints. */
  VERTEX_AI = 'aiplatform',
  /** Cloud Storage: objects. */
  STORAGE = 'storage',
}

/** The part of the email of a service agent that names the service. The agent exists after its API is enabled. */
const AGENTS: Readonly<Record<Exclude<ServiceAgent, ServiceAgent.STORAGE>, string>> = {
  [ServiceAgent.COMPUTE]: 'compute-system',
  [ServiceAgent.CONTAINER]: 'container-engine-robot',
  [ServiceAgent.CLOUD_RUN]: 'serverless-robot-prod',
  [ServiceAgent.VERTEX_AI]: 'gcp-sa-aiplatform',
};

/**
 * The project of the provider of a stack. Each stack looks it up once.
 *
 * @example
 * ```ts
 * import { CurrentProject } from 'ai-infra-constructs/google';
 * import { TerraformOutput, TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * new TerraformOutput(stack, 'ProjectNumber', { value: CurrentProject.of(stack).projectNumber });
 * ```
 */
export class CurrentProject extends Construct {
  /** The project of the stack of a construct. */
  static of(scope: IConstruct): CurrentProject {
    assertProps({ scope }, { scope: required(CONSTRUCT) });
    return onceForProvider(scope, 'google', ID, (holder) => new CurrentProject(holder, ID));
  }

  private readonly client: DataGoogleClientConfig;
  private readonly data: DataGoogleProject;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    checkProviders(this);
    this.client = new DataGoogleClientConfig(this, 'Client');
    this.data = new DataGoogleProject(this, 'Resource', { projectId: this.client.project });
  }

  /** ID of the project, for example `my-project`. */
  get projectId(): string {
    return this.client.project;
  }

  /** Number of the project. */
  get projectNumber(): string {
    return this.data.number;
  }

  /** Access token of the identity that runs Terraform, valid for up to one hour. */
  get accessToken(): string {
    return this.client.accessToken;
  }

  /** Workload identity pool for the GKE clusters of the project. */
  get workloadPool(): string {
    return `${this.projectId}.svc.id.goog`;
  }

  /**
   * IAM principal of the pods with a Kubernetes service account.
   *
   * @see https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
   */
  podsOf(namespace: string, serviceAccount: string): string {
    const pool = `projects/${this.projectNumber}/locations/global/workloadIdentityPools/${this.workloadPool}`;
    return `principal://iam.googleapis.com/${pool}/subject/ns/${namespace}/sa/${serviceAccount}`;
  }

  /** IAM member of a service agent. */
  agentOf(service: ServiceAgent): string {
    if (service === ServiceAgent.STORAGE) return this.storageAgent.member;
    return `serviceAccount:service-${this.projectNumber}@${AGENTS[service]}.iam.gserviceaccount.com`;
  }

  /** Reading this data source makes Cloud Storage create its service agent. */
  private get storageAgent(): DataGoogleStorageProjectServiceAccount {
    const found = this.node.tryFindChild(STORAGE_AGENT) as DataGoogleStorageProjectServiceAccount | undefined;
    return found ?? new DataGoogleStorageProjectServiceAccount(this, STORAGE_AGENT, { project: this.projectId });
  }
}

const ID = 'AiInfraGoogleProject';
const STORAGE_AGENT = 'StorageAgent';
