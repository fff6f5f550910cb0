import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attachCustomSynthesis, Aws, CfnOutput, Duration, type ISynthesisSession, Stack } from 'aws-cdk-lib';
import { CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks';
import { HelmChart, type ICluster, KubernetesManifest as AppliedManifest } from 'aws-cdk-lib/aws-eks-v2';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { located } from '../../core/errors';
import {
  bundleFiles,
  type ChartRelease,
  isOci,
  type KubernetesManifest,
  type ManifestBundle,
  manifestFile,
  ociAddress,
} from '../../kubernetes';
import { checkSoftware } from './cluster-software-checks';
import type { EfaNodeGroup } from '../nodes/efa-node-group';
import type { Installation } from './installation';
import type { ILustreFileSystem } from '../storage/lustre-attributes';
import { podIdentityRole } from './pod-identity-role';
import {
  acceptanceOf,
  type DeploymentValues,
  isElastic,
  type TrainingImages,
  trainingSoftware,
} from '../training/training-software';

/** Properties for `ClusterSoftware`. */
export interface ClusterSoftwareProps {
  readonly cluster: ICluster;
  readonly installation: Installation;
  /** Groups of accelerator nodes. A fallback is of its group's pool. */
  readonly groups: readonly EfaNodeGroup[];
  /** @default - nothing is mounted */
  readonly fileSystem?: ILustreFileSystem;
  readonly images: TrainingImages;
  /** Labels of the nodes that controllers run on. */
  readonly systemLabels: Readonly<Record<string, string>>;
}

const VARIABLES = {
  CLUSTER_NAME: 'Name of the EKS cluster',
  AWS_REGION: 'Region of the cluster',
  FILE_SYSTEM_ID: 'Id of the FSx for Lustre file system, fs-…',
  FILE_SYSTEM_DNS_NAME: 'DNS name of the file system',
  FILE_SYSTEM_MOUNT_NAME: 'Mount name of the file system',
} as const;

/** Charts and manifests of a training cluster: installed by the deployment, or written beside the template for whoever installs. */
export class ClusterSoftware extends Construct {
  /** What the deployment installs. Empty where someone else installs. */
  public readonly installed: readonly Construct[];

  private bundled?: ManifestBundle;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ClusterSoftwareProps,
  ) {
    super(scope, id);
    checkSoftware(this, props);
    const { cluster, groups, images } = props;
    const identity = isElastic(groups) ? this.letAutoscale(cluster) : undefined;
    this.installed = props.installation.byDeployment ? this.install(props) : [];
    // A pod gets its identity when it is made, and never later.
    const autoscaler = this.node.tryFindChild('cluster-autoscaler');
    if (identity) autoscaler?.node.addDependency(identity);
    const acceptance = groups.flatMap((group) => this.acceptance(group, images));
    this.writeBesideTemplate(() => ({
      ...(props.installation.byDeployment ? {} : bundleFiles(this.bundle)),
      ...Object.fromEntries(acceptance.map(([file, manifests]) => [file, manifestFile(manifests)])),
    }));
    this.outputValues(props);
  }

  /** The charts and manifests with variables for what only a deployment knows. */
  get bundle(): ManifestBundle {
    this.bundled ??= located(this, () => bundleOf(this.props));
    return this.bundled;
  }

  private install(props: ClusterSoftwareProps): Construct[] {
    const { cluster, groups, images } = props;
    const { releases, manifests } = located(this, () => trainingSoftware(groups, deploymentValues(props), images));
    const charts = new Map(releases.map((release) => [release.chart, this.chart(cluster, release)]));
    for (const { chart, needs = [] } of releases) {
      for (const needed of needs) charts.get(chart)!.node.addDependency(charts.get(needed)!);
    }
    const objects = new AppliedManifest(this, 'Manifests', {
      cluster,
      manifest: manifests.map((manifest) => ({ ...manifest })),
      // A first attempt that failed half-way leaves objects behind.
      overwrite: true,
    });
    objects.node.addDependency(...charts.values());
    return [...charts.values(), objects];
  }

  private chart(cluster: ICluster, release: ChartRelease): HelmChart {
    return new HelmChart(this, release.chart, {
      cluster,
      chart: release.chart,
      repository: isOci(release) ? ociAddress(release) : release.repository,
      version: release.version,
      namespace: release.namespace,
      release: release.release,
      createNamespace: true,
      values: { ...release.values },
      // What comes after needs the kinds, and the webhooks that judge them.
      wait: true,
      // The Lambda function that waits has 15 minutes in all, and fetches the chart first.
      timeout: Duration.minutes(12),
    });
  }

  private letAutoscale({ clusterName }: ICluster): CfnPodIdentityAssociation {
    const role = podIdentityRole(this, 'AutoscalerRole');
    const policy = new ManagedPolicy(this, 'AutoscalerPolicy', { roles: [role] });
    const own = { StringEquals: { [`aws:ResourceTag/eks:cluster-name`]: clusterName } };
    policy.addStatements(new PolicyStatement({ actions: AUTOSCALER_CHANGES, resources: ['*'], conditions: own }));
    policy.addStatements(new PolicyStatement({ actions: AUTOSCALER_LOOKS, resources: ['*'] }));
    const identity = new CfnPodIdentityAssociation(this, 'AutoscalerIdentity', {
      clusterName,
      namespace: 'kube-system',
      serviceAccount: AUTOSCALER_ACCOUNT,
      roleArn: role.roleArn,
    });
    identity.node.addDependency(policy);
    return identity;
  }

  private acceptance(group: EfaNodeGroup, images: TrainingImages): [file: string, manifests: KubernetesManifest[]][] {
    const job = located(this, () => acceptanceOf(group, images));
    if (!job) return [];
    const { GBps, basis, source } = job.expected;
    const file = `acceptance-${group.name}.yaml`;
    new CfnOutput(this, `Acceptance-${group.name}`, {
      description: `Fabric of ${group.nodes} ${group.machine.name}: apply ${file} once`,
      value: `all-reduce at ${GBps} GB/s bus bandwidth or more (${basis}: ${source})`,
    });
    return [[file, job.manifests]];
  }

  private outputValues(props: ClusterSoftwareProps): void {
    const { clusterName, fileSystem } = deploymentValues(props);
    const values = {
      ClusterName: clusterName,
      KubernetesFiles: this.folder,
      FileSystemId: fileSystem?.id,
      FileSystemDnsName: fileSystem?.dnsName,
      FileSystemMountName: fileSystem?.mountName,
    };
    for (const [id, value] of Object.entries(values)) {
      if (value !== undefined) new CfnOutput(this, id, { value });
    }
  }

  /** Where its Kubernetes files are, in the folder of the templates. */
  private get folder(): string {
    const stack = Stack.of(this);
    const ids = this.node.scopes.slice(stack.node.scopes.length, -1).map(({ node }) => node.id);
    return `${stack.artifactId}.${ids.join('-')}.kubernetes`;
  }

  // Written out only at synthesis: text costs more than objects.
  private writeBesideTemplate(files: () => Readonly<Record<string, string>>): void {
    const { folder } = this;
    attachCustomSynthesis(this, {
      onSynthesize({ outdir }: ISynthesisSession) {
        const texts = Object.entries(files());
        if (texts.length > 0) mkdirSync(join(outdir, folder), { recursive: true });
        for (const [name, text] of texts) writeFileSync(join(outdir, folder, name), text);
      },
    });
  }
}

/** The service account that the autoscaler's chart makes: `<release>-<cloud>-<chart>`. */
const AUTOSCALER_ACCOUNT = 'cluster-autoscaler-aws-cluster-autoscaler';

// Source: kubernetes/autoscaler, cluster-autoscaler/cloudprovider/aws/README.md; read 2026-11. Looking cannot be limited to a resource.
const AUTOSCALER_CHANGES = ['autoscaling:SetDesiredCapacity', 'autoscaling:TerminateInstanceInAutoScalingGroup'];
const AUTOSCALER_LOOKS = [
  'autoscaling:DescribeAutoScalingGroups',
  'autoscaling:DescribeAutoScalingInstances',
  'autoscaling:DescribeLaunchConfigurations',
  'autoscaling:DescribeScalingActivities',
  'autoscaling:DescribeTags',
  'ec2:DescribeImages',
  'ec2:DescribeInstanceTypes',
  'ec2:DescribeLaunchTemplateVersions',
  'ec2:GetInstanceTypesFromInstanceRequirements',
  'eks:DescribeNodegroup',
];

function deploymentValues({ cluster, fileSystem, systemLabels }: ClusterSoftwareProps): DeploymentValues {
  return {
    systemLabels,
    clusterName: cluster.clusterName,
    region: Aws.REGION,
    fileSystem: fileSystem && {
      id: fileSystem.fileSystemId,
      dnsName: fileSystem.dnsName,
      mountName: fileSystem.mountName,
    },
  };
}

function bundleOf({ groups, fileSystem, images, systemLabels }: ClusterSoftwareProps): ManifestBundle {
  const reference = (name: keyof typeof VARIABLES) => `\${${name}}`;
  const software = trainingSoftware(
    groups,
    {
      systemLabels,
      clusterName: reference('CLUSTER_NAME'),
      region: reference('AWS_REGION'),
      fileSystem: fileSystem && {
        id: reference('FILE_SYSTEM_ID'),
        dnsName: reference('FILE_SYSTEM_DNS_NAME'),
        mountName: reference('FILE_SYSTEM_MOUNT_NAME'),
      },
    },
    images,
  );
  const text = JSON.stringify(software);
  const variables = Object.fromEntries(Object.entries(VARIABLES).filter(([name]) => text.includes(`\${${name}}`)));
  return { ...software, variables };
}
