import { RemovalPolicy } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { CfnEndpoint, type CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { SAGEMAKER_HOSTING } from '../../core/catalog/sagemaker-hosting';
import { AlertTopic } from '../operations/alert-topic';
import { EncryptedLogGroup } from '../operations/encrypted-log-group';
import { byModel, type PerModel } from './per-model';
import { deploymentConfig, updateOf } from './endpoint-update';
import type { EndpointAlarms } from './endpoint-alarms';
import { EndpointAutoscaling } from './endpoint-scaling';
import type { MetricSubject } from './endpoint-base';
import { componentName, logGroupName, type InferenceEndpointProps, kindOf } from './endpoint-options';
import type { EndpointRole } from './endpoint-role';
import { type HostedModel, InferenceComponent } from './inference-component';
import { hasLocalDisks } from './serving-host';
import type { ResolvedEndpoint } from './resolved-endpoint';

/** Input of the functions that create the parts of an endpoint. */
export interface BuildContext {
  readonly props: InferenceEndpointProps;
  readonly resolved: ResolvedEndpoint;
  readonly endpointName: string;
}

/** Creates a log group for each component, or one for the endpoint. A retained group would block the next one, which has the same name. */
export function createLogs(
  scope: Construct,
  { props, resolved, endpointName }: BuildContext,
): PerModel<EncryptedLogGroup> {
  const kind = kindOf(props).name;
  const create = (id: string, model: string) =>
    new EncryptedLogGroup(scope, id, {
      logGroupName: logGroupName(kind, endpointName, model),
      removalPolicy: RemovalPolicy.DESTROY,
    });
  if (kind === 'components') return byModel(resolved.models, ({ name }) => create(`Logs-${name}`, name));
  const shared = create('Logs', '');
  return byModel(resolved.models, () => shared);
}

/** Names of the log groups, without duplicates. */
export function logGroupNames({ props, resolved, endpointName }: BuildContext): string[] {
  const kind = kindOf(props).name;
  return [...new Set(resolved.models.map(({ name }) => logGroupName(kind, endpointName, name)))];
}

/** Returns the key of the volumes, if the instances have volumes and SageMaker accepts a key for them. */
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

/** Returns the topic for answers and failures. SageMaker publishes with its execution role. */
export function provideTopic(scope: Construct, { props }: BuildContext, access: EndpointRole): ITopic | undefined {
  const { asynchronousOptions } = kindOf(props);
  if (!asynchronousOptions) return undefined;
  const topic = asynchronousOptions.topic ?? new AlertTopic(scope, 'Notifications').topic;
  topic.grantPublish(access.policy);
  return topic;
}

/** Creates the endpoint. An update keeps the number of instances that scaling has set. */
export function createEndpoint(
  scope: Construct,
  { props, resolved, endpointName }: BuildContext,
  endpointConfigName: string,
  alarms: PerModel<EndpointAlarms>,
): CfnEndpoint {
  const kind = kindOf(props).name;
  const update = kind === 'components' ? undefined : updateOf(props, resolved.models[0]!);
  // Errors come first: with ten variants, the latency alarm of the first model would exceed the limit of alarms.
  const ofModels = Object.values(alarms);
  const watched = [...ofModels.map(({ errors }) => errors), ...ofModels.flatMap(({ latency }) => latency ?? [])];
  const { rollbackAlarms } = SAGEMAKER_HOSTING;
  return new CfnEndpoint(scope, 'Resource', {
    endpointName,
    endpointConfigName,
    retainAllVariantProperties: kind === 'serverless' ? undefined : true,
    deploymentConfig: update && deploymentConfig(update, watched.slice(0, rollbackAlarms.max)),
  });
}

/** Creates the inference component of each model. */
export function createComponents(
  scope: Construct,
  { props, resolved, endpointName }: BuildContext,
  models: PerModel<HostedModel>,
  alarms: PerModel<EndpointAlarms>,
): PerModel<InferenceComponent> {
  const { componentsOptions } = kindOf(props);
  if (!componentsOptions) return {};
  return byModel(
    resolved.models,
    (one) =>
      new InferenceComponent(scope, `Component-${one.name}`, {
        endpointName,
        componentName: componentName(endpointName, one.name),
        modelName: models[one.name]!.resource.attrModelName,
        resolved: one,
        cached: componentsOptions.cached ?? true,
        update: updateOf(props, one),
        alarms: alarms[one.name]!.all,
      }),
  );
}

/** Creates autoscaling for each model that has a range or a schedule. */
export function createScaling(
  scope: Construct,
  { props, resolved }: BuildContext,
  subjects: PerModel<MetricSubject>,
): PerModel<EndpointAutoscaling> {
  const { scaling } = props;
  const scales = resolved.models.filter(
    ({ limits }) =>
      kindOf(props).scales && (limits.minReplicas < limits.maxReplicas || (scaling?.schedule ?? []).length > 0),
  );
  return byModel(
    scales,
    ({ name, limits }) =>
      new EndpointAutoscaling(scope, `Scaling-${name}`, { subject: subjects[name]!, limits, scaling }),
  );
}

/** Parts of an endpoint that depend on each other. */
export interface EndpointParts {
  readonly access: EndpointRole;
  readonly logs: PerModel<EncryptedLogGroup>;
  readonly config: CfnEndpointConfig;
  readonly resource: CfnEndpoint;
  readonly components: PerModel<InferenceComponent>;
  readonly scaling: PerModel<EndpointAutoscaling>;
}

/** Adds dependencies, because the parts refer to each other by name: logs, permissions, the endpoint, its components, their scaling. */
export function orderParts({ access, logs, config, resource, components, scaling }: EndpointParts): void {
  config.node.addDependency(access);
  resource.node.addDependency(...new Set(Object.values(logs)));
  for (const component of Object.values(components)) component.node.addDependency(resource);
  for (const [name, scaled] of Object.entries(scaling)) scaled.node.addDependency(components[name] ?? resource);
}
