import { Aws, CfnOutput, Lazy } from 'aws-cdk-lib';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { located } from '../../core/errors';
import { bundleFiles, type ManifestBundle } from '../../kubernetes';
import { installSoftware, kubernetesFolder, writeKubernetesFiles } from '../cluster/software-delivery';
import type { EfaNodeGroup } from '../nodes/efa-node-group';
import { inferenceManifests, type InferenceManifests, type InferenceValues } from './inference-manifests';
import type { InternalLoadBalancer } from './internal-load-balancer';
import type { KarpenterNodes } from './karpenter-nodes';
import type { SizedInference } from './sized-inference';

/** Properties for `InferenceSoftware`. */
export interface InferenceSoftwareProps {
  readonly sized: SizedInference;
  readonly cluster: ICluster;
  readonly vpc: IVpc;
  /** Of the machines. @default - Karpenter makes them */
  readonly group?: EfaNodeGroup;
  /** @default - a managed group makes the machines */
  readonly karpenter?: KarpenterNodes;
  /** Subnets that Karpenter may use. */
  readonly subnetIds: readonly string[];
  /** @default - there is none */
  readonly balancer?: InternalLoadBalancer;
}

const VARIABLES = {
  CLUSTER_NAME: 'Name of the EKS cluster',
  AWS_REGION: 'Region of the cluster',
  VPC_ID: 'Id of the VPC of the cluster',
  VPC_CIDR: 'Addresses of that VPC',
  INSTANCE_PROFILE: 'Instance profile of the accelerator machines',
  NODE_SECURITY_GROUP: 'Security group of the cluster, sg-…',
  CAPACITY_RESERVATION: 'Capacity reservation of the machines, cr-…',
  VOLUME_KEY: 'ARN of the key of root volumes',
  INTERRUPTION_QUEUE: 'Name of the queue that tells Karpenter of interruptions',
  TARGET_GROUP: 'ARN of the target group of the load balancer',
  MODEL_ADDRESS: 'Where the model is, s3://…, without a slash at its end',
} as const;

/** Charts and manifests of a model: installed by the deployment, or written beside the template for whoever installs. */
export class InferenceSoftware extends Construct {
  /** What the deployment installs, the objects last. Empty where someone else installs. */
  public readonly installed: readonly Construct[];

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
          located(this, () => this.render(this.values())),
        )
      : [];
    writeKubernetesFiles(this, () => (byDeployment ? {} : bundleFiles(this.bundle)));
    this.outputValues(byDeployment);
  }

  /** The charts and manifests with variables for what only a deployment knows. */
  get bundle(): ManifestBundle {
    return located(this, () => {
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
        volumeKey: sized.props.volumeKey?.keyArn,
        // Tags arrive as an aspect after construction.
        tags: Lazy.any({ produce: () => karpenter.tags.tagValues() }),
      },
    };
  }

  private references(): InferenceValues {
    const { karpenter } = this.props;
    const reference = (name: keyof typeof VARIABLES) => `\${${name}}`;
    const known = this.values();
    const where = (value: unknown, name: keyof typeof VARIABLES) => (value === undefined ? undefined : reference(name));
    return {
      clusterName: reference('CLUSTER_NAME'),
      region: reference('AWS_REGION'),
      vpcId: reference('VPC_ID'),
      vpcCidr: where(known.vpcCidr, 'VPC_CIDR'),
      interruptionQueue: where(known.interruptionQueue, 'INTERRUPTION_QUEUE'),
      targetGroupArn: where(known.targetGroupArn, 'TARGET_GROUP'),
      modelAddress: where(known.modelAddress, 'MODEL_ADDRESS'),
      karpenter: karpenter && {
        instanceProfile: reference('INSTANCE_PROFILE'),
        subnetIds: this.subnetVariables().map(([name]) => `\${${name}}`),
        securityGroupId: reference('NODE_SECURITY_GROUP'),
        reservationId: where(known.karpenter?.reservationId, 'CAPACITY_RESERVATION'),
        volumeKey: where(known.karpenter?.volumeKey, 'VOLUME_KEY'),
        tags: karpenter.tags.tagValues(),
      },
    };
  }

  private subnetVariables(): [name: string, meaning: string][] {
    return this.props.subnetIds.map((_, index) => [`SUBNET_${index + 1}`, 'Id of a subnet of the machines, subnet-…']);
  }

  /** What whoever installs must put in, under the names of the variables. */
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
