import { Construct } from 'constructs';
import { ProblemCollector, withConstructPath } from '../../core/errors';
import { type BatchWork, estimateBatch, type EstimatedRun } from '../../core/planning/batch-estimate';
import { validated } from '../../core/prop-schema';
import { batchRunJob, type KubernetesManifest, type ManifestBundle } from '../../kubernetes';
import { installsOn } from '../../terraform/one-cluster';
import { recordWorkload } from '../../terraform/recorded-workload';
import { areDifferentClusters } from '../cluster/cluster-network';
import type { ControlPlane } from '../cluster/control-plane';
import type { IGkeCluster } from '../cluster/gke-cluster';
import { InferenceNodes } from '../kubernetes-inference/inference-nodes';
import type { SystemNodePool } from '../nodes/system-node-pool';
import type { IDataBucket } from '../storage/bucket-attributes';
import { recordBatchFindings } from './batch-findings';
import { BatchIdentity } from './batch-identity';
import { checkBatchInference } from './batch-inference-checks';
import type { BatchInferenceProps } from './batch-inference-props';
import { batchObjects, type BatchValues } from './batch-manifests';
import { BatchSoftware } from './batch-software';
import { type BatchMarket, type ResolvedBatch, runInput } from './resolved-batch';
import { BATCH_INFERENCE_PROPS } from '../prop-schemas';

/** Time and cost of a run, as ranges: the slowest quarter of published runs exceeds `p25`. */
export type BatchEstimate = EstimatedRun<BatchMarket>;

/**
 * Batch inference on GKE over every object of a bucket prefix. Each object is a shard. Machines are added for a run and removed after it, and
 * the pods share the shards. A marker records each finished shard, so a new run completes the work of a stopped or failed one.
 *
 * If the deployment installs the software, the stack needs the Helm provider: see `connection` of the control plane.
 *
 * @example
 * ```ts
 * import { BatchInference, GoogleMachine, ServingModel } from 'ai-infra-constructs/google';
 * import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
 * import { App, TerraformStack } from 'cdktf';
 *
 * const stack = new TerraformStack(new App(), 'batch');
 * const ranking = new BatchInference(stack, 'Ranking', {
 *   zone: 'us-central1-b',
 *   machine: GoogleMachine.G2_STANDARD_48,
 *   maxMachines: 4,
 *   model: ServingModel.huggingFace('Qwen/Qwen3-8B', {
 *     revision: '0123456789abcdef0123456789abcdef01234567',
 *     sizeGiB: 15.3,
 *   }),
 *   input: { name: 'my-data' },
 *   inputPrefix: 'requests/',
 *   results: { name: 'my-results' },
 * });
 * new HelmProvider(stack, 'Helm', { kubernetes: ranking.controlPlane!.connection });
 * ```
 */
export class BatchInference extends Construct {
  /** The cluster, new or existing. */
  public readonly cluster: IGkeCluster;
  /** The new control plane. @default - the cluster exists already */
  public readonly controlPlane?: ControlPlane;
  /** The new system nodes. @default - the cluster exists already */
  public readonly systemNodes?: SystemNodePool;
  /** The node pools. */
  public readonly nodes: InferenceNodes;
  /** Bucket of the shards. */
  public readonly input: IDataBucket;
  /** Prefix of the shards. */
  public readonly inputPrefix: string;
  /** Bucket of the results and markers. */
  public readonly results: IDataBucket;
  /** Prefix of the results and markers. */
  public readonly resultsPrefix: string;
  /** The permissions of the pods. Grant more to its `member`. */
  public readonly identity: BatchIdentity;
  /** Kubernetes objects. */
  public readonly software: BatchSoftware;
  /** Accelerators of one pod. */
  public readonly acceleratorsPerReplica: number;
  /** Number of pods that run at the same time. */
  public readonly replicas: number;
  /** Time and cost of `work`. @default - no `work` */
  public readonly estimated?: BatchEstimate;

  private readonly resolved: ResolvedBatch;
  private readonly values: BatchValues;

  constructor(scope: Construct, id: string, given: BatchInferenceProps) {
    super(scope, id);
    const { resolved, estimate } = validated(this, given, BATCH_INFERENCE_PROPS, (problems) =>
      checkBatchInference(problems, given, this),
    );
    const { props } = resolved;
    const { zone, network } = props;
    this.resolved = resolved;
    this.input = props.input;
    this.inputPrefix = props.inputPrefix;
    this.results = props.results;
    this.resultsPrefix = props.resultsPrefix;
    this.acceleratorsPerReplica = resolved.acceleratorsPerReplica;
    this.replicas = resolved.replicas;
    this.estimated = estimate;

    const shielded = !props.machine.isBareMetal;
    const provided = props.cluster.provide(this, { zone, network, shielded, createsNodes: true });
    this.cluster = provided.cluster;
    this.controlPlane = provided.controlPlane;
    this.systemNodes = provided.systemNodes;
    this.nodes = this.createNodes(provided.serviceAccount!);
    this.identity = this.createIdentity(props);
    this.values = this.valuesOf(props);
    this.software = this.createSoftware();
    installsOn(this.software, this.cluster, areDifferentClusters);
    recordBatchFindings(this, resolved, estimate);
    if (estimate) recordWorkload(this, { plan: estimate.plan, workload: props.work!.load, prices: props.prices });
  }

  /** Objects with variables, for GitOps. */
  get bundle(): ManifestBundle {
    return this.software.bundle;
  }

  /**
   * Returns the Job of one run, for `kubectl create -f`. It is the Job that the schedule starts, with the bucket names of this deployment.
   *
   * @param name name of the Job, a DNS label
   */
  run(name: string): KubernetesManifest {
    return withConstructPath(this, () => batchRunJob(batchObjects(this.resolved, this.values), name));
  }

  /** Estimates the time and cost of a run from published throughput of the model on the machine. */
  estimate(work: BatchWork): BatchEstimate {
    const problems = new ProblemCollector();
    const estimate = estimateBatch(problems, work, runInput(this.resolved));
    problems.throwIfAny(this);
    return estimate!;
  }

  private createNodes(serviceAccount: string): InferenceNodes {
    return new InferenceNodes(this, 'Nodes', {
      ...{ sized: this.resolved, cluster: this.cluster, serviceAccount },
      bootDiskKey: this.controlPlane?.encryptionKey,
      after: this.systemNodes ? [this.systemNodes.resource] : [],
    });
  }

  private createIdentity({ namespace, name, input, results, model }: ResolvedBatch<BatchInferenceProps>['props']) {
    const after = this.controlPlane ? [this.controlPlane.resource] : [];
    const buckets = { input, results, model: model.bucket };
    return new BatchIdentity(this, 'Identity', { namespace, serviceAccount: name, ...buckets, after });
  }

  private valuesOf({ input, results, model }: ResolvedBatch<BatchInferenceProps>['props']): BatchValues {
    const { pool, fallback } = this.nodes;
    return {
      input: input.name,
      results: results.name,
      modelAddress: model.address,
      pools: fallback && [pool.name, fallback.name],
    };
  }

  private createSoftware(): BatchSoftware {
    const { nodes, systemNodes, identity, resolved: batch, values } = this;
    const after = [systemNodes?.resource, nodes.pool.resource, nodes.fallback?.resource, ...identity.grants];
    return new BatchSoftware(this, 'Software', {
      ...{ batch, values },
      after: after.filter((one) => one !== undefined),
    });
  }
}
