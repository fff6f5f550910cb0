import {
  batchInference,
  type BatchInferenceObjectsProps,
  type KubernetesManifest,
  type ObjectFolder,
  servingNamespace,
} from '../../kubernetes';
import { computeClass } from '../kubernetes-inference/gke-objects';
import { IDENTITY_SERVERS } from '../kubernetes-inference/inference-manifests';
import { acceleratorPoolOf, nodeSelectorOf } from '../kubernetes-inference/inference-pool';
import type { SettledBatch } from './settled-batch';

/** Values of one deployment that objects hold: tokens, or names of variables. */
export interface BatchValues {
  /** Name of the bucket of the shards. */
  readonly input: string;
  /** Name of the bucket of results. */
  readonly results: string;
  /** Where the model is, without a slash at its end. @default - it is in no bucket */
  readonly modelAddress?: string;
  /** Names of the pools that a ComputeClass chooses between. @default - there is one pool */
  readonly pools?: readonly string[];
}

const HOUR_SECONDS = 3600;

/** By it GKE puts the container that mounts buckets into a pod. @see https://cloud.google.com/kubernetes-engine/docs/how-to/cloud-storage-fuse-csi-driver-ephemeral */
const MOUNTS = { 'gke-gcsfuse/volumes': 'true' };

/** The user of the pods, to whom the files of a bucket then belong. */
const OWNER = 'uid=65532,gid=65532';

/** Objects of a workflow. */
export function batchManifests(settled: SettledBatch, values: BatchValues): KubernetesManifest[] {
  const { namespace, name } = settled.props;
  return [
    servingNamespace(namespace),
    ...(values.pools ? [computeClass(name, values.pools)] : []),
    ...batchInference(batchObjects(settled, values)),
  ];
}

/** A workflow in the words of the Kubernetes layer. */
export function batchObjects(settled: SettledBatch, values: BatchValues): BatchInferenceObjectsProps {
  const { props, resolved, replicas, acceleratorsPerReplica } = settled;
  const { name, namespace, model, inputPrefix, resultsPrefix, shardsPerStart, attempts, schedule, queue } = props;
  return {
    ...{ name, namespace, replicas, acceleratorsPerReplica, shardsPerStart, attempts, schedule, queue },
    pool: acceleratorPoolOf(settled),
    server: resolved,
    source: model.source(values.modelAddress),
    weightsGiB: model.sizeGiB,
    input: folderOf(values.input, inputPrefix, true),
    results: folderOf(values.results, resultsPrefix, false),
    toleratedFailures: Math.floor((replicas * props.toleratedFailurePercent) / 100),
    timeoutSeconds: Math.round(props.timeoutHours * HOUR_SECONDS),
    annotations: MOUNTS,
    nodeSelector: nodeSelectorOf(settled),
    egress: IDENTITY_SERVERS,
  };
}

/** A folder of a bucket, by GCS FUSE. */
function folderOf(bucketName: string, prefix: string, readOnly: boolean): ObjectFolder {
  const only = prefix === '' ? '' : `,only-dir=${prefix.replace(/\/+$/, '')}`;
  const volumeAttributes = { bucketName, mountOptions: `implicit-dirs,${OWNER}${only}` };
  return { csi: { driver: 'gcsfuse.csi.storage.gke.io', readOnly, volumeAttributes } };
}
