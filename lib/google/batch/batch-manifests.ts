import {
  batchInference,
  type BatchInferenceObjectsProps,
  type KubernetesManifest,
  type ObjectFolder,
  servingNamespace,
  bundleFiles,
  type ManifestBundle,
} from '../../kubernetes';
import { adminBinding, clusterValues } from '../cluster/cluster-source';
import { BundleVariables } from '../../terraform/bundle-variables';
import { IDENTITY_SERVERS } from '../kubernetes-inference/inference-manifests';
import { computeClass } from '../nodes/compute-class';
import { acceleratorPoolOf, nodeSelectorOf } from '../kubernetes-inference/inference-nodes';
import type { ResolvedBatch, BatchMarket } from './resolved-batch';
import { Construct } from 'constructs';
import {
  type EstimatedRun,
  changingProgram,
  rateFindings,
  spotAlone,
  plannedWorkFindings,
} from '../../core/planning/cost/batch-estimate';
import { record } from '../../terraform/findings';
import { type ITerraformDependable, TerraformOutput } from 'cdktf';
import { withConstructPath } from '../../core/errors';
import { physicalName } from '../../terraform/names';
import { RawChart } from '../../terraform/raw-chart';
import { writeBesideStack } from '../../terraform/stack-files';

/** Deployment values in objects: tokens, or names of variables. */
export interface BatchValues {
  /** Name of the bucket of the shards. */
  readonly input: string;
  /** Name of the bucket of results. */
  readonly results: string;
  /** Address of the model, without a trailing slash. @default - the model is not in a bucket */
  readonly modelAddress?: string;
  /** Names of the node pools of the ComputeClass. @default - one node pool, without a ComputeClass */
  readonly pools?: readonly string[];
}

const HOUR_SECONDS = 3600;

/** With this annotation GKE adds the container that mounts buckets. @see https://cloud.google.com/kubernetes-engine/docs/how-to/cloud-storage-fuse-csi-driver-ephemeral */
const MOUNTS = { 'gke-gcsfuse/volumes': 'true' };

/** User and group of the pods. They own the files of the mounted buckets. */
const OWNER = 'uid=65532,gid=65532';

/** Returns the objects of a workflow. */
export function batchManifests(batch: ResolvedBatch, values: BatchValues): KubernetesManifest[] {
  const { namespace, name, cluster } = batch.props;
  return [
    servingNamespace(namespace),
    ...adminBinding(`${namespace}-admins`, cluster.admins),
    ...(values.pools ? [computeClass(name, values.pools)] : []),
    ...batchInference(batchObjects(batch, values)),
  ];
}

/** Returns a workflow as the Kubernetes layer describes it. */
export function batchObjects(batch: ResolvedBatch, values: BatchValues): BatchInferenceObjectsProps {
  const { props, server, replicas, acceleratorsPerReplica } = batch;
  const { name, namespace, model, inputPrefix, resultsPrefix, shardsPerTask, attempts, schedule, queue } = props;
  return {
    ...{ name, namespace, replicas, acceleratorsPerReplica, shardsPerTask, attempts, schedule, queue },
    pool: acceleratorPoolOf(batch),
    server,
    source: model.source(values.modelAddress),
    weightsGiB: model.sizeGiB,
    input: folderOf(values.input, inputPrefix, true),
    results: folderOf(values.results, resultsPrefix, false),
    toleratedFailures: Math.floor((replicas * props.toleratedFailurePercent) / 100),
    timeoutSeconds: Math.round(props.timeoutHours * HOUR_SECONDS),
    annotations: MOUNTS,
    nodeSelector: nodeSelectorOf(batch),
    egress: IDENTITY_SERVERS,
  };
}

/** Returns a folder of a bucket, mounted with Cloud Storage FUSE. */
function folderOf(bucketName: string, prefix: string, readOnly: boolean): ObjectFolder {
  const only = prefix === '' ? '' : `,only-dir=${prefix.replace(/\/+$/, '')}`;
  const volumeAttributes = { bucketName, mountOptions: `implicit-dirs,${OWNER}${only}` };
  return { csi: { driver: 'gcsfuse.csi.storage.gke.io', readOnly, volumeAttributes } };
}

/** Records the findings of a workflow. */
export function recordBatchFindings(
  scope: Construct,
  resolved: ResolvedBatch,
  estimate: EstimatedRun<BatchMarket> | undefined,
): void {
  recordImage(scope, resolved);
  recordCapacity(scope, resolved);
  for (const finding of rateFindings(resolved.rates)) record(scope, finding);
  const { work } = resolved.props;
  if (!work || !estimate) return;
  for (const finding of plannedWorkFindings(work, resolved.machine.name, estimate)) record(scope, finding);
}

function recordImage(scope: Construct, { server: { image } }: ResolvedBatch): void {
  if (image.includes('@sha256:')) return;
  const evidence = 'https://kubernetes.io/docs/concepts/containers/images/#image-names';
  record(scope, changingProgram(image, { level: 'info', evidence }));
}

function recordCapacity(scope: Construct, { props: { capacity, machine } }: ResolvedBatch): void {
  if (capacity.market === 'spot' && !capacity.fallback) {
    const evidence = 'https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms';
    record(scope, spotAlone(machine.name, { level: 'info', evidence }));
  }
  if (capacity.market !== 'reservation') return;
  record(scope, {
    id: 'scaling/fixed-nodes',
    level: 'warning',
    message: 'The machines of a reservation are billed at all times, even when no run needs them.',
    fix: 'Use capacity that is billed only while it runs, or acknowledge this.',
    evidence: 'the reservation, which is billed at all times',
  });
}

/** Properties for `BatchSoftware`. */
export interface BatchSoftwareProps {
  /** The resolved workflow. */
  readonly batch: ResolvedBatch;
  /** Deployment values. */
  readonly values: BatchValues;
  /** Resources that must exist first, for example the node pools and the permissions of the pods. */
  readonly after: readonly ITerraformDependable[];
}

const VARIABLES = {
  INPUT_BUCKET: 'Name of the bucket of the shards',
  RESULTS_BUCKET: 'Name of the bucket of the results',
  MODEL_ADDRESS: 'Address of the model, gs://…, without a trailing slash',
} as const;

/** The objects of a workflow. The deployment installs them, or writes them to files next to the stack for GitOps. */
export class BatchSoftware extends Construct {
  /** Installed objects. @default - GitOps installs them */
  public readonly objects?: RawChart;

  /** @internal */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: BatchSoftwareProps,
  ) {
    super(scope, id);
    const { batch, values, after } = props;
    if (batch.props.installation.byDeployment) {
      const manifests = withConstructPath(this, () => batchManifests(batch, values));
      this.objects = new RawChart(this, 'Objects', { manifests, after });
    } else this.writeFiles();
  }

  private get variables(): BundleVariables {
    return new BundleVariables(clusterValues(this.props.batch.props.cluster));
  }

  /** Objects, with variables for values that are known only at deployment. */
  get bundle(): ManifestBundle {
    const { batch, values } = this.props;
    return withConstructPath(this, () => {
      const manifests = batchManifests(batch, {
        ...values,
        input: '${INPUT_BUCKET}',
        results: '${RESULTS_BUCKET}',
        modelAddress: values.modelAddress === undefined ? undefined : '${MODEL_ADDRESS}',
      });
      const text = JSON.stringify(manifests);
      const used = Object.entries(VARIABLES).filter(([name]) => text.includes(`\${${name}}`));
      return this.variables.replaceIn({ releases: [], manifests, variables: Object.fromEntries(used) });
    });
  }

  /** Folder of the Kubernetes files, relative to the folder of the stack. */
  get folder(): string {
    return `kubernetes/${physicalName(this)}`;
  }

  private writeFiles(): void {
    const { input, results, modelAddress } = this.props.values;
    writeBesideStack(this, 'Files', () => ({
      [`${this.folder}/manifests.yaml`]: bundleFiles(this.bundle)['manifests.yaml'],
    }));
    for (const [id, value] of Object.entries(this.variables.outputs)) new TerraformOutput(this, id, { value });
    new TerraformOutput(this, 'InputBucket', { value: input });
    new TerraformOutput(this, 'ResultsBucket', { value: results });
    if (modelAddress !== undefined) new TerraformOutput(this, 'ModelAddress', { value: modelAddress });
  }
}
