import { type ITerraformDependable, TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { located } from '../../core/errors';
import { bundleFiles, type KubernetesManifest, type ManifestBundle, manifestFile } from '../../kubernetes';
import { InstalledCharts } from '../../terraform/charts';
import { record } from '../../terraform/findings';
import type { Installation } from '../../terraform/installation';
import { physicalName } from '../../terraform/names';
import { RawChart } from '../../terraform/raw-chart';
import { writeBesideStack } from '../../terraform/stack-files';
import type { AcceleratorNetworks } from '../network/accelerator-networks';
import { networkObjects } from '../network/network-objects';
import type { ILustreFileSystem } from '../storage/lustre-attributes';
import type { TrainingGroup } from '../training/training-group';
import {
  acceptanceOf,
  type DeploymentValues,
  type TrainingImages,
  trainingSoftware,
} from '../training/training-software';

/** Properties for `ClusterSoftware`. */
export interface ClusterSoftwareProps {
  readonly installation: Installation;
  readonly groups: readonly TrainingGroup[];
  readonly networks: readonly AcceleratorNetworks[];
  /** @default - nothing is mounted */
  readonly fileSystem?: ILustreFileSystem;
  readonly images: TrainingImages;
  /** Labels of the nodes that controllers run on. */
  readonly systemLabels: Readonly<Record<string, string>>;
  /** Members of IAM who administer the cluster. */
  readonly admins: readonly string[];
  /** What must stand before: the cluster, and its system nodes. */
  readonly after: readonly ITerraformDependable[];
}

const VARIABLES = {
  FILE_SYSTEM_HANDLE: 'The file system, <project>/<zone>/<instance>',
  FILE_SYSTEM_IP: 'Address of the servers of the file system',
} as const;

/** Charts and manifests of a training cluster: installed by the deployment, or written beside the stack for whoever installs. */
export class ClusterSoftware extends Construct {
  /** @default - someone else installs */
  public readonly charts?: InstalledCharts;
  /** Networks, installers and rights: what needs no chart. @default - someone else installs */
  public readonly onNodes?: RawChart;
  /** Queue, volume and runtimes: what needs the charts. @default - someone else installs */
  public readonly objects?: RawChart;

  private bundled?: ManifestBundle;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ClusterSoftwareProps,
  ) {
    super(scope, id);
    const { installation, groups, after } = props;
    if (installation.byDeployment) {
      const { releases, manifests, nodeManifests } = located(this, () => softwareOf(props, deploymentValues(props)));
      this.charts = new InstalledCharts(this, 'Charts', { releases, after });
      if (nodeManifests.length > 0) this.onNodes = new RawChart(this, 'Nodes', { manifests: nodeManifests, after });
      this.objects = new RawChart(this, 'Objects', { manifests, after: [...this.charts.releases.values()] });
    }
    const acceptance = groups.flatMap((group) => this.acceptance(group));
    this.writeFiles(Object.fromEntries(acceptance));
    this.outputValues();
  }

  /** The charts and manifests with variables for what only a deployment knows. */
  get bundle(): ManifestBundle {
    this.bundled ??= located(this, () => bundleOf(this.props));
    return this.bundled;
  }

  /** Where its Kubernetes files are, in the folder of the stack. */
  get folder(): string {
    return `kubernetes/${physicalName(this)}`;
  }

  private acceptance(group: TrainingGroup): [file: string, manifests: KubernetesManifest[]][] {
    const job = located(this, () => acceptanceOf(group, this.props.images));
    if (!job) return [];
    const { GBps, basis, source } = job.expected;
    const file = `acceptance-${group.name}.yaml`;
    new TerraformOutput(this, `Acceptance-${group.name}`, {
      description: `Fabric of ${group.nodes} ${group.machine.name}: apply ${this.folder}/${file} once`,
      value: `all-reduce at ${GBps} GB/s bus bandwidth or more (${basis}: ${source})`,
    });
    return [[file, job.manifests]];
  }

  private writeFiles(acceptance: Readonly<Record<string, readonly KubernetesManifest[]>>): void {
    const { folder } = this;
    const within = (files: object) =>
      Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text as string]));
    writeBesideStack(this, 'Files', () => ({
      ...(this.props.installation.byDeployment ? {} : within(bundleFiles(this.bundle))),
      ...within(Object.fromEntries(Object.entries(acceptance).map(([name, list]) => [name, manifestFile(list)]))),
    }));
  }

  /** What the variables of the bundle stand for. */
  private outputValues(): void {
    const { fileSystem, installation } = this.props;
    if (!fileSystem || installation.byDeployment) return;
    new TerraformOutput(this, 'FileSystemHandle', { value: fileSystem.volumeHandle });
    new TerraformOutput(this, 'FileSystemIp', { value: fileSystem.serverIp });
  }
}

/** Says that nothing proves a fabric which is there. */
export function recordUnproven(group: TrainingGroup, images: TrainingImages): void {
  if (group.nodes < 2 || images.acceptance !== undefined || group.machine.spec.transport === undefined) return;
  record(group, {
    id: 'fabric/no-proof',
    level: 'info',
    message: `No public image is known to hold nccl-tests for ${group.machine.spec.transport} as the acceptance job wants it.`,
    fix: 'Build one with nccl-tests in /opt/nccl-tests and an SSH server, and name it in images.acceptance.',
    evidence: `no image for ${TerraformStack.of(group).node.id}/${group.name}`,
  });
}

function softwareOf({ groups, images }: ClusterSoftwareProps, values: DeploymentValues) {
  return trainingSoftware(groups, values, images);
}

function deploymentValues({ fileSystem, systemLabels, admins, networks }: ClusterSoftwareProps): DeploymentValues {
  return { systemLabels, admins, fileSystem, networks: networks.flatMap((one) => networkObjects(one)) };
}

function bundleOf(props: ClusterSoftwareProps): ManifestBundle {
  const { fileSystem, systemLabels, admins, networks } = props;
  const reference = (name: keyof typeof VARIABLES) => `\${${name}}`;
  const { releases, manifests, nodeManifests } = softwareOf(props, {
    systemLabels,
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
