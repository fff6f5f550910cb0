import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { JobVolume, type MountOptions } from '../../kubernetes/job-volume';
import type { KubernetesManifest } from '../../kubernetes/manifest';
import { fileSystemVolume } from '../../kubernetes/training-objects';
import { TRAINING_NAMESPACE } from '../../kubernetes/training-runtime';
import { isUnknown } from '../../terraform/tokens';
import { BUCKET_VOLUME_PROPS } from '../prop-schemas';
import { checkRegion } from '../props/location';
import type { IDataBucket } from '../storage/data-bucket';

/** Properties for a bucket that jobs mount. The objects are for `kubectl apply`, so all values must be known at synthesis. */
export interface BucketVolumeProps {
  /** Name of the claim in the namespace `training`. */
  readonly name: string;
  /** Bucket to mount. */
  readonly bucket: IDataBucket;
  /** Region of the bucket and the cluster. */
  readonly region: string;
  /** RAM role of the mount, which RRSA lets the FUSE process of the driver use. It needs a grant of the bucket. */
  readonly roleName: string;
  /** Folder of the bucket to mount, without a slash at either end. @default - the whole bucket */
  readonly folder?: string;
  /** Whether jobs can write to the bucket, which uses ossfs 1.0. Without it, ossfs 2.0 reads faster. @default false */
  readonly writable?: boolean;
}

/**
 * Subject in the OIDC token of the FUSE process. The trust policy of the role must allow it: the mount has this identity, not the job.
 *
 * @see https://github.com/kubernetes-sigs/alibaba-cloud-csi-driver/tree/master/pkg/oss
 */
const MOUNT_SUBJECT = 'system:serviceaccount:ack-csi-fuse:csi-fuse-ossfs';

/** The number limits nothing. */
const CAPACITY_GIB = 1_024;

/**
 * Bucket that training jobs mount as a folder with the OSS CSI driver and RRSA, without access keys. The driver has no volumes without a claim, so
 * apply `manifests` once, and mount the claim in each job.
 *
 * @example
 * ```ts
 * import { BucketVolume } from 'ai-infra-constructs/alicloud';
 *
 * const bucket = { name: 'my-datasets' };
 * const tokens = BucketVolume.of({ name: 'tokens', bucket, region: 'cn-hangzhou', roleName: 'bucket-mount' });
 * const volumes = [tokens.mount({ mountPath: '/tokens' })];
 * ```
 */
export class BucketVolume {
  /** Subject that the trust policy of the role must allow. */
  static readonly subject = MOUNT_SUBJECT;

  /** The volume of a bucket. */
  static of(props: BucketVolumeProps): BucketVolume {
    const problems = new ProblemCollector();
    if (validateProps(problems, props, BUCKET_VOLUME_PROPS)) check(problems, props);
    problems.throwIfAny();
    return new BucketVolume(props);
  }

  /** The volume and its claim, for `kubectl apply`. */
  public readonly manifests: readonly KubernetesManifest[];

  private constructor(private readonly props: BucketVolumeProps) {
    const { name, bucket, region, roleName, folder, writable = false } = props;
    const volume = {
      driver: 'ossplugin.csi.alibabacloud.com',
      // The driver requires the name of the volume.
      volumeHandle: `${TRAINING_NAMESPACE}-${name}`,
      volumeAttributes: {
        bucket: bucket.name,
        path: `/${folder ?? ''}`,
        // The policy of a DataBucket rejects HTTP, which is the scheme in the guide of ACK.
        url: `https://oss-${region}-internal.aliyuncs.com`,
        region,
        authType: 'rrsa',
        roleName,
        sigVersion: 'v4',
        fuseType: writable ? 'ossfs' : 'ossfs2',
        // Without it, only root can read the files.
        ...(writable && { otherOpts: '-o umask=022 -o allow_other' }),
      },
      capacityGiB: CAPACITY_GIB,
      accessModes: [writable ? 'ReadWriteMany' : 'ReadOnlyMany'],
    };
    this.manifests = fileSystemVolume({ ...volume, name, namespace: TRAINING_NAMESPACE });
  }

  /** Mounts the volume in a job. It is read-only unless it is `writable`. */
  mount({ mountPath }: Pick<MountOptions, 'mountPath'>): JobVolume {
    const { name, writable = false } = this.props;
    return JobVolume.claim(name, { mountPath, readOnly: !writable });
  }
}

const ROLE_NAME = /^[A-Za-z0-9.-]{1,64}$/;
const FOLDER = /^(?!\/)[^\s]*[^\s/]$/;

function check(problems: ProblemCollector, { bucket, region, roleName, folder }: BucketVolumeProps): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'JobVolume', prop, allowed, got, fix });
  checkRegion(problems, 'region', region);
  if (isUnknown(bucket.name)) {
    const fix = 'Copy the name of the bucket after the first deployment, and use it here: `{ name }`.';
    wrong('bucket.name', 'a name that is known at synthesis', 'a Terraform token', fix);
  }
  if (isUnknown(roleName) || !ROLE_NAME.test(roleName)) {
    const got = isUnknown(roleName) ? 'a Terraform token' : roleName;
    wrong('roleName', 'the name of a RAM role that is known at synthesis', got, 'Use the name, not the ARN.');
  }
  if (folder !== undefined && !FOLDER.test(folder))
    wrong('folder', 'a path without spaces and without a slash at either end', folder, 'Use a path like tokens/v2.');
}
