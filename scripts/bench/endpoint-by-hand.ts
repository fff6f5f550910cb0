import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnEndpoint, CfnEndpointConfig, CfnInferenceComponent, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { rights } from './by-hand/endpoint-rights';
import { network, TAG } from './by-hand/endpoint-surroundings';
import { errors, scaling } from './by-hand/endpoint-watch';
import { encryptedLogGroup } from './by-hand/logs';

const NAME = 'inference-endpoint';
const COMPONENT = `${NAME}-chat`;
const PREFIX = 'llama-3.1-8b/2026-11-01/';

/** The resources of the endpoint, written by hand with the AWS CDK only. */
export function build(): App {
  const app = new App();
  const stack = new Stack(app, 'Inference');
  const vpc = network(stack);
  const bucket = Bucket.fromBucketName(stack, 'Models', 'atlas-models');
  const logGroupName = `/aws/sagemaker/InferenceComponents/${COMPONENT}`;
  const logs = encryptedLogGroup(stack, 'Logs', { logGroupName, removalPolicy: RemovalPolicy.DESTROY });
  const { role, policy, image } = rights(stack, bucket, PREFIX, logGroupName, TAG);
  const group = new SecurityGroup(stack, 'SecurityGroup', {
    vpc,
    description: 'Containers that serve models: nothing in, HTTPS out',
    allowAllOutbound: false,
  });
  group.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'Models from S3');
  const vpcConfig = {
    securityGroupIds: [group.securityGroupId],
    subnets: vpc.privateSubnets.map(({ subnetId }) => subnetId),
  };

  const model = new CfnModel(stack, 'Model', {
    executionRoleArn: role.roleArn,
    enableNetworkIsolation: true,
    vpcConfig,
    primaryContainer: {
      image,
      environment: {
        SM_VLLM_MODEL: '/opt/ml/model',
        SM_VLLM_TENSOR_PARALLEL_SIZE: '1',
        SM_VLLM_MAX_MODEL_LEN: '16384',
      },
      modelDataSource: {
        s3DataSource: {
          s3Uri: `s3://${bucket.bucketName}/${PREFIX}`,
          s3DataType: 'S3Prefix',
          compressionType: 'None',
        },
      },
    },
    tags: [{ key: 'model-version', value: '2026-11-01' }],
  });
  const alarm = errors(stack, COMPONENT);
  const config = new CfnEndpointConfig(stack, 'Config', {
    executionRoleArn: role.roleArn,
    enableNetworkIsolation: true,
    vpcConfig,
    productionVariants: [
      {
        variantName: 'fleet',
        instanceType: 'ml.g6e.2xlarge',
        initialInstanceCount: 3,
        inferenceAmiVersion: 'al2023-ami-sagemaker-inference-gpu-4-1',
        managedInstanceScaling: { status: 'ENABLED', minInstanceCount: 3, maxInstanceCount: 6 },
        routingConfig: { routingStrategy: 'LEAST_OUTSTANDING_REQUESTS' },
      },
    ],
  });
  const endpoint = new CfnEndpoint(stack, 'Endpoint', {
    endpointName: NAME,
    endpointConfigName: config.attrEndpointConfigName,
    retainAllVariantProperties: true,
  });
  const component = serve(stack, model, alarm.alarmName);
  for (const one of [model, config]) one.node.addDependency(role, policy);
  endpoint.node.addDependency(logs);
  component.node.addDependency(endpoint);
  scaling(stack, COMPONENT).node.addDependency(component);
  return app;
}

function serve(stack: Stack, model: CfnModel, alarmName: string): CfnInferenceComponent {
  return new CfnInferenceComponent(stack, 'Component', {
    inferenceComponentName: COMPONENT,
    endpointName: NAME,
    variantName: 'fleet',
    runtimeConfig: { copyCount: 3 },
    specification: {
      modelName: model.attrModelName,
      computeResourceRequirements: { numberOfAcceleratorDevicesRequired: 1, minMemoryRequiredInMb: 32_768 },
      dataCacheConfig: { enableCaching: true },
      startupParameters: {
        containerStartupHealthCheckTimeoutInSeconds: 720,
        modelDataDownloadTimeoutInSeconds: 300,
      },
    },
    deploymentConfig: {
      autoRollbackConfiguration: { alarms: [{ alarmName }] },
      rollingUpdatePolicy: {
        maximumBatchSize: { type: 'CAPACITY_PERCENT', value: 50 },
        waitIntervalInSeconds: 300,
      },
    },
  });
}
