import { ProblemCollector } from '../../core/errors';
import { assertProps, BOOLEAN, required, STRING } from '../../core/prop-schema';
import { JobVolume, type MountOptions } from '../../kubernetes/job-volume';
import { isUnknown } from '../../terraform/tokens';
import { DATA_BUCKET } from '../prop-schemas';
import type { IDataBucket } from '../storage/data-bucket';

/** Options for a bucket that a job mounts. */
export interface BucketMountOptions extends MountOptions {
  /** Folder of the bucket to mount, without a slash at either end. @default - the whole bucket */
  readonly folder?: string;
}

/**
 * Annotations for the FUSE process next to the job. It shares the memory and the disk of the pod's node without a limit of its own.
 *
 * @see https://docs.cloud.google.com/kubernetes-engine/docs/how-to/cloud-storage-fuse-csi-driver-sidecar
 */
const SIDECAR = {
  'gke-gcsfuse/volumes': 'true',
  'gke-gcsfuse/cpu-limit': '0',
  'gke-gcsfuse/memory-limit': '0',
  'gke-gcsfuse/ephemeral-storage-limit': '0',
};

/**
 * Bucket that a training job mounts as a folder with Cloud Storage FUSE. The identity of jobs needs access: it can read `datasets` and write
 * `checkpoints` of the cluster.
 *
 * @example
 * ```ts
 * import { BucketVolume } from 'ai-infra-constructs/google';
 *
 * const volumes = [BucketVolume.mount({ name: 'my-datasets' }, { mountPath: '/datasets', readOnly: true })];
 * ```
 */
export class BucketVolume {
  /** Mounts a bucket. Its name must be known at synthesis, because the job is an object for `kubectl apply`. */
  static mount(bucket: IDataBucket, options: BucketMountOptions): JobVolume {
    const schema = { bucket: required(DATA_BUCKET), mountPath: required(STRING), readOnly: BOOLEAN, folder: STRING };
    assertProps({ bucket, ...options }, schema);
    const problems = new ProblemCollector();
    const { folder } = options;
    if (isUnknown(bucket.name)) {
      problems.add({
        code: 'JobVolume',
        prop: 'bucket.name',
        allowed: 'a name that is known at synthesis',
        got: 'a Terraform token',
        fix: 'Set the name of the bucket yourself, and use it here: `{ name }`.',
      });
    }
    if (folder !== undefined && !/^[^/,\s][^,\s]*$/.test(folder)) {
      problems.add({
        code: 'JobVolume',
        prop: 'folder',
        allowed: 'a path without spaces and commas that does not start with a slash',
        got: folder,
        fix: 'Use a path like tokens/v2.',
      });
    }
    problems.throwIfAny();
    const only = folder === undefined ? '' : `,only-dir=${folder.replace(/\/+$/, '')}`;
    const volumeAttributes = { bucketName: bucket.name, mountOptions: `implicit-dirs${only}` };
    return JobVolume.inline({ driver: 'gcsfuse.csi.storage.gke.io', volumeAttributes, annotations: SIDECAR }, options);
  }
}
