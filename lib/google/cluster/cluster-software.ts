import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { acceptanceOf, type ManifestBundle, type TrainingImages } from '../../kubernetes';
import { BundleVariables } from '../../terraform/bundle-variables';
import { ClusterSoftware } from '../../terraform/cluster-software';
import type { Installation } from '../../terraform/installation';
import { recordUnproven as recordNoProof } from '../../terraform/unproven-fabric';
import { clusterValues } from './cluster-source';
import type { AcceleratorNetworks } from '../network/accelerator-networks';
import { networkObjects } from '../network/network-attributes';
import type { ILustreFileSystem } from '../storage/lustre-file-system';
import { acceleratorPool } from '../nodes/accelerator-pool';
import type { TrainingGroup } from '../training/training-group';
import { type DeploymentValues, trainingSoftware } from '../training/training-software';

/** Properties of the software of a training cluster. */
export interface GkeSoftwareProps {
  /** Who installs the software. */
  readonly installation: Installation;
  /** Groups of accelerator nodes. */
  readonly groups: readonly TrainingGroup[];
  /** Additional networks of the nodes. */
  readonly networks: readonly AcceleratorNetworks[];
  /** File system that jobs mount. @default - none */
  readonly fileSystem?: ILustreFileSystem;
  /** Container images of jobs. */
  readonly images: TrainingImages;
  /** Labels of the nodes that run controllers. */
  readonly systemLabels: Readonly<Record<string, string>>;
  /** Charts that the existing cluster runs already. @default - a new cluster, which gets all charts */
  readonly existingCharts?: readonly string[];
  /** IAM principals that administer the cluster. */
  readonly admins: readonly string[];
  /** Resources that must exist first: the cluster and its system nodes. */
  readonly after: readonly ITerraformDependable[];
}

const VARIABLES = {
  FILE_SYSTEM_HANDLE: 'File system, as <project>/<zone>/<instance>',
  FILE_SYSTEM_IP: 'IP address of the file system servers',
} as const;

/** The software of a training cluster on GKE. */
export function gkeSoftware(scope: Construct, id: string, props: GkeSoftwareProps): ClusterSoftware {
  const { installation, groups, images, fileSystem, after } = props;
  const variables = new BundleVariables({
    ...clusterValues(props),
    ...(fileSystem && {
      FILE_SYSTEM_NAME: { meaning: 'Name of the file system in the mount command', value: fileSystem.fsName },
    }),
  });
  return new ClusterSoftware(scope, id, {
    installation,
    software: () => softwareOf(props, deploymentValues(props)),
    bundle: () => variables.replaceIn(bundleOf(props)),
    acceptance: () => groups.flatMap((group) => acceptanceOf(acceleratorPool(group), images.acceptance) ?? []),
    outputs: {
      ...(fileSystem && { FileSystemHandle: fileSystem.volumeHandle, FileSystemIp: fileSystem.serverIp }),
      ...variables.outputs,
    },
    after,
  });
}

/** Records that no acceptance job tests a fabric. */
export function recordUnproven(group: TrainingGroup, images: TrainingImages): void {
  const { transport } = group.machine.spec;
  if (group.nodes < 2 || images.acceptance !== undefined || transport === undefined) return;
  recordNoProof(group, group, transport);
}

function softwareOf({ groups, images }: GkeSoftwareProps, values: DeploymentValues) {
  return trainingSoftware(groups, values, images);
}

function deploymentValues(props: GkeSoftwareProps): DeploymentValues {
  const { fileSystem, systemLabels, existingCharts, admins, networks } = props;
  return { systemLabels, existingCharts, admins, fileSystem, networks: networks.flatMap((one) => networkObjects(one)) };
}

function bundleOf(props: GkeSoftwareProps): ManifestBundle {
  const { fileSystem, systemLabels, existingCharts, admins, networks } = props;
  const reference = (name: keyof typeof VARIABLES) => `\${${name}}`;
  const { releases, manifests, nodeManifests } = softwareOf(props, {
    systemLabels,
    existingCharts,
    admins,
    networks: networks.flatMap((one) => networkObjects(one, ({ nameInput }) => nameInput ?? '')),
    fileSystem: fileSystem && {
      volumeHandle: reference('FILE_SYSTEM_HANDLE'),
      serverIp: reference('FILE_SYSTEM_IP'),
      fsName: fileSystem.fsName,
    },
  });
  return { releases, manifests: [...nodeManifests, ...manifests], variables: fileSystem ? VARIABLES : {} };
}
