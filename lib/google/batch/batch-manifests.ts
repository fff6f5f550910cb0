import {
  batchInference,
  type BatchInferenceObjectsProps,
  type KubernetesManifest,
  type ObjectFolder,
  servingNamespace,
} from '../../kubernetes';
import { adminBinding } from '../cluster/cluster-admins';
import { computeClass } from '../kubernetes-inference/gke-objects';
import { IDENTITY_SERVERS } from '../kubernetes-inference/inference-manifests';
import { acceleratorPoolOf, nodeSelectorOf } from '../kubernetes-inference/inference-pool';
import type { ResolvedBatch } from './resolved-batch';

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
