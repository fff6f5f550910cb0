import { Construct } from 'constructs';
import { checkCostAllocation, type CostAllocationProps } from '../../core/cost-allocation';
import type { DataClass } from '../../core/data-class';
import { DataPurpose } from '../../core/data-purpose';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { checkBounds, isUnknown } from '../../terraform/tokens';
import type { IMlNetwork } from '../network/network-attributes';
import { CostAllocation } from '../operations/cost-allocation';
import { checkBudget, CostBudget } from '../operations/cost-budget';
import type { IEncryptionKey } from '../operations/encryption-key';
import { MLOPS_PLATFORM_PROPS } from '../prop-schemas';
import { LogProject, LogStore, LogStoreIndex } from '../provider/alicloud';
import { checkDataBucket, DataBucket, type DataBucketProps } from '../storage/data-bucket';
import { checkRegistry, ContainerRegistry, type RegistryEdition } from './container-registry';
import {
  checkMlWorkspace,
  MachineLearningWorkspace,
  type MachineLearningWorkspaceProps,
} from './machine-learning-workspace';

/** Properties for `MlopsPlatform`. */
export interface MlopsPlatformProps extends Omit<MachineLearningWorkspaceProps, 'artifacts'> {
  /** Network that pulls images. */
  readonly network: IMlNetwork;
  /** Names of the image repositories. @default ['training'] */
  readonly repositories?: readonly string[];
  /** Edition of the image registry. @default RegistryEdition.STANDARD */
  readonly edition?: RegistryEdition;
  /** Key for the buckets. Confidential and restricted data need one. @default - the KMS key that OSS manages */
  readonly encryptionKey?: IEncryptionKey;
  /** Sensitivity of the datasets and artifacts. @default - the default of `DataBucket` */
  readonly dataClass?: DataClass;
  /** Name of an existing RAM role of jobs. It can read datasets, and read and write artifacts. @default - none: jobs use the default role of PAI */
  readonly jobRoleName?: string;
  /** Days that logs are kept, from 1 to 3,000. @default 90 */
  readonly logRetentionDays?: number;
  /**
   * Cost tags for all resources.
   * @schema ANY
   */
  readonly costAllocation: Omit<CostAllocationProps, 'dataClass'>;
  /**
   * Monthly budget in US dollars for the planned machines in the platform. It is compared with the plan at synthesis.
   * @schema ANY
   */
  readonly monthlyBudgetUsd: number;
}

const REPOSITORIES = ['training'];
const LOG_DAYS = 90;
/** @see https://registry.terraform.io/providers/aliyun/alicloud/1.285.0/docs/resources/log_store */
const LOG_DAYS_BOUNDS = { min: 1, max: 3_000 };
const LOG_SHARDS = 2;
const MAX_LOG_SHARDS = 64;
/** Characters between the words of a log. */
const TOKENS = ', \'";=()[]{}?@&<>/:\n\t\r';

/**
 * Reference architecture for MLOps on PAI: a workspace with experiments and a model registry, two buckets, a private image registry, and a log project.
 * Jobs, notebooks, and quotas have no resource in the provider: start them in the console or with the SDK.
 *
 * @example
 * ```ts
 * import { MlNetwork, MlopsPlatform } from 'ai-infra-constructs/alicloud';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * new MlopsPlatform(stack, 'Platform', {
 *   network: new MlNetwork(stack, 'Network', { zones: ['cn-hangzhou-i'] }),
 *   models: { atlas: { domain: 'nlp', task: 'text-generation' } },
 *   experiments: ['pretraining'],
 *   costAllocation: { project: 'atlas', team: 'research', environment: 'prod', costCenter: 'R-17', owner: 'ml-platform' },
 *   monthlyBudgetUsd: 20_000,
 * });
 * ```
 */
export class MlopsPlatform extends Construct {
  /** Bucket with the training data. */
  public readonly datasets: DataBucket;
  /** Bucket with models and the artifacts of experiments. */
  public readonly artifacts: DataBucket;
  /** Workspace of PAI. */
  public readonly workspace: MachineLearningWorkspace;
  /** Image registry. */
  public readonly registry: ContainerRegistry;
  /** Log project in Terraform. */
  public readonly logs: LogProject;
  /** The monthly budget. */
  public readonly budget: CostBudget;

  constructor(scope: Construct, id: string, props: MlopsPlatformProps) {
    super(scope, id);
    checkPlatform(this, props);
    const { network, repositories = REPOSITORIES, edition, jobRoleName, costAllocation, dataClass } = props;
    CostAllocation.apply(this, { ...costAllocation, dataClass });
    this.datasets = new DataBucket(this, 'Datasets', bucketOf(props, DataPurpose.DATASETS));
    this.artifacts = new DataBucket(this, 'Artifacts', bucketOf(props, DataPurpose.MODELS));
    if (jobRoleName !== undefined) {
      this.datasets.grantRead('Jobs', jobRoleName);
      this.artifacts.grantReadWrite('Jobs', jobRoleName);
    }
    this.workspace = new MachineLearningWorkspace(this, 'Workspace', {
      workspaceName: props.workspaceName,
      description: props.description,
      separateDevelopment: props.separateDevelopment,
      models: props.models,
      experiments: props.experiments,
      codeSources: props.codeSources,
      members: props.members,
      artifacts: this.artifacts,
      datasets: { datasets: { bucket: this.datasets }, ...props.datasets },
    });
    this.registry = new ContainerRegistry(this, 'Registry', { network, repositories, edition });
    this.logs = this.log(props.logRetentionDays ?? LOG_DAYS);
    this.budget = new CostBudget(this, 'Budget', { monthlyUsd: props.monthlyBudgetUsd });
  }

  private log(retentionPeriod: number): LogProject {
    const project = new LogProject(this, 'Logs', {
      projectName: physicalName(this),
      description: 'Logs of AI workloads',
    });
    const store = new LogStore(this, 'LogStore', {
      projectName: project.projectName,
      logstoreName: 'jobs',
      retentionPeriod,
      shardCount: LOG_SHARDS,
      autoSplit: true,
      maxSplitShardCount: MAX_LOG_SHARDS,
      appendMeta: true,
    });
    new LogStoreIndex(this, 'LogIndex', {
      project: project.projectName,
      logstore: store.logstoreName,
      fullText: { caseSensitive: false, token: TOKENS },
    });
    return project;
  }
}

function bucketOf({ encryptionKey, dataClass }: MlopsPlatformProps, purpose: DataPurpose): DataBucketProps {
  return { purpose, dataClass, encryptionKey };
}

function checkPlatform(scope: Construct, props: MlopsPlatformProps): void {
  const problems = new ProblemCollector();
  const typed = validateProps(problems, props, MLOPS_PLATFORM_PROPS);
  if (props) {
    checkCostAllocation(problems.within('costAllocation'), props.costAllocation);
    checkBudget(problems, { monthlyUsd: props.monthlyBudgetUsd }, 'monthlyBudgetUsd');
  }
  if (typed) checkParts(problems, props);
  problems.throwIfAny(scope);
}

function checkParts(problems: ProblemCollector, props: MlopsPlatformProps): void {
  const { repositories = REPOSITORIES, jobRoleName, logRetentionDays } = props;
  checkMlWorkspace(problems, props);
  checkRegistry(problems, { repositories });
  checkDataBucket(problems, bucketOf(props, DataPurpose.DATASETS));
  checkBounds(problems, 'WorkspaceOption', 'logRetentionDays', logRetentionDays, LOG_DAYS_BOUNDS);
  if (jobRoleName === undefined || isUnknown(jobRoleName) || /^[A-Za-z0-9.-]{1,64}$/.test(jobRoleName)) return;
  const allowed = 'the name of a RAM role';
  const fix = 'Use the name, not the ARN.';
  problems.add({ code: 'WorkspaceOption', prop: 'jobRoleName', allowed, got: jobRoleName, fix });
}
