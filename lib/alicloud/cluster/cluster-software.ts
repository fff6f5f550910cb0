import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { acceptanceOf, type TrainingImages } from '../../kubernetes';
import { BundleVariables } from '../../terraform/bundle-variables';
import { ClusterSoftware } from '../../terraform/cluster-software';
import type { Installation } from '../../terraform/installation';
import type { AcceleratorNodePool } from '../nodes/accelerator-node-pool';
import { acceleratorPool } from '../nodes/accelerator-pool';
import { type SoftwareValues, trainingSoftware } from '../training/training-software';

/** Properties for the software of a training cluster. */
export interface AckSoftwareProps extends SoftwareValues {
  /** Who installs the software. */
  readonly installation: Installation;
  /** Groups of accelerator nodes. */
  readonly groups: readonly AcceleratorNodePool[];
  /** Container images. */
  readonly images: TrainingImages;
  /** Resources that must exist first: the cluster, its system nodes, and its add-ons. */
  readonly after: readonly ITerraformDependable[];
}

/** The software of a training cluster on ACK. */
export function ackSoftware(scope: Construct, id: string, props: AckSoftwareProps): ClusterSoftware {
  const { installation, groups, images, fileSystem, after } = props;
  const { server, path } = fileSystem?.mountAddress ?? {};
  const variables = new BundleVariables({
    ...(server !== undefined && { FILE_SYSTEM_SERVER: { meaning: 'Domain name of the file system', value: server } }),
    ...(path !== undefined && { FILE_SYSTEM_PATH: { meaning: 'Path of the file system in mounts', value: path } }),
  });
  const software = () => trainingSoftware(groups, props, images);
  return new ClusterSoftware(scope, id, {
    installation,
    software,
    bundle: () => {
      const { releases, manifests, nodeManifests } = software();
      return variables.replaceIn({ releases, manifests: [...nodeManifests, ...manifests], variables: {} });
    },
    acceptance: () => groups.flatMap((group) => acceptanceOf(acceleratorPool(group), images.acceptance) ?? []),
    outputs: variables.outputs,
    after,
  });
}
