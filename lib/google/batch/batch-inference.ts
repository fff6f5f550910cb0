import { Construct } from 'constructs';
import { located, Problems } from '../../core/errors';
import type { BatchWork, EstimatedRun } from '../../core/planning/batch-estimate';
import { judged } from '../../core/shapes';
import { batchRunJob, type KubernetesManifest, type ManifestBundle } from '../../kubernetes';
import { recordWorkload } from '../../terraform/recorded-workload';
import { installsOn } from '../../terraform/one-cluster';
import { areTwoClusters } from '../cluster/cluster-option-checks';
import type { ControlPlane } from '../cluster/control-plane';
import type { IGkeCluster } from '../cluster/gke-cluster';
import type { INamedBucket } from '../cluster/job-identity';
import { standingCluster } from '../cluster/standing-cluster';
import { InferenceNodes } from '../kubernetes-inference/inference-nodes';
import type { SystemNodePool } from '../nodes/system-node-pool';
import { recordBatchFindings } from './batch-findings';
import { BatchIdentity } from './batch-identity';
import { checkBatchInference } from './batch-inference-checks';
import { BATCH_INFERENCE, type BatchInferenceProps } from './batch-inference-props';
import { batchObjects, type BatchValues } from './batch-manifests';
import { BatchSoftware } from './batch-software';
import { type BatchMarket, estimateOn, type SettledBatch } from './settled-batch';

/** How long a run takes and what it costs, as a range: `p25` is what a quarter of published runs are slower than. */
export type BatchEstimate = EstimatedRun<BatchMarket>;

/**
 * Inference over every object of a bucket prefix on GKE, each one a shard: machines that come for a run and go with it, pods that share the
 * shards, and a marker for each shard that is done. A run that was stopped, or whose shards failed, is mended by the next one.
 *
 * A deployment that installs needs the Helm provider in the stack: see `connection` of its control plane.
 */
export class BatchInference extends Construct {
  public readonly cluster: IGkeCluster;
  /** The new control plane. @default - the cluster was brought */
  public readonly controlPlane?: ControlPlane;
  /** The system nodes. @default - the cluster was brought */
  public readonly systemNodes?: SystemNodePool;
  /** The machines. */
  public readonly nodes: InferenceNodes;
  public readonly input: INamedBucket;
  public readonly inputPrefix: string;
  public readonly results: INamedBucket;
  public readonly resultsPrefix: string;
  /** What the pods may do in Google Cloud. Grant more to its member. */
  public readonly identity: BatchIdentity;
  public readonly software: BatchSoftware;
  /** Accelerators of one pod. */
  public readonly acceleratorsPerReplica: number;
  /** Pods at work at once. */
  public readonly replicas: number;
  /** What the stated work takes and costs. @default - no work was stated */
  public readonly estimated?: BatchEstimate;

  private readonly settled: SettledBatch;
  private readonly values: BatchValues;

  constructor(scope: Construct, id: string, given: BatchInferenceProps) {
    super(scope, id);
    const { settled, estimate } = judged(this, given, BATCH_INFERENCE, (problems) =>
      checkBatchInference(problems, given, this),
    );
    const { props } = settled;
    this.settled = settled;
    this.input = props.input;
    this.inputPrefix = props.inputPrefix;
    this.results = props.results;
    this.resultsPrefix = props.resultsPrefix;
    this.acceleratorsPerReplica = settled.acceleratorsPerReplica;
    this.replicas = settled.replicas;
    this.estimated = estimate;

    const standing = standingCluster(this, props, { shielded: !props.machine.isBareMetal, further: true });
    this.cluster = standing.cluster;
    this.controlPlane = standing.controlPlane;
    this.systemNodes = standing.systemNodes;
    this.nodes = this.createNodes(standing.serviceAccount!);
    this.identity = this.identify(props);
    this.values = this.valuesOf(props);
    this.software = this.createSoftware();
    installsOn(this.software, this.cluster, areTwoClusters);
    recordBatchFindings(this, settled, estimate);
    if (estimate) recordWorkload(this, { plan: estimate.plan, workload: props.work!.load, prices: props.prices });
  }

  /** Objects with variables, for whoever installs by GitOps. */
  get bundle(): ManifestBundle {
    return this.software.bundle;
  }

  /** A run, for `kubectl create -f`: what the schedule would start. Its bucket names are those of the deployment. */
  run(name: string): KubernetesManifest {
    return located(this, () => batchRunJob(batchObjects(this.settled, this.values), name));
  }

  /** How long a run over so many requests takes, and what it costs, from published throughput of the model on the machine. */
  estimate(work: BatchWork): BatchEstimate {
    const problems = new Problems();
    const estimate = estimateOn(problems, work, this.settled);
    problems.throwIfAny(this);
    return estimate!;
  }

  private createNodes(serviceAccount: string): InferenceNodes {
    const key = this.controlPlane?.encryptionKey;
    return new InferenceNodes(this, 'Nodes', {
      ...{ sized: this.settled, cluster: this.cluster, serviceAccount, bootDiskKey: key?.keyId },
      after: key && this.systemNodes ? [key.grantTo('compute'), this.systemNodes.resource] : [],
    });
  }

  private identify({ namespace, name, input, results, model }: SettledBatch<BatchInferenceProps>['props']) {
    const after = this.controlPlane ? [this.controlPlane.resource] : [];
    const buckets = { input, results, model: model.inBucket };
    return new BatchIdentity(this, 'Identity', { namespace, serviceAccount: name, ...buckets, after });
  }

  private valuesOf({ input, results, model }: SettledBatch<BatchInferenceProps>['props']): BatchValues {
    const { pool, fallback } = this.nodes;
    return {
      input: input.name,
      results: results.name,
      modelAddress: model.address,
      pools: fallback && [pool.name, fallback.name],
    };
  }

  private createSoftware(): BatchSoftware {
    const { nodes, systemNodes, identity, settled, values } = this;
    const after = [systemNodes?.resource, nodes.pool.resource, nodes.fallback?.resource, ...identity.grants];
    return new BatchSoftware(this, 'Software', {
      ...{ settled, values },
      after: after.filter((one) => one !== undefined),
    });
  }
}
