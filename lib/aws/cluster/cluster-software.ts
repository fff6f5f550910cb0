import { Aws, CfnOutput } from 'aws-cdk-lib';
import { CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { withConstructPath, type Problem, ProblemCollector } from '../../core/errors';
import { bundleFiles, type KubernetesManifest, type ManifestBundle, manifestFile } from '../../kubernetes';
import { passCriterion } from '../../kubernetes/acceptance-job';
import type { EfaNodeGroup } from '../nodes/efa-node-group';
import { type Installation, installSoftware, kubernetesFolder, writeKubernetesFiles } from './installation';
import type { ILustreFileSystem } from '../storage/lustre-file-system';
import { podIdentityRole } from './job-identity';
import {
  acceptanceOf,
  type DeploymentValues,
  elasticNames,
  isElastic,
  type TrainingImages,
  trainingSoftware,
} from '../training/training-software';
import { validateProps } from '../../core/prop-schema';
import { claimQueue, sharesCluster } from '../../core/shared-cluster';
import { isSameCluster, type SharedChart } from './cluster-source';
import { checkSystemLabels as checkLabels } from '../../kubernetes/placement';
import { poolLabels } from '../nodes/accelerator-pool';
import { recordForeignAutoscaler } from '../capacity/capacity';
import type { AwsMachine } from '../machine/machine';
import { CLUSTER_SOFTWARE_PROPS } from '../prop-schemas';

/** Properties for `ClusterSoftware`. */
export interface ClusterSoftwareProps {
  /** EKS cluster to install on. */
  readonly cluster: ICluster;
  /** How the software is installed. */
  readonly installation: Installation;
  /** Groups of accelerator nodes. A fallback belongs to the pool of its group. */
  readonly groups: readonly EfaNodeGroup[];
  /** File system that jobs mount. @default - none */
  readonly fileSystem?: ILustreFileSystem;
  /** Images of the jobs. */
  readonly images: TrainingImages;
  /** Labels of the nodes that run controllers. These nodes must not have a taint. */
  readonly systemLabels: Readonly<Record<string, string>>;
  /** Charts that the existing cluster runs already. @default - a new cluster, which gets all charts */
  readonly existingCharts?: readonly SharedChart[];
}

const VARIABLES = {
  CLUSTER_NAME: 'Name of the EKS cluster',
  AWS_REGION: 'Region of the cluster',
  FILE_SYSTEM_ID: 'ID of the FSx for Lustre file system, fs-…',
  FILE_SYSTEM_DNS_NAME: 'DNS name of the file system',
  FILE_SYSTEM_MOUNT_NAME: 'Mount name of the file system',
} as const;

/**
 * Charts and manifests of a training cluster. The deployment installs them, or synthesis writes them next to the template for a GitOps tool.
 *
 * @example
 * ```ts
 * import { AwsMachine, ClusterSoftware, EfaNodeGroup, Installation } from 'ai-infra-constructs/aws';
 * import { App, Stack } from 'aws-cdk-lib';
 * import { Vpc } from 'aws-cdk-lib/aws-ec2';
 * import { Cluster } from 'aws-cdk-lib/aws-eks-v2';
 *
 * const stack = new Stack(new App(), 'Training');
 * const vpc = new Vpc(stack, 'Vpc');
 * const attributes = { clusterName: 'research', vpc, clusterSecurityGroupId: 'sg-0123456789abcdef0' };
 * const cluster = Cluster.fromClusterAttributes(stack, 'Cluster', attributes);
 * const nodes = new EfaNodeGroup(stack, 'Nodes', { cluster, machine: AwsMachine.P5_48XLARGE, nodes: 4 });
 * new ClusterSoftware(stack, 'Software', {
 *   cluster,
 *   installation: Installation.gitOps(),
 *   groups: [nodes],
 *   images: {},
 *   systemLabels: { role: 'system' },
 * });
 * ```
 */
export class ClusterSoftware extends Construct {
  /** What the deployment installs. Empty for GitOps. */
  public readonly installed: readonly Construct[];

  private bundled?: ManifestBundle;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ClusterSoftwareProps,
  ) {
    super(scope, id);
    checkSoftware(this, props);
    recordForeignAutoscaler(
      this,
      props.groups.map(({ capacity }) => capacity),
      props.existingCharts,
    );
    claimQueue(this, { cluster: props.cluster, isSame: isSameCluster });
    const { cluster, groups, images } = props;
    const identity = needsAutoscaler(props) ? this.letAutoscale(cluster, elasticNames(groups)) : undefined;
    this.installed = props.installation.byDeployment ? this.install(props) : [];
    // A pod gets its identity only when it is created.
    const autoscaler = this.node.tryFindChild('cluster-autoscaler');
    if (identity) autoscaler?.node.addDependency(identity);
    const acceptance = groups.flatMap((group) => this.acceptance(group, images));
    writeKubernetesFiles(this, () => ({
      ...(props.installation.byDeployment ? {} : bundleFiles(this.bundle)),
      ...Object.fromEntries(acceptance.map(([file, manifests]) => [file, manifestFile(manifests)])),
    }));
    this.outputValues(props);
    sharesCluster(this, {
      cluster,
      isSame: isSameCluster,
      contents: () => ({ pools: groups.map(({ name }) => name), releases: this.bundle.releases }),
    });
  }

  /** Charts and manifests, with variables for values that are known only at deployment. */
  get bundle(): ManifestBundle {
    this.bundled ??= withConstructPath(this, () => bundleOf(this.props));
    return this.bundled;
  }

  private install(props: ClusterSoftwareProps): Construct[] {
    const { cluster, groups, images } = props;
    const software = withConstructPath(this, () => trainingSoftware(groups, deploymentValues(props), images));
    return installSoftware(this, cluster, software);
  }

  private letAutoscale({ clusterName }: ICluster, names: readonly string[]): CfnPodIdentityAssociation {
    const role = podIdentityRole(this, 'AutoscalerRole');
    const policy = new ManagedPolicy(this, 'AutoscalerPolicy', { roles: [role] });
    const conditions = {
      StringEquals: { 'aws:ResourceTag/eks:cluster-name': clusterName, 'aws:ResourceTag/eks:nodegroup-name': names },
    };
    policy.addStatements(new PolicyStatement({ actions: AUTOSCALER_WRITES, resources: ['*'], conditions }));
    policy.addStatements(new PolicyStatement({ actions: AUTOSCALER_READS, resources: ['*'] }));
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
    const job = withConstructPath(this, () => acceptanceOf(group, images));
    if (!job) return [];
    const file = `acceptance-${group.name}.yaml`;
    new CfnOutput(this, `Acceptance-${group.name}`, {
      description: `Fabric test of ${group.nodes} ${group.machine.name}: apply ${file} once`,
      value: passCriterion(job.expected),
    });
    return [[file, job.manifests]];
  }

  private outputValues(props: ClusterSoftwareProps): void {
    const { clusterName, fileSystem } = deploymentValues(props);
    const values = {
      ClusterName: clusterName,
      KubernetesFiles: kubernetesFolder(this),
      FileSystemId: fileSystem?.id,
      FileSystemDnsName: fileSystem?.dnsName,
      FileSystemMountName: fileSystem?.mountName,
    };
    for (const [id, value] of Object.entries(values)) {
      if (value !== undefined) new CfnOutput(this, id, { value });
    }
  }
}

/** The service account that the chart of the autoscaler creates: `<release>-<cloud>-<chart>`. */
const AUTOSCALER_ACCOUNT = 'cluster-autoscaler-aws-cluster-autoscaler';

// Source: kubernetes/autoscaler, cluster-autoscaler/cloudprovider/aws/README.md; read 2026-11. The read actions do not support resource limits.
const AUTOSCALER_WRITES = ['autoscaling:SetDesiredCapacity', 'autoscaling:TerminateInstanceInAutoScalingGroup'];
const AUTOSCALER_READS = [
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

/** An autoscaler that the cluster runs already also discovers the new groups, by the tags that EKS sets. */
function needsAutoscaler({ groups, existingCharts }: ClusterSoftwareProps): boolean {
  return isElastic(groups) && !existingCharts?.includes('cluster-autoscaler');
}

function deploymentValues(props: ClusterSoftwareProps): DeploymentValues {
  const { cluster, fileSystem, systemLabels, existingCharts } = props;
  return {
    systemLabels,
    existingCharts,
    clusterName: cluster.clusterName,
    region: Aws.REGION,
    fileSystem: fileSystem && {
      id: fileSystem.fileSystemId,
      dnsName: fileSystem.dnsName,
      mountName: fileSystem.mountName,
    },
  };
}

function bundleOf({ groups, fileSystem, images, systemLabels, existingCharts }: ClusterSoftwareProps): ManifestBundle {
  const reference = (name: keyof typeof VARIABLES) => `\${${name}}`;
  const software = trainingSoftware(
    groups,
    {
      systemLabels,
      existingCharts,
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

/** Throws if the props of `ClusterSoftware` are invalid. */
export function checkSoftware(scope: Construct, props: ClusterSoftwareProps): void {
  const problems = new ProblemCollector();
  if (validateProps(problems, props, CLUSTER_SOFTWARE_PROPS)) {
    const { groups, systemLabels } = props;
    if (groups.length === 0) problems.add(NO_GROUP);
    checkSystemLabels(problems, systemLabels, Object.fromEntries(groups.map((group) => [group.name, group])));
  }
  problems.throwIfAny(scope);
}

const NO_GROUP: Problem = {
  code: 'GroupsMissing',
  prop: 'groups',
  allowed: 'a list of at least one group',
  got: [],
  fix: 'Pass the node groups of the cluster.',
};

/** Adds a problem if the labels of system nodes select no node, or also select accelerator nodes. */
export function checkSystemLabels(
  problems: ProblemCollector,
  systemLabels: Readonly<Record<string, string>>,
  groups: Readonly<Record<string, { readonly machine: AwsMachine }>>,
): void {
  const pools = Object.entries(groups).map(([name, { machine }]) => ({ name, nodeLabels: poolLabels(name, machine) }));
  checkLabels(problems, systemLabels, pools);
}
