import { checkComputeClass } from '../nodes/compute-class';
import { Construct } from 'constructs';
import { ProblemCollector, withConstructPath } from '../../core/errors';
import {
  type BatchWork,
  estimateBatch,
  type EstimatedRun,
  estimatePlannedWork,
  type PlannedBatchWork,
} from '../../core/planning/cost/batch-estimate';
import { validated } from '../../core/prop-schema';
import { batchRunJob, type KubernetesManifest, type ManifestBundle, type ServingServer } from '../../kubernetes';
import { installsOn } from '../../terraform/one-cluster';
import { recordWorkload } from '../../terraform/recorded-workload';
import { isSameCluster, type IGkeCluster, type ClusterSource } from '../cluster/cluster-source';
import type { ControlPlane } from '../cluster/control-plane';
import { InferenceNodes, acceleratorPoolOf } from '../kubernetes-inference/inference-nodes';
import type { SystemNodePool } from '../nodes/system-node-pool';
import type { IDataBucket } from '../storage/data-bucket';
import { recordBatchFindings, batchObjects, type BatchValues, BatchSoftware } from './batch-manifests';
import { BatchIdentity } from './batch-identity';
import { type BatchMarket, type ResolvedBatch, runInput, type CheckedBatch, resolveBatch } from './resolved-batch';
import { BATCH_INFERENCE_PROPS } from '../prop-schemas';
import { checkNames } from '../../kubernetes/manifest';
import { checkSystemLabels } from '../../kubernetes/placement';
import { checkNamesAndServer, checkServedModel, checkServerImage } from '../../kubernetes/serving/inference-checks';
import { checkBounds, isUnknown, isKnown } from '../../terraform/tokens';
import { checkWorkLimits } from '../../terraform/load-limits';
import { Capacity } from '../capacity/capacity';
import type { AcceleratorNetworks } from '../network/accelerator-networks';
import { checkMachineSize, PODS_SHARE } from '../machine/machine-size';
import { checkFurtherRanges, clusterRanges } from '../network/range-checks';
import { checkedSize } from '../nodes/node-pool-checks';
import { checkZone } from '../props/location';
import { isCron } from './batch-inference-platform';
import type { Prices } from '../../core/catalog/price-override';
import type { Installation } from '../../terraform/installation';
import type { ServingModel } from '../kubernetes-inference/serving-model';
import type { GoogleMachine } from '../machine/machine';
import type { IMlNetwork } from '../network/network-attributes';
import type { NodeOptions } from '../nodes/node-pool-options';
import { checkPrefix, checkResultsApart } from '../../core/workload/parallelism';

/** Properties for `BatchInference`. */
export interface BatchInferenceProps {
  /** Zone of the machines. A new cluster is created in its region. */
  readonly zone: string;
  /** Bucket of the shards. Use a bucket in the region of the machines. */
  readonly input: IDataBucket;
  /**
   * Prefix of the shards. Each object is a shard, with one JSON request per line. Ends with a slash; an empty string means the whole bucket.
   * @schema STRING_OR_EMPTY
   */
  readonly inputPrefix: string;
  /** Bucket of the results and markers. It can be the bucket of the shards. */
  readonly results: IDataBucket;
  /** Prefix of the results and markers. Ends with a slash, is outside the input prefix, and belongs to one workflow only. @default 'batch/' */
  readonly resultsPrefix?: string;
  /** Machine type, for example `GoogleMachine.G2_STANDARD_48`. */
  readonly machine: GoogleMachine;
  /** Maximum number of machines, 1 to 1000. They scale to zero between runs. */
  readonly maxMachines: number;
  /** Source of the model. */
  readonly model: ServingModel;
  /** Server program: vLLM, optionally with your own image or arguments. @default ServingServer.vllm() */
  readonly server?: ServingServer;
  /** Accelerators of one pod. @default - the minimum for the weights */
  readonly acceleratorsPerReplica?: number;
  /** Capacity of the machines. @default Capacity.spot({ fallback: Capacity.onDemand() }) */
  readonly capacity?: Capacity;
  /** Topology of the TPU slice of one machine. @default - the topology of the machine */
  readonly topology?: string;
  /** Rarely used settings of the nodes. @default - the defaults of the node pool; the boot disk is sized for the model */
  readonly nodeOptions?: NodeOptions;
  /** Shards for one start of the model, 1 to 1000. More shards save starts, but a reclaimed machine loses more work. @default 20 */
  readonly shardsPerTask?: number;
  /** Maximum attempts for a pod whose program fails, including the first one, 1 to 10. A reclaimed machine does not count as a failure. @default 5 */
  readonly attempts?: number;
  /** Percentage of pods that can fail permanently before the run stops and fails, 0 to 100. @default 5 */
  readonly toleratedFailurePercent?: number;
  /** Time limit of a run in hours, up to one year. @default 168 */
  readonly timeoutHours?: number;
  /** Schedule of the runs: a cron expression in UTC, for example `0 2 * * *`. @default - you start each run yourself */
  readonly schedule?: string;
  /** Kueue queue in the namespace that admits runs. @default - runs start immediately */
  readonly queue?: string;
  /** Work of each run. It is estimated, and its limits are validated. @default - no estimate */
  readonly work?: PlannedBatchWork;
  /** Name of the Kubernetes objects and of the node pool. @default - the ID of the construct, in lowercase */
  readonly name?: string;
  /** Namespace of the runs. The construct creates it, so no other construct can create the same one. @default - the name */
  readonly namespace?: string;
  /** New or existing cluster. An existing one needs the Cloud Storage FUSE CSI driver. @default ClusterSource.create() */
  readonly cluster?: ClusterSource;
  /** Network of the cluster, in the region of `zone`. @default - the network of the cluster */
  readonly network?: IMlNetwork;
  /** Who installs the software on the cluster. @default Installation.byDeployment() */
  readonly installation?: Installation;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
}

/** Time and cost of a run, as ranges that hold 80% of comparable runs. */
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
    installsOn(this.software, 'google', {
      cluster: this.cluster,
      isSame: isSameCluster,
      contents: () => ({ pools: [props.name], releases: this.bundle.releases }),
    });
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

/** A validated workflow. */
export interface ValidatedBatch<P extends CheckedBatch> {
  readonly resolved: ResolvedBatch<P>;
  /** @default - no work, or work that cannot be planned */
  readonly estimate?: EstimatedRun<BatchMarket>;
}

/** Validates the values of the props, whose types are valid already. Returns nothing if the workflow cannot be sized. */
export function checkBatchInference<P extends CheckedBatch>(
  problems: ProblemCollector,
  given: P,
  scope: Construct,
): ValidatedBatch<P> | undefined {
  checkZone(problems, 'zone', given.zone);
  checkNumbers(problems, given);
  if (given.work) checkWorkLimits(problems.within('work'), given.work);
  if (!checkMachineSize(problems, given.machine, PODS_SHARE) || isUnknown(given.zone)) return undefined;
  const resolved = resolveBatch(problems, given, scope);
  const { props, server } = resolved;
  const { cluster } = props;
  checkNamesAndServer(problems, props, server);
  if (props.queue !== undefined) checkNames(problems, { queue: props.queue });
  const files = { source: props.model.source(), cache: { kind: 'pod' } as const, sizeGiB: props.model.sizeGiB };
  checkServedModel(problems.within('model'), files, server.engine);
  checkPods(problems, resolved);
  checkPool(problems, resolved);
  cluster.check(problems, props);
  if (cluster.systemLabels) {
    checkSystemLabels(problems.within('cluster'), cluster.systemLabels, [acceleratorPoolOf(resolved)]);
  }
  props.installation.check(problems);
  checkShards(problems, props);
  return { resolved, estimate: checkWork(problems, resolved) };
}

function checkNumbers(problems: ProblemCollector, props: CheckedBatch): void {
  const whole = (prop: string, value: number | undefined, min: number, max: number, of = '') =>
    checkBounds(problems, 'BatchLimit', prop, value, { min, max }, of);
  whole('maxMachines', props.maxMachines, 1, 1000, ', the maximum number of nodes of a node pool in a zone');
  whole('shardsPerTask', props.shardsPerTask, 1, 1000);
  whole('attempts', props.attempts, 1, 10);
  whole('toleratedFailurePercent', props.toleratedFailurePercent, 0, 100);
  const { timeoutHours: hours, schedule } = props;
  if (hours !== undefined && !(Number.isFinite(hours) && hours >= 0.1 && hours <= MAX_HOURS)) {
    const allowed = `from 0.1 to ${MAX_HOURS} hours (one year)`;
    problems.add({
      code: 'BatchTimeout',
      prop: 'timeoutHours',
      allowed,
      got: hours,
      fix: 'Leave it out to use 168 hours.',
    });
  }
  if (schedule !== undefined && !isCron(schedule)) {
    problems.add({
      code: 'BatchSchedule',
      prop: 'schedule',
      allowed: 'a cron expression with five fields: minute 0-59, hour 0-23, day 1-31, month 1-12, day of the week 0-6',
      got: schedule,
      fix: "Use an expression like '0 2 * * *'.",
    });
  }
}

const MAX_HOURS = 365 * 24;

function checkPods(problems: ProblemCollector, resolved: ResolvedBatch): void {
  const { props, machine, acceleratorsPerReplica: count, server, slice } = resolved;
  const { accelerators } = machine;
  const tpu = props.machine.isTpu;
  if (!Number.isSafeInteger(count) || count < 1 || count > accelerators || (tpu && count !== accelerators)) {
    problems.add({
      code: 'BatchShare',
      prop: 'acceleratorsPerReplica',
      allowed: tpu
        ? `${accelerators}, all chips of ${machine.name}, because a pod uses all TPU chips of one machine`
        : `a whole number from 1 to ${accelerators}, the accelerators of one ${machine.name}`,
      got: count,
      fix: 'Leave it out, or choose a larger machine.',
    });
  }
  if (server.engine !== 'vllm') {
    problems.add({
      code: 'ServingContainerInvalid',
      prop: 'server',
      allowed: 'ServingServer.vllm(), the only server with a batch command',
      got: server.engine,
      fix: 'Leave it out.',
    });
  }
  if (tpu) checkServerImage(problems, props.server, machine.name, 'TPUs');
  if (slice && slice.nodes > 1) {
    problems.add({
      code: 'TpuTopology',
      prop: 'topology',
      allowed: `a slice of one ${machine.name} machine, because a pod runs on one machine`,
      got: slice.topology,
      fix: 'Use the topology of one machine.',
    });
  }
}

function checkPool(problems: ProblemCollector, { props, machines }: ResolvedBatch): void {
  const { machine, zone, capacity, cluster, topology, nodeOptions } = props;
  if (capacity.isQueued) {
    problems.add({
      code: 'MarketUnsupported',
      prop: 'capacity',
      allowed: 'flex-start without `queued`, because the pods of a run start one by one',
      got: 'flex-start, queued',
      fix: 'Use Capacity.flexStart().',
    });
  }
  // Placeholder for the networks that the construct creates.
  const planned = { machine, zone, networks: [] } as object as AcceleratorNetworks;
  const networks = nodeOptions.networks ?? (machine.furtherInterfaces > 0 ? planned : undefined);
  const inOptions = problems.within('nodeOptions');
  checkedSize(
    problems,
    props.name,
    {
      ...{ ...nodeOptions, networks, machine, topology, zone },
      cluster: cluster.planned(zone),
      capacity: capacity.fallback ? Capacity.spot() : capacity,
      nodes: Number.isSafeInteger(machines) && machines >= 1 ? machines : 1,
    },
    inOptions,
  );
  checkComputeClass(problems, capacity, cluster.planned(zone).kubernetesVersion);
  const known = clusterRanges(cluster.networkFor(props.network), cluster.existing);
  checkFurtherRanges(inOptions, { machine, networks: nodeOptions.networks }, known);
}

/** Estimates the work of a run, and checks the estimate against its limits. */
function checkWork(problems: ProblemCollector, resolved: ResolvedBatch): EstimatedRun<BatchMarket> | undefined {
  const { work } = resolved.props;
  if (!work || problems.all.length > 0) return undefined;
  return estimatePlannedWork(problems, work, runInput(resolved));
}

/** Prefixes that a run writes below its results prefix. */
const WRITTEN = ['output/', 'done/'];

/** Buckets and prefixes of shards and results. */
type ShardProps = Pick<BatchInferenceProps, 'inputPrefix'> &
  Partial<Pick<BatchInferenceProps, 'input' | 'results' | 'resultsPrefix'>>;

/** Checks the prefixes of shards and results. Results must not become shards of the next run. */
export function checkShards(
  problems: ProblemCollector,
  { input, inputPrefix, results, resultsPrefix = 'batch/' }: ShardProps,
): void {
  const prefixes = { inputPrefix, resultsPrefix };
  const valid = (['inputPrefix', 'resultsPrefix'] as const).map(
    (prop) => isKnown(problems, prop, prefixes[prop]) && checkPrefix(problems, prop, prefixes[prop]),
  );
  if (valid.every(Boolean) && input && results && areSameBucket(input, results))
    checkResultsApart(problems, prefixes, WRITTEN);
}

/** Returns whether two buckets are the same, if both names are known at synthesis. */
function areSameBucket(one: IDataBucket, other: IDataBucket): boolean {
  return one === other || (!isUnknown(one.name) && one.name === other.name);
}
