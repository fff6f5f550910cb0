import { RemovalPolicy } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { CfnEndpoint, type CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { SAGEMAKER_HOSTING } from '../../core/catalog/sagemaker-hosting';
import { AlertTopic } from '../operations/alert-topic';
import { EncryptedLogGroup } from '../operations/encrypted-log-group';
import { byModel, type ByModel } from './by-model';
import { deploymentConfig, updateOf } from './deployment-config';
import type { EndpointAlarms } from './endpoint-alarms';
import { EndpointAutoscaling } from './endpoint-autoscaling';
import type { MetricSubject } from './endpoint-metrics';
import { componentName, logGroupName } from './endpoint-names';
import { type InferenceEndpointProps, kindOf } from './endpoint-options';
import type { EndpointRole } from './endpoint-role';
import type { HostedModel } from './hosted-model';
import { InferenceComponent } from './inference-component';
import { hasLocalDisks } from './serving-host';
import type { SettledEndpoint } from './settled-endpoint';

/** What the parts of an endpoint are made from. */
export interface BuildContext {
  readonly props: InferenceEndpointProps;
  readonly settled: SettledEndpoint;
  readonly endpointName: string;
}

/** A log group for each component, or one for the whole endpoint. A named one that stayed would be in the way of the next. */
export function createLogs(
  scope: Construct,
  { props, settled, endpointName }: BuildContext,
): ByModel<EncryptedLogGroup> {
  const kind = kindOf(props).name;
  const create = (id: string, model: string) =>
    new EncryptedLogGroup(scope, id, {
      logGroupName: logGroupName(kind, endpointName, model),
      removalPolicy: RemovalPolicy.DESTROY,
    });
  if (kind === 'components') return byModel(settled.models, ({ name }) => create(`Logs-${name}`, name));
  const shared = create('Logs', '');
  return byModel(settled.models, () => shared);
}

/** Names of the log groups, each once. */
export function logGroupNames({ props, settled, endpointName }: BuildContext): string[] {
  const kind = kindOf(props).name;
  return [...new Set(settled.models.map(({ name }) => logGroupName(kind, endpointName, name)))];
}

/** The key of the volumes, where there are volumes and SageMaker takes a key for them. */
export function provideVolumeKey(scope: Construct, { props }: BuildContext, access: EndpointRole): IKey | undefined {
  const { machine, encryptionKey } = props;
  if (!encryptionKey && (!machine || hasLocalDisks(machine) !== false)) return undefined;
  const key =
    encryptionKey ?? new Key(scope, 'VolumeKey', { enableKeyRotation: true, removalPolicy: RemovalPolicy.DESTROY });
  key.grantEncryptDecrypt(access.policy);
  access.policy.addStatements(
    new PolicyStatement({
      effect: Effect.ALLOW,
      actions: ['kms:CreateGrant'],
      resources: [key.keyArn],
      conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    }),
  );
  return key;
}

/** Who is told of answers and failures: SageMaker publishes in the name of its role. */
export function provideTopic(scope: Construct, { props }: BuildContext, access: EndpointRole): ITopic | undefined {
  const { asynchronous } = kindOf(props);
  if (!asynchronous) return undefined;
  const topic = asynchronous.topic ?? new AlertTopic(scope, 'Notifications').topic;
  topic.grantPublish(access.policy);
  return topic;
}

/** The endpoint itself, which keeps the instances that scaling gave it when it is updated. */
export function createEndpoint(
  scope: Construct,
  { props, settled, endpointName }: BuildContext,
  endpointConfigName: string,
  alarms: ByModel<EndpointAlarms>,
): CfnEndpoint {
  const kind = kindOf(props).name;
  const update = kind === 'components' ? undefined : updateOf(props, settled.models[0]!);
  // Errors of each of ten variants come before the latency of the first, which has no place beside ten.
  const ofModels = Object.values(alarms);
  const watched = [...ofModels.map(({ errors }) => errors), ...ofModels.flatMap(({ latency }) => latency ?? [])];
  const { rollbackAlarms } = SAGEMAKER_HOSTING;
  return new CfnEndpoint(scope, 'Resource', {
    endpointName,
    endpointConfigName,
    retainAllVariantProperties: kind === 'serverless' ? undefined : true,
    deploymentConfig: update && deploymentConfig(update, watched.slice(0, rollbackAlarms.most)),
  });
}

/** Copies of each model on the fleet. */
export function createComponents(
  scope: Construct,
  { props, settled, endpointName }: BuildContext,
  models: ByModel<HostedModel>,
  alarms: ByModel<EndpointAlarms>,
): ByModel<InferenceComponent> {
  const { components } = kindOf(props);
  if (!components) return {};
  return byModel(
    settled.models,
    (one) =>
      new InferenceComponent(scope, `Component-${one.name}`, {
        endpointName,
        componentName: componentName(endpointName, one.name),
        modelName: models[one.name]!.resource.attrModelName,
        settled: one,
        cached: components.cached ?? true,
        update: updateOf(props, one),
        alarms: alarms[one.name]!.all,
      }),
  );
}

/** What scales each model, where there is anything to scale. */
export function createScaling(
  scope: Construct,
  { props, settled }: BuildContext,
  subjects: ByModel<MetricSubject>,
): ByModel<EndpointAutoscaling> {
  const { scaling } = props;
  const scales = settled.models.filter(
    ({ limits }) => kindOf(props).scales && (limits.minimum < limits.maximum || (scaling?.schedule ?? []).length > 0),
  );
  return byModel(
    scales,
    ({ name, limits }) =>
      new EndpointAutoscaling(scope, `Scaling-${name}`, { subject: subjects[name]!, limits, scaling }),
  );
}

/** What an endpoint is made of, where one thing waits for another. */
export interface EndpointParts {
  readonly access: EndpointRole;
  readonly logs: ByModel<EncryptedLogGroup>;
  readonly config: CfnEndpointConfig;
  readonly resource: CfnEndpoint;
  readonly components: ByModel<InferenceComponent>;
  readonly scaling: ByModel<EndpointAutoscaling>;
}

/** Names are known before things are, so the order is stated: logs, rights, the endpoint, its components, what scales them. */
export function orderParts({ access, logs, config, resource, components, scaling }: EndpointParts): void {
  config.node.addDependency(access);
  resource.node.addDependency(...new Set(Object.values(logs)));
  for (const component of Object.values(components)) component.node.addDependency(resource);
  for (const [name, scaled] of Object.entries(scaling)) scaled.node.addDependency(components[name] ?? resource);
}
