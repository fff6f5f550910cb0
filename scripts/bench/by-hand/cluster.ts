import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  Cluster,
  ClusterLoggingTypes,
  DefaultCapacityType,
  EndpointAccess,
  KubernetesVersion,
} from 'aws-cdk-lib/aws-eks-v2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { KubectlV36Layer } from '@aws-cdk/lambda-layer-kubectl-v36';
import type { Construct } from 'constructs';

/** A private EKS cluster with its own key for secrets. */
export function controlPlane(stack: Construct, vpc: Vpc): Cluster {
  const secretsEncryptionKey = new Key(stack, 'SecretsKey', {
    description: 'Kubernetes secrets',
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const cluster = new Cluster(stack, 'Cluster', {
    vpc,
    vpcSubnets: [{ subnets: vpc.privateSubnets }],
    version: KubernetesVersion.V1_36,
    serviceIpv4Cidr: '172.20.0.0/16',
    endpointAccess: EndpointAccess.PRIVATE,
    secretsEncryptionKey,
    clusterLogging: Object.values(ClusterLoggingTypes),
    bootstrapSelfManagedAddons: false,
    bootstrapClusterCreatorAdminPermissions: false,
    defaultCapacityType: DefaultCapacityType.NODEGROUP,
    defaultCapacity: 0,
    outputConfigCommand: false,
    kubectlProviderOptions: {
      kubectlLayer: new KubectlV36Layer(stack, 'Kubectl'),
      privateSubnets: vpc.privateSubnets,
    },
  });
  Validations.of(cluster).acknowledge({
    id: 'CloudFormation-Validate::W9009',
    reason: 'The EKS API requires resources in the encryption config.',
  });
  return cluster;
}
