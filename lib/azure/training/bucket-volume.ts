import { ProblemCollector } from '../../core/errors';
import { assertProps, BOOLEAN, required, STRING, withMembers } from '../../core/prop-schema';
import { JobVolume, type MountOptions } from '../../kubernetes/job-volume';
import { isUnknown } from '../../terraform/tokens';
import type { IDataBucket } from '../storage/data-bucket';

/** A container that a job mounts. The account of a new `DataBucket` gets its name in the deployment. */
export type MountedBucket = Pick<IDataBucket, 'accountName' | 'containerName' | 'hierarchical'>;

/** Options for a container that a job mounts. */
export interface BucketMountOptions extends MountOptions {
  /** Client id of the identity of jobs, which the deployment creates. The job is an object for `kubectl apply`, so it must be known. */
  readonly clientId: string;
}

const BUCKET = withMembers(
  'a container of a storage account',
  { accountName: 'string', containerName: 'string' },
  'Pass its names: { accountName, containerName, hierarchical }.',
);

/**
 * Container of a storage account that a training job mounts as a folder with the Blob CSI driver and the identity of jobs. The identity can
 * read `datasets` and write `checkpoints` of the cluster. Its token for the mount expires after 24 hours, so mount only what a job reads at
 * its start. For longer runs, use the shared file system.
 *
 * @example
 * ```ts
 * import { BucketVolume } from 'ai-infra-constructs/azure';
 *
 * const bucket = { accountName: 'mydata', containerName: 'tokens' };
 * const clientId = '5f4a2a64-6a5b-4a47-8a8d-2d4a1e5d8a10';
 * const volumes = [BucketVolume.mount(bucket, { mountPath: '/tokens', readOnly: true, clientId })];
 * ```
 *
 * @see https://github.com/kubernetes-sigs/blob-csi-driver/blob/master/docs/workload-identity-static-pv-mount.md
 * @see https://github.com/kubernetes-sigs/blob-csi-driver/blob/0744a60b/pkg/blob/nodeserver.go, which adds `--use-adls=true` for `isHnsEnabled`; read 2026-11
 */
export class BucketVolume {
  /** Mounts a container. Its names must be known at synthesis. */
  static mount(bucket: MountedBucket, options: BucketMountOptions): JobVolume {
    const schema = { mountPath: required(STRING), readOnly: BOOLEAN, clientId: required(STRING) };
    assertProps({ bucket, ...options }, { bucket: required(BUCKET), ...schema });
    const { accountName, containerName, hierarchical } = bucket;
    const { clientId } = options;
    const problems = new ProblemCollector();
    if (hierarchical !== undefined && typeof hierarchical !== 'boolean') {
      const fix = 'Write true if the account has a hierarchical namespace.';
      problems.add({ code: 'PropType', prop: 'bucket.hierarchical', allowed: 'true or false', got: hierarchical, fix });
    }
    for (const [prop, value] of Object.entries({ accountName, containerName, clientId })) {
      if (value && !isUnknown(value)) continue;
      problems.add({
        code: 'JobVolume',
        prop,
        allowed: 'a string that is known at synthesis',
        got: value ? 'a Terraform token' : value,
        fix: 'Set the value itself. Outputs of the cluster show it after the first deployment.',
      });
    }
    problems.throwIfAny();
    const volumeAttributes = {
      storageaccount: accountName,
      containerName,
      clientID: clientId,
      protocol: 'fuse2',
      // Access with the role for blob data. Without it, the driver reads the key of the account.
      mountWithWorkloadIdentityToken: 'true',
      // Without it, only root can read the files.
      mountOptions: '-o allow_other',
      // blobfuse2 then uses the API for accounts with a hierarchical namespace, which has folders.
      ...(hierarchical === true && { isHnsEnabled: 'true' }),
    };
    return JobVolume.inline({ driver: 'blob.csi.azure.com', volumeAttributes }, options);
  }
}
