import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { isKnown } from '../../terraform/tokens';
import { checkAlertEmails } from '../../terraform/alert-emails';
import { checkProviders } from '../../terraform/provider-checks';
import { AzapiResource } from '../provider/azapi';
import { ML_READING, ML_TYPES } from './workspace-bodies';
import { monitorBody } from './model-monitor-body';
import { checkIdentity } from './work-identity';
import { MODEL_MONITOR_PROPS } from '../prop-schemas';
import type { ITerraformDependable } from 'cdktf';
import type { IManagedIdentity } from '../operations/identity';
import type { IMachineLearningWorkspace } from './workspace-attributes';

/** An endpoint whose models can be monitored, such as an `InferenceEndpoint`. */
export interface IMonitoredEndpoint {
  /** Resource id of the endpoint. */
  readonly id: string;
  /** Name of the endpoint. */
  readonly endpointName: string;
  /** Workspace of the endpoint. */
  readonly workspace: IMachineLearningWorkspace;
  /** Names of the models with data capture. */
  readonly monitorable: readonly string[];
  /** Resources that must exist before the monitor. @default - none: the endpoint exists already */
  readonly ready?: readonly ITerraformDependable[];
}

/** Training data of a model. */
export interface ReferenceData {
  /** Name of a data asset of type mltable in the workspace. */
  readonly name: string;
  /** Version of the data asset. */
  readonly version: string;
  /** Column that the model predicts. @default - none: prediction drift is measured against earlier predictions */
  readonly targetColumn?: string;
}

/** Type of prediction of a model. */
export enum MonitorTask {
  /** The model predicts a class. */
  CLASSIFICATION = 'classification',
  /** The model predicts a number. */
  REGRESSION = 'regression',
}

/** Frequency of a monitor. */
export enum MonitorFrequency {
  /** Every day. */
  DAILY = 'daily',
  /** Every Monday. */
  WEEKLY = 'weekly',
}

/** Properties for `ModelMonitor`. */
export interface ModelMonitorProps {
  /** Endpoint of the model. */
  readonly endpoint: IMonitoredEndpoint;
  /** Name of the model on the endpoint. @default - the first model with data capture */
  readonly model?: string;
  /** Type of prediction of the model. */
  readonly task: MonitorTask;
  /** Email addresses that receive an alert when a threshold is exceeded. */
  readonly alertEmails: readonly string[];
  /** Data to compare inputs with. @default - the inputs of the previous week */
  readonly reference?: ReferenceData;
  /** Frequency of the monitor. @default MonitorFrequency.DAILY */
  readonly frequency?: MonitorFrequency;
  /** Hour of the run in UTC, 0 to 23. @default 3 */
  readonly hour?: number;
  /** Distance between distributions that triggers an alert, greater than 0 and at most 1. @default 0.1 */
  readonly driftThreshold?: number;
  /** Spark machine type. @default Standard_E4s_v3 */
  readonly sparkMachine?: SparkMachine;
  /** Identity of the monitor. It must be able to read and write the storage of the workspace. @default - the identity of the workspace */
  readonly identity?: IManagedIdentity;
}

/** Machine types for monitors. @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-monitor-model-performance */
export type SparkMachine =
  'Standard_E4s_v3' | 'Standard_E8s_v3' | 'Standard_E16s_v3' | 'Standard_E32s_v3' | 'Standard_E64s_v3';

/**
 * A model monitor: checks data drift, prediction drift, and data quality every day or week, and sends alerts by email.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/concept-model-monitoring
 *
 * @example
 * ```ts
 * import type { Construct } from 'constructs';
 * import { type InferenceEndpoint, ModelMonitor, MonitorTask } from 'ai-infra-constructs/azure';
 *
 * export function addMonitor(scope: Construct, endpoint: InferenceEndpoint): ModelMonitor {
 *   return new ModelMonitor(scope, 'Monitor', {
 *     endpoint,
 *     task: MonitorTask.CLASSIFICATION,
 *     alertEmails: ['ml-platform@example.com'],
 *   });
 * }
 * ```
 */
export class ModelMonitor extends Construct {
  /** The monitoring schedule. */
  public readonly resource: AzapiResource;
  /** Name of the monitored model. */
  public readonly model: string;

  constructor(scope: Construct, id: string, props: ModelMonitorProps) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    if (validateProps(problems, props, MODEL_MONITOR_PROPS)) checkMonitor(problems, props);
    problems.throwIfAny(this);
    const { endpoint, identity = endpoint.workspace.identity } = props;
    this.model = props.model ?? endpoint.monitorable[0]!;
    const name = physicalName(this);
    this.resource = new AzapiResource(this, 'Resource', {
      type: ML_TYPES.schedule,
      ...ML_READING,
      name,
      parentId: endpoint.workspace.id,
      body: monitorBody(props, { name, model: this.model, identity: identity! }),
      dependsOn: [...(endpoint.ready ?? [])],
    });
  }
}

/** Adds each problem of a monitor. The props must have the right types. */
export function checkMonitor(problems: ProblemCollector, props: ModelMonitorProps): void {
  const { endpoint, model, alertEmails, hour, driftThreshold, identity } = props;
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'MonitorInvalid', prop, allowed, got, fix });
  checkModel(problems, endpoint.monitorable, model);
  if (alertEmails.length === 0) wrong('alertEmails', 'at least one email address', alertEmails, 'Add an address.');
  checkAlertEmails(problems, 'alertEmails', alertEmails);
  if (isKnown(problems, 'hour', hour) && !(Number.isInteger(hour) && hour >= 0 && hour <= 23)) {
    wrong('hour', 'a whole number from 0 to 23', hour, 'Use an hour in UTC.');
  }
  if (isKnown(problems, 'driftThreshold', driftThreshold) && !(driftThreshold > 0 && driftThreshold <= 1)) {
    wrong('driftThreshold', 'greater than 0 and at most 1', driftThreshold, 'Use a value such as 0.2.');
  }
  checkIdentity(problems, 'identity', identity);
  if (identity || endpoint.workspace.identity) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'identity',
    allowed: 'an identity, because the identity of the workspace is unknown',
    got: undefined,
    fix: 'Use an identity that is assigned to the workspace and can write to its storage account.',
  });
}

function checkModel(problems: ProblemCollector, monitorable: readonly string[], model: string | undefined): void {
  if (model === undefined ? monitorable.length > 0 : monitorable.includes(model)) return;
  problems.add({
    code: 'MonitorInvalid',
    prop: model === undefined ? 'endpoint' : 'model',
    allowed:
      monitorable.length > 0
        ? `one of ${monitorable.join(', ')}`
        : 'an endpoint with dataCapture, and with a model in an MLflow or registered container',
    got: model ?? monitorable,
    fix: 'Set dataCapture: {} on the endpoint, and use ServingContainer.mlflow() or ServingContainer.registered().',
  });
}
