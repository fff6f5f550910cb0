import { Construct } from 'constructs';
import { checkCostAllocation, type CostAllocationProps } from '../../core/cost-allocation';
import { DataClass } from '../../core/data-class';
import { DataPurpose } from '../../core/data-purpose';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { BlobDatastore } from '../machine-learning/workspace-parts';
import { MachineLearningWorkspace, plannedWorkspace } from '../machine-learning/machine-learning-workspace';
import { ManagedNetwork, type PrivateEndpointRule } from '../machine-learning/managed-network';
import type { IMachineLearningWorkspace } from '../machine-learning/workspace-attributes';
import { MlNetwork, type IMlNetwork } from '../network/ml-network';
import { CostAllocation } from '../operations/cost-allocation';
import { checkBudget, CostBudget } from '../operations/cost-budget';
import { EncryptionKey, type IEncryptionKey } from '../operations/encryption-key';
import { assignRole, Role } from '../operations/roles';
import { checkResourceGroup, type IResourceGroup } from '../props/resource-group';
import {
  containerIdOf,
  type IDataBucket,
  DataBucket,
  checkDataBucket,
  type DataBucketProps,
} from '../storage/data-bucket';
import { beforeRightsTo } from '../storage/account-config';
import { BatchInference, checkBatchInference, type BatchInferenceProps } from './batch-inference';
import { BATCH_INFERENCE_PLATFORM_PROPS } from '../prop-schemas';
import { type MarketRate as Rate, marketRates } from '../../core/planning/cost/market-rates';
import { isUnknown } from '../../terraform/tokens';

/** Options for the workflow of a `BatchInferencePlatform`: those of `BatchInference`, without its workspace and an existing cluster. */
export type BatchWorkflowOptions = Omit<BatchInferenceProps, 'workspace' | 'cluster'>;

/** Properties for `BatchInferencePlatform`. */
export interface BatchInferencePlatformProps {
  /** Machines, model and limits of the workflow. */
  readonly workflow: BatchWorkflowOptions;
  /** Resource group of the platform. It must not have locks. */
  readonly resourceGroup: IResourceGroup;
  /** Network with private access to the data and the workspace. @default - a new `MlNetwork` */
  readonly network?: IMlNetwork;
  /** Existing workspace, whose managed network must reach the buckets. @default - a new workspace, whose managed network reaches only the buckets */
  readonly workspace?: IMachineLearningWorkspace;
  /** Bucket of the shards. @default - a new `DataBucket` */
  readonly input?: IDataBucket;
  /** Bucket of the results. @default - a new `DataBucket` */
  readonly results?: IDataBucket;
  /**
   * Cost tags, on every resource that supports tags.
   * @schema ANY
   */
  readonly costAllocation: Omit<CostAllocationProps, 'dataClass'>;
  /**
   * Monthly budget of all resources with the same `project` tag, in US dollars. It sends alerts and stops nothing.
   * @schema ANY
   */
  readonly monthlyBudgetUsd: number;
  /** Email addresses that receive alerts of the budget. @default - the owners of the subscription */
  readonly alertEmails?: readonly string[];
  /** Sensitivity of shards and results. @default - the default of `DataBucket` */
  readonly dataClass?: DataClass;
  /** Key of both buckets, and of the workspace for confidential data. @default - a new key */
  readonly encryptionKey?: IEncryptionKey;
}

/**
 * Reference architecture: batch inference over a bucket with Azure ML, in a private network, with data buckets, a budget and cost tags.
 *
 * @example
 * ```ts
 * import { AzureMachine, BatchInferencePlatform, ModelArtifact, ResourceGroup } from 'ai-infra-constructs/azure';
 * import type { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * new BatchInferencePlatform(stack, 'Platform', {
 *   resourceGroup: new ResourceGroup(stack, 'Group', { location: 'eastus' }),
 *   workflow: {
 *     artifact: ModelArtifact.registered({ name: 'ranker', version: '7', sizeGB: 16 }),
 *     machine: AzureMachine.NC24ADS_A100_V4,
 *     maxMachines: 16,
 *   },
 *   costAllocation: { project: 'atlas', team: 'search', environment: 'prod', costCenter: 'r-17', owner: 'ml-platform' },
 *   monthlyBudgetUsd: 40_000,
 * });
 * ```
 */
export class BatchInferencePlatform extends Construct {
  /** Network of the platform. */
  public readonly network: IMlNetwork;
  /** Bucket of the shards. */
  public readonly input: IDataBucket;
  /** Bucket of the results. */
  public readonly results: IDataBucket;
  /** Workspace of the batch endpoint. */
  public readonly workspace: IMachineLearningWorkspace;
  /** The batch endpoint. */
  public readonly batchInference: BatchInference;
  /** Datastore `requests` of the workspace, for the shards. */
  public readonly inputStore: BlobDatastore;
  /** Datastore `results` of the workspace, for the results. */
  public readonly resultStore: BlobDatastore;
  /** Monthly budget. */
  public readonly budget: CostBudget;

  constructor(scope: Construct, id: string, props: BatchInferencePlatformProps) {
    super(scope, id);
    checkPlatform(this, props);
    const { workflow, resourceGroup, costAllocation, dataClass, monthlyBudgetUsd } = props;

    const { tags } = CostAllocation.apply(this, { ...costAllocation, dataClass });
    this.network = props.network ?? new MlNetwork(this, 'Network', { resourceGroup });
    const encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { resourceGroup });
    const bucket = { ...bucketProps(props), network: this.network, encryptionKey };
    this.input = props.input ?? new DataBucket(this, 'Requests', bucket);
    this.results = props.results ?? new DataBucket(this, 'Results', bucket);
    this.workspace = props.workspace ?? this.createWorkspace(props, encryptionKey);
    const { workspace } = this;
    this.batchInference = new BatchInference(this, 'Inference', { ...workflow, workspace });
    this.inputStore = new BlobDatastore(this, 'InputStore', {
      workspace,
      bucket: this.input,
      datastoreName: 'requests',
    });
    this.resultStore = new BlobDatastore(this, 'ResultStore', {
      workspace,
      bucket: this.results,
      datastoreName: 'results',
    });
    this.grantData();
    this.budget = new CostBudget(this, 'Budget', {
      monthlyUsd: monthlyBudgetUsd,
      tags: { project: tags.project! },
      alertEmails: props.alertEmails,
    });
  }

  private createWorkspace(
    { resourceGroup, dataClass }: BatchInferencePlatformProps,
    encryptionKey: IEncryptionKey,
  ): MachineLearningWorkspace {
    const accounts = new Set([this.input.accountId, this.results.accountId]);
    const privateEndpoints = Object.fromEntries(
      [...accounts].map((resourceId, index): [string, PrivateEndpointRule] => [
        index === 0 ? 'requests' : 'results',
        { resourceId, target: 'blob' },
      ]),
    );
    const isConfidential = dataClass === DataClass.CONFIDENTIAL || dataClass === DataClass.RESTRICTED;
    return new MachineLearningWorkspace(this, 'Workspace', {
      resourceGroup,
      network: this.network,
      outbound: ManagedNetwork.approvedOutbound({ privateEndpoints }),
      dataClass,
      encryptionKey: isConfidential ? encryptionKey : undefined,
    });
  }

  /** Runs access the buckets with the identity of the machines. */
  private grantData(): void {
    const { principalId } = this.batchInference.ownCluster!.identity;
    this.grant('ReadInput', Role.BLOB_DATA_READER, this.input, principalId);
    this.grant('WriteResults', Role.BLOB_DATA_CONTRIBUTOR, this.results, principalId);
  }

  private grant(id: string, role: Role, bucket: IDataBucket, to: string): void {
    assignRole(this, id, { role, on: containerIdOf(bucket), to, dependsOn: beforeRightsTo(bucket) });
  }
}

/** Props of the platform that the checks of the workflow also cover. */
const OF_PLATFORM = /^workspace\b/;

function checkPlatform(scope: Construct, props: BatchInferencePlatformProps): void {
  const problems = new ProblemCollector();
  const typed = validateProps(problems, props, BATCH_INFERENCE_PLATFORM_PROPS);
  if (props) checkCosts(problems, props);
  if (typed) {
    checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
    if (!props.input) checkDataBucket(problems.within('input'), bucketProps(props));
    if (!props.results) checkDataBucket(problems.within('results'), bucketProps(props));
    const workspace = props.workspace ?? plannedWorkspace(props.resourceGroup);
    const inWorkflow = new ProblemCollector();
    checkBatchInference(inWorkflow, { ...props.workflow, workspace });
    for (const { prop, ...problem } of inWorkflow.all) {
      problems.add({ ...problem, prop: OF_PLATFORM.test(prop) ? prop : `workflow.${prop}` });
    }
  }
  problems.throwIfAny(scope);
}

function checkCosts(problems: ProblemCollector, props: BatchInferencePlatformProps): void {
  checkCostAllocation(problems.within('costAllocation'), props.costAllocation);
  const alertEmails = Array.isArray(props.alertEmails) ? props.alertEmails : undefined;
  checkBudget(problems, { monthlyUsd: props.monthlyBudgetUsd, alertEmails }, 'monthlyBudgetUsd');
}

function bucketProps({ resourceGroup, dataClass, encryptionKey }: BatchInferencePlatformProps): DataBucketProps {
  return { resourceGroup, dataClass, encryptionKey, purpose: DataPurpose.DATASETS };
}

/** Purchase option of the machines of a run. */
export type BatchMarket = 'on-demand' | 'spot';

/** Price of a machine per hour with its source, or the reason why it is unknown. */
export type MarketRate = Rate<BatchMarket>;

/** Catalog prices are per region. If the region is known only at deployment, prices are of this one. */
const DEFAULT_REGION = 'eastus';

/** The price of the machine in the market of the run. Adds each problem of the user's own prices. */
export function rateOf(problems: ProblemCollector, props: BatchInferenceProps): MarketRate | undefined {
  const { cluster, workspace, prices } = props;
  const machine = cluster?.machine ?? props.machine;
  if (!machine) return undefined;
  const market = (cluster?.capacity ?? props.capacity)?.isElastic ? 'spot' : 'on-demand';
  const { location } = workspace.resourceGroup;
  const region = isUnknown(location) ? DEFAULT_REGION : location;
  const query = { cloud: 'azure', machine: machine.name, region, markets: [market], prices } as const;
  return marketRates<BatchMarket>(problems, query)[0] ?? { market, reason: 'a price is invalid' };
}
