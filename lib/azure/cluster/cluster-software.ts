import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { acceptanceOf, type ManifestBundle, type TrainingImages } from '../../kubernetes';
import { ClusterSoftware } from '../../terraform/cluster-software';
import type { Installation } from '../../terraform/installation';
import type { AcceleratorNodePool } from '../nodes/accelerator-node-pool';
import { isUnknown } from '../../terraform/tokens';
import type { IDataBucket } from '../storage/data-bucket';
import type { ILustreFileSystem } from '../storage/lustre-file-system';
import { acceleratorPool } from '../nodes/accelerator-pool';
import { acceptanceImage, type DeploymentValues, trainingSoftware } from '../training/training-software';
import type { JobIdentity } from './job-identity';

/** Properties for the software of a training cluster. */
export interface AksSoftwareProps {
  /** Who installs the software. */
  readonly installation: Installation;
  /** Groups of accelerator nodes. */
  readonly groups: readonly AcceleratorNodePool[];
  /** Shared file system. @default - none */
  readonly fileSystem?: ILustreFileSystem;
  /** Identity of jobs. @default - none */
  readonly jobs?: JobIdentity;
  /** Bucket that jobs can read. @default - none */
  readonly datasets?: IDataBucket;
  /** Bucket that jobs can read and write. @default - none */
  readonly checkpoints?: IDataBucket;
  /** Container images. */
  readonly images: TrainingImages;
  /** Labels of the nodes that run controllers. */
  readonly systemLabels: Readonly<Record<string, string>>;
  /** Charts that the existing cluster runs already. @default - a new cluster, which gets all charts */
  readonly existingCharts?: readonly string[];
  /** Whether AKS repairs nodes with a permanent GPU fault. */
  readonly repairsFaults: boolean;
  /** Whether this app configures the metrics add-on, because the cluster is new. */
  readonly configuresMetrics: boolean;
  /** Resources that must exist first: the cluster, its system nodes, and the permission to install. */
  readonly after: readonly ITerraformDependable[];
}

const FILE_SYSTEM = { FILE_SYSTEM_ADDRESS: 'Address of the management server of the file system' } as const;
const JOBS = { JOBS_CLIENT_ID: 'Client id of the identity of jobs' } as const;

/** The software of a training cluster on AKS. */
export function aksSoftware(scope: Construct, id: string, props: AksSoftwareProps): ClusterSoftware {
  const { installation, groups, images, fileSystem, jobs, after } = props;
  return new ClusterSoftware(scope, id, {
    installation,
    software: () => softwareOf(props, fileSystem?.mgsAddress, jobs?.identity.clientId),
    bundle: () => bundleOf(props),
    acceptance: () =>
      groups.flatMap((group) => acceptanceOf(acceleratorPool(group), acceptanceImage(group.machine, images)) ?? []),
    outputs: fileSystem && { FileSystemAddress: fileSystem.mgsAddress },
    jobOutputs: {
      ...(jobs && { JobsClientId: jobs.identity.clientId }),
      ...accountOutput('Datasets', props.datasets),
      ...accountOutput('Checkpoints', props.checkpoints),
    },
    after,
  });
}

/** The name of an account that the deployment creates. */
function accountOutput(name: string, bucket: IDataBucket | undefined): Readonly<Record<string, string>> {
  return bucket && isUnknown(bucket.accountName) ? { [`${name}AccountName`]: bucket.accountName } : {};
}

function softwareOf(props: AksSoftwareProps, mgsAddress: string | undefined, clientId: string | undefined) {
  const { groups, images, systemLabels, existingCharts, jobs, configuresMetrics, repairsFaults } = props;
  const values: DeploymentValues = {
    systemLabels,
    existingCharts,
    configuresMetrics,
    repairsFaults,
    fileSystem: mgsAddress === undefined ? undefined : { mgsAddress },
    jobs: jobs && { pods: jobs.pods, account: jobs.serviceAccount(clientId) },
  };
  return trainingSoftware(groups, values, images);
}

function bundleOf(props: AksSoftwareProps): ManifestBundle {
  const { fileSystem, jobs } = props;
  const variables = { ...(fileSystem && FILE_SYSTEM), ...(jobs && JOBS) };
  const reference = (name: keyof typeof FILE_SYSTEM | keyof typeof JOBS) => `\${${name}}`;
  const { releases, manifests, nodeManifests } = softwareOf(
    props,
    fileSystem && reference('FILE_SYSTEM_ADDRESS'),
    jobs && reference('JOBS_CLIENT_ID'),
  );
  return { releases, manifests: [...nodeManifests, ...manifests], variables };
}
