import { Construct } from 'constructs';
import { checkCostAllocation, type CostAllocationProps } from '../../core/cost-allocation';
import { DataClass } from '../../core/data-class';
import { DataPurpose } from '../../core/data-purpose';
import { Problems } from '../../core/errors';
import { ANYTHING, fits, listOf, oneOf, required, type Shape, TEXT, without } from '../../core/shapes';
import { BlobDatastore } from '../machine-learning/blob-datastore';
import { MachineLearningWorkspace } from '../machine-learning/machine-learning-workspace';
import { ManagedNetwork, type PrivateEndpointRule } from '../machine-learning/managed-network';
import { plannedWorkspace } from '../machine-learning/planned-workspace';
import { type IMachineLearningWorkspace, WORKSPACE } from '../machine-learning/workspace-attributes';
import { MlNetwork } from '../network/ml-network';
import { type IMlNetwork, ML_NETWORK } from '../network/network-attributes';
import { CostAllocation } from '../operations/cost-allocation';
import { checkBudget, CostBudget } from '../operations/cost-budget';
import { ENCRYPTION_KEY, EncryptionKey, type IEncryptionKey } from '../operations/encryption-key';
import { assignRole, Role } from '../operations/roles';
import { checkResourceGroup, type IResourceGroup, RESOURCE_GROUP } from '../props/resource-group';
import { containerIdOf, DATA_BUCKET, type IDataBucket } from '../storage/bucket-attributes';
import { beforeRightsTo } from '../storage/bucket-rights';
import { DataBucket } from '../storage/data-bucket';
import { checkDataBucket } from '../storage/data-bucket-checks';
import type { DataBucketProps } from '../storage/data-bucket-props';
import { BatchInference } from './batch-inference';
import { checkBatchInference } from './batch-inference-checks';
import { BATCH_INFERENCE, type BatchInferenceProps } from './batch-inference-props';

/** Properties for `BatchInferencePlatform`: those of its endpoint, where its data is, and who pays for it. */
export interface BatchInferencePlatformProps extends Omit<BatchInferenceProps, 'workspace' | 'cluster'> {
  /** The group that all of it stands in, without locks. */
  readonly resourceGroup: IResourceGroup;
  /** The network from which data and workspace are reached. @default - a new `MlNetwork` */
  readonly network?: IMlNetwork;
  /** A workspace that stands: its managed network must reach the buckets. @default - a new one, which reaches them and nothing else */
  readonly workspace?: IMachineLearningWorkspace;
  /** The bucket of the shards. @default - a new `DataBucket` */
  readonly input?: IDataBucket;
  /** The bucket of results. @default - a new `DataBucket` */
  readonly results?: IDataBucket;
  /** Who pays: on every resource that takes tags. */
  readonly costAllocation: Omit<CostAllocationProps, 'dataClass'>;
  /** Most that all with the tag `project` may cost in a month, in US dollars. It warns, and stops nothing. */
  readonly monthlyBudgetUsd: number;
  /** Who is told of the budget. @default - the owners of the subscription */
  readonly alertEmails?: readonly string[];
  /** How sensitive shards and answers are. @default - as `DataBucket` */
  readonly dataClass?: DataClass;
  /** The key of both buckets, and of the workspace for confidential data. @default - a new one */
  readonly encryptionKey?: IEncryptionKey;
}

/** Reference architecture: everything that a team needs to run a model over a bucket on Azure ML, from the prompts to the bill. */
export class BatchInferencePlatform extends Construct {
  public readonly network: IMlNetwork;
  public readonly input: IDataBucket;
  public readonly results: IDataBucket;
  public readonly workspace: IMachineLearningWorkspace;
  public readonly inference: BatchInference;
  /** The bucket of the shards, as the workspace knows it: `requests`. */
  public readonly inputStore: BlobDatastore;
  /** The bucket of the results, as the workspace knows it: `results`. */
  public readonly resultStore: BlobDatastore;
  public readonly budget: CostBudget;

  constructor(scope: Construct, id: string, props: BatchInferencePlatformProps) {
    super(scope, id);
    checkPlatform(this, props);
    const { resourceGroup, costAllocation, dataClass, monthlyBudgetUsd } = props;

    const { tags } = CostAllocation.apply(this, { ...costAllocation, dataClass });
    this.network = props.network ?? new MlNetwork(this, 'Network', { resourceGroup });
    const encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { resourceGroup });
    const bucket = { ...bucketProps(props), network: this.network, encryptionKey };
    this.input = props.input ?? new DataBucket(this, 'Requests', bucket);
    this.results = props.results ?? new DataBucket(this, 'Results', bucket);
    this.workspace = props.workspace ?? this.createWorkspace(props, encryptionKey);
    const { workspace } = this;
    this.inference = new BatchInference(this, 'Inference', { ...props, workspace });
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
      emails: props.alertEmails,
    });
  }

  private createWorkspace(
    { resourceGroup, dataClass }: BatchInferencePlatformProps,
    encryptionKey: IEncryptionKey,
  ): MachineLearningWorkspace {
    const reached = new Set([this.input.accountId, this.results.accountId]);
    const privateEndpoints = Object.fromEntries(
      [...reached].map((resourceId, index): [string, PrivateEndpointRule] => [
        index === 0 ? 'requests' : 'results',
        { resourceId, target: 'blob' },
      ]),
    );
    const secret = dataClass === DataClass.CONFIDENTIAL || dataClass === DataClass.RESTRICTED;
    return new MachineLearningWorkspace(this, 'Workspace', {
      resourceGroup,
      network: this.network,
      outbound: ManagedNetwork.approvedOutbound({ privateEndpoints }),
      dataClass,
      encryptionKey: secret ? encryptionKey : undefined,
    });
  }

  /** Runs read shards and write answers as what the machines act as. */
  private grantData(): void {
    const { principalId } = this.inference.ownCluster!.identity;
    this.grant('ReadInput', Role.BLOB_DATA_READER, this.input, principalId);
    this.grant('WriteResults', Role.BLOB_DATA_CONTRIBUTOR, this.results, principalId);
  }

  private grant(id: string, role: Role, bucket: IDataBucket, to: string): void {
    assignRole(this, id, { role, on: containerIdOf(bucket), to, dependsOn: beforeRightsTo(bucket) });
  }
}

const PLATFORM: Shape<BatchInferencePlatformProps> = {
  ...without(BATCH_INFERENCE, 'workspace', 'cluster'),
  resourceGroup: required(RESOURCE_GROUP),
  network: ML_NETWORK,
  workspace: WORKSPACE,
  input: DATA_BUCKET,
  results: DATA_BUCKET,
  // These two are judged by `checkBill`.
  costAllocation: ANYTHING,
  monthlyBudgetUsd: ANYTHING,
  alertEmails: listOf(TEXT),
  dataClass: oneOf(Object.values(DataClass)),
  encryptionKey: ENCRYPTION_KEY,
};

function checkPlatform(scope: Construct, props: BatchInferencePlatformProps): void {
  const problems = new Problems();
  const typed = fits(problems, props, PLATFORM);
  if (props) checkBill(problems, props);
  if (typed) {
    checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
    if (!props.input) checkDataBucket(problems.within('input'), bucketProps(props));
    if (!props.results) checkDataBucket(problems.within('results'), bucketProps(props));
    const workspace = props.workspace ?? plannedWorkspace(props.resourceGroup);
    checkBatchInference(problems, { ...props, workspace });
  }
  problems.throwIfAny(scope);
}

function checkBill(problems: Problems, props: BatchInferencePlatformProps): void {
  checkCostAllocation(problems.within('costAllocation'), props.costAllocation);
  const emails = Array.isArray(props.alertEmails) ? props.alertEmails : undefined;
  checkBudget(problems, { monthlyUsd: props.monthlyBudgetUsd, emails }, 'monthlyBudgetUsd');
}

function bucketProps({ resourceGroup, dataClass, encryptionKey }: BatchInferencePlatformProps): DataBucketProps {
  return { resourceGroup, dataClass, encryptionKey, purpose: DataPurpose.DATASETS };
}
