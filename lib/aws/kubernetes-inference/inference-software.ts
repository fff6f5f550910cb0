import { Aws, CfnOutput, Lazy } from 'aws-cdk-lib';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { withConstructPath } from '../../core/errors';
import { sharesCluster } from '../../core/shared-cluster';
import { isSameCluster } from '../cluster/cluster-source';
import { bundleFiles, type ManifestBundle } from '../../kubernetes';
import { installSoftware, kubernetesFolder, writeKubernetesFiles } from '../cluster/installation';
import type { EfaNodeGroup } from '../nodes/efa-node-group';
import { inferenceManifests, type InferenceManifests, type InferenceValues } from './inference-manifests';
import type { InternalLoadBalancer } from './serving-ingress';
import type { KarpenterNodes } from './serving-nodes';
import type { ResolvedInference } from './resolved-inference';

/** Properties for `InferenceSoftware`. */
export interface InferenceSoftwareProps {
  /** Resolved settings. */
  readonly sized: ResolvedInference;
  /** Cluster to install on. */
  readonly cluster: ICluster;
  /** VPC of the cluster. */
  readonly vpc: IVpc;
  /** Managed node group. @default - Karpenter creates the nodes */
  readonly group?: EfaNodeGroup;
  /** Karpenter resources. @default - a managed node group creates the nodes */
  readonly karpenter?: KarpenterNodes;
  /** Subnets for Karpenter nodes. */
  readonly subnetIds: readonly string[];
  /** The load balancer. @default - there is no load balancer */
  readonly balancer?: InternalLoadBalancer;
}

const VARIABLES = {
  CLUSTER_NAME: 'Name of the EKS cluster',
  AWS_REGION: 'Region of the cluster',
  VPC_ID: 'ID of the VPC of the cluster',
  VPC_CIDR: 'CIDR block of that VPC',
  INSTANCE_PROFILE: 'Instance profile of the accelerator nodes',
  NODE_SECURITY_GROUP: 'Security group of the cluster, sg-…',
  CAPACITY_RESERVATION: 'Capacity reservation of the nodes, cr-…',
  VOLUME_KEY: 'ARN of the KMS key of the boot disks',
  INTERRUPTION_QUEUE: 'Name of the queue with interruption notices for Karpenter',
  TARGET_GROUP: 'ARN of the target group of the load balancer',
  MODEL_ADDRESS: 'S3 URI of the model, s3://…, without a slash at the end',
} as const;

/** Charts and manifests of a model, which the deployment installs or writes to files for GitOps. */
export class InferenceSoftware extends Construct {
  /** Constructs that install the software, the manifests last. Empty with `Installation.gitOps()`. */
  public readonly installed: readonly Construct[];

  /** @internal */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: InferenceSoftwareProps,
  ) {
    super(scope, id);
    const { sized, cluster } = props;
    const byDeployment = sized.props.installation.byDeployment;
    this.installed = byDeployment
      ? installSoftware(
          this,
          cluster,
          withConstructPath(this, () => this.render(this.values())),
        )
      : [];
    writeKubernetesFiles(this, () => (byDeployment ? {} : bundleFiles(this.bundle)));
    this.outputValues(byDeployment);
    sharesCluster(this, {
      cluster,
      isSame: isSameCluster,
      contents: () => ({ pools: [sized.props.name], releases: this.bundle.releases }),
    });
  }

  /** Charts and manifests with variables for values that are known only at deployment. */
  get bundle(): ManifestBundle {
    return withConstructPath(this, () => {
      const software = this.render(this.references());
      const text = JSON.stringify(software);
      const used = Object.entries(VARIABLES).filter(([name]) => text.includes(`\${${name}}`));
      const subnets = this.subnetVariables().filter(([name]) => text.includes(`\${${name}}`));
      return { ...software, variables: Object.fromEntries([...used, ...subnets]) };
    });
  }

  private render(values: InferenceValues): InferenceManifests {
    return inferenceManifests(this.props.sized, values, this.props.group);
  }

  private values(): InferenceValues {
    const { cluster, vpc, karpenter, balancer, subnetIds, sized } = this.props;
    return {
      clusterName: cluster.clusterName,
      region: Aws.REGION,
      vpcId: vpc.vpcId,
      vpcCidr: balancer && vpc.vpcCidrBlock,
      interruptionQueue: karpenter?.interruptionQueue?.queueName,
      targetGroupArn: balancer?.targetGroup.targetGroupArn,
      modelAddress: sized.props.model.address,
      karpenter: karpenter && {
        instanceProfile: karpenter.instanceProfile.ref,
        subnetIds,
        securityGroupId: cluster.clusterSecurityGroup.securityGroupId,
        reservationId: karpenter.reservation?.ref ?? sized.props.capacity.reservationId,
        volumeKey: sized.props.bootDiskKey?.keyArn,
        // An aspect adds the tags after construction.
        tags: Lazy.any({ produce: () => karpenter.tags.tagValues() }),
      },
    };
  }

  private references(): InferenceValues {
    const { karpenter } = this.props;
    const reference = (name: keyof typeof VARIABLES) => `\${${name}}`;
    const known = this.values();
    const ifKnown = (value: unknown, name: keyof typeof VARIABLES) =>
      value === undefined ? undefined : reference(name);
    return {
      clusterName: reference('CLUSTER_NAME'),
      region: reference('AWS_REGION'),
      vpcId: reference('VPC_ID'),
      vpcCidr: ifKnown(known.vpcCidr, 'VPC_CIDR'),
      interruptionQueue: ifKnown(known.interruptionQueue, 'INTERRUPTION_QUEUE'),
      targetGroupArn: ifKnown(known.targetGroupArn, 'TARGET_GROUP'),
      modelAddress: ifKnown(known.modelAddress, 'MODEL_ADDRESS'),
      karpenter: karpenter && {
        instanceProfile: reference('INSTANCE_PROFILE'),
        subnetIds: this.subnetVariables().map(([name]) => `\${${name}}`),
        securityGroupId: reference('NODE_SECURITY_GROUP'),
        reservationId: ifKnown(known.karpenter?.reservationId, 'CAPACITY_RESERVATION'),
        volumeKey: ifKnown(known.karpenter?.volumeKey, 'VOLUME_KEY'),
        tags: karpenter.tags.tagValues(),
      },
    };
  }

  private subnetVariables(): [name: string, meaning: string][] {
    return this.props.subnetIds.map((_, index) => [`SUBNET_${index + 1}`, 'ID of a subnet of the nodes, subnet-…']);
  }

  /** Writes the values of the variables to outputs of the stack. */
  private outputValues(byDeployment: boolean): void {
    if (byDeployment) return;
    const { clusterName, region, vpcId, karpenter, ...rest } = this.values();
    const values: Record<string, string | undefined> = {
      ...{ ClusterName: clusterName, KubernetesFiles: kubernetesFolder(this), Region: region, VpcId: vpcId },
      ...{ VpcCidr: rest.vpcCidr, InterruptionQueue: rest.interruptionQueue, TargetGroup: rest.targetGroupArn },
      ModelAddress: rest.modelAddress,
      ...{ InstanceProfile: karpenter?.instanceProfile, NodeSecurityGroup: karpenter?.securityGroupId },
      ...{ CapacityReservation: karpenter?.reservationId, VolumeKey: karpenter?.volumeKey },
      ...Object.fromEntries((karpenter?.subnetIds ?? []).map((subnetId, index) => [`Subnet${index + 1}`, subnetId])),
    };
    for (const [id, value] of Object.entries(values)) if (value !== undefined) new CfnOutput(this, id, { value });
  }
}
