import type { IManagedIdentity } from '../operations/identity';
import { collectedId } from './bodies';
import { MonitorFrequency, type ModelMonitorProps, MonitorTask, type ReferenceData } from './model-monitor';

interface Threshold {
  readonly dataType: 'Numerical' | 'Categorical';
  readonly metric: string;
  readonly threshold: { readonly value: number };
}

interface Input {
  readonly inputDataType: 'Rolling' | 'Fixed';
  readonly jobInputType: 'uri_folder' | 'mltable';
  readonly uri: string;
  readonly dataContext: 'model_inputs' | 'model_outputs' | 'training';
  readonly columns?: Readonly<Record<string, string>>;
  readonly windowOffset?: string;
  readonly windowSize?: string;
}

interface Signal {
  readonly signalType: 'DataDrift' | 'PredictionDrift' | 'DataQuality';
  readonly productionData: Input;
  readonly referenceData: Input;
  readonly metricThresholds: readonly Threshold[];
  readonly features?: { readonly filterType: 'AllFeatures' };
  readonly notificationTypes: readonly 'AmlNotification'[];
}

/** Request body of a monitor, in API version 2026-05-01. */
export interface ModelMonitorBody {
  readonly properties: {
    readonly displayName: string;
    readonly isEnabled: true;
    readonly trigger: {
      readonly triggerType: 'Recurrence';
      readonly frequency: 'Day' | 'Week';
      readonly interval: 1;
      readonly timeZone: 'UTC';
      readonly schedule: {
        readonly hours: readonly number[];
        readonly minutes: readonly number[];
        readonly weekDays?: readonly 'Monday'[];
      };
    };
    readonly action: {
      readonly actionType: 'CreateMonitor';
      readonly monitorDefinition: {
        readonly computeConfiguration: {
          readonly computeType: 'ServerlessSpark';
          readonly instanceType: string;
          readonly runtimeVersion: string;
          readonly computeIdentity: {
            readonly computeIdentityType: 'ManagedIdentity';
            readonly identity: {
              readonly type: 'UserAssigned';
              readonly userAssignedIdentities: Readonly<Record<string, object>>;
            };
          };
        };
        readonly monitoringTarget: {
          readonly deploymentId: string;
          readonly taskType: 'Classification' | 'Regression';
        };
        readonly signals: Readonly<Record<string, Signal>>;
        readonly alertNotificationSettings: {
          readonly emailNotificationSettings: { readonly emails: readonly string[] };
        };
      };
    };
  };
}

/** Resolved values of a monitor. */
export interface MonitorBodyContext {
  /** Name of the monitor. */
  readonly name: string;
  /** Name of the model. */
  readonly model: string;
  /** Identity of the monitor. */
  readonly identity: IManagedIdentity;
}

/** Source: azure-ai-docs, how-to-monitor-model-performance.md, whose examples have 3.3. */
const SPARK_VERSION = '3.3';
const DEFAULT_DRIFT = 0.1;
const DEFAULT_HOUR = 3;

/** Returns the request body of a monitor. */
export function monitorBody(props: ModelMonitorProps, { name, model, identity }: MonitorBodyContext): ModelMonitorBody {
  const { endpoint, frequency = MonitorFrequency.DAILY, hour = DEFAULT_HOUR, sparkMachine = 'Standard_E4s_v3' } = props;
  const weekly = frequency === MonitorFrequency.WEEKLY;
  return {
    properties: {
      displayName: name,
      isEnabled: true,
      trigger: {
        triggerType: 'Recurrence',
        frequency: weekly ? 'Week' : 'Day',
        interval: 1,
        timeZone: 'UTC',
        schedule: { hours: [hour], minutes: [0], weekDays: weekly ? ['Monday'] : undefined },
      },
      action: {
        actionType: 'CreateMonitor',
        monitorDefinition: {
          computeConfiguration: {
            computeType: 'ServerlessSpark',
            instanceType: sparkMachine.toLowerCase(),
            runtimeVersion: SPARK_VERSION,
            computeIdentity: {
              computeIdentityType: 'ManagedIdentity',
              identity: { type: 'UserAssigned', userAssignedIdentities: { [identity.id]: {} } },
            },
          },
          monitoringTarget: {
            deploymentId: `${endpoint.id}/deployments/${model}`,
            taskType: props.task === MonitorTask.CLASSIFICATION ? 'Classification' : 'Regression',
          },
          signals: signalsOf(props, model),
          alertNotificationSettings: { emailNotificationSettings: { emails: [...props.alertEmails] } },
        },
      },
    },
  };
}

/** The built-in signals of Azure ML, with thresholds. */
function signalsOf(props: ModelMonitorProps, model: string): Readonly<Record<string, Signal>> {
  const { reference, driftThreshold = DEFAULT_DRIFT } = props;
  const window = props.frequency === MonitorFrequency.WEEKLY ? 7 : 1;
  const captured = (collection: Collection, offset: number, days: number) =>
    collected(props, { model, collection, offset, days });
  // The baseline is the week before the monitored window.
  const before = (collection: Collection) => captured(collection, window, 7);
  const inputs = reference ? training(props, reference) : before('model_inputs');
  const drift = [
    threshold('Numerical', 'NormalizedWassersteinDistance', driftThreshold),
    threshold('Categorical', 'JensenShannonDistance', driftThreshold),
  ];
  const notificationTypes = ['AmlNotification'] as const;
  const production = captured('model_inputs', 0, window);
  const features = { filterType: 'AllFeatures' } as const;
  return {
    data_drift: {
      signalType: 'DataDrift',
      productionData: production,
      referenceData: inputs,
      metricThresholds: drift,
      features,
      notificationTypes,
    },
    prediction_drift: {
      signalType: 'PredictionDrift',
      productionData: captured('model_outputs', 0, window),
      referenceData: before('model_outputs'),
      metricThresholds: drift,
      notificationTypes,
    },
    data_quality: {
      signalType: 'DataQuality',
      productionData: production,
      referenceData: inputs,
      metricThresholds: (['Numerical', 'Categorical'] as const).flatMap((type) => [
        threshold(type, 'NullValueRate', 0),
        threshold(type, 'DataTypeErrorRate', 0),
      ]),
      features,
      notificationTypes,
    },
  };
}

function threshold(dataType: Threshold['dataType'], metric: string, value: number): Threshold {
  return { dataType, metric, threshold: { value } };
}

type Collection = 'model_inputs' | 'model_outputs';

interface Window {
  readonly model: string;
  readonly collection: Collection;
  /** Days between the end of the window and the run. */
  readonly offset: number;
  readonly days: number;
}

/** Captured data of a model, which its endpoint registers. */
function collected({ endpoint }: ModelMonitorProps, { model, collection, offset, days }: Window): Input {
  const { workspace, endpointName } = endpoint;
  return {
    inputDataType: 'Rolling',
    jobInputType: 'uri_folder',
    uri: `azureml:${collectedId({ workspace, endpointName, model, collection })}`,
    dataContext: collection,
    windowOffset: `P${offset}D`,
    windowSize: `P${days}D`,
  };
}

function training({ endpoint }: ModelMonitorProps, { name, version, targetColumn }: ReferenceData): Input {
  return {
    inputDataType: 'Fixed',
    jobInputType: 'mltable',
    uri: `azureml:${endpoint.workspace.id}/data/${name}/versions/${version}`,
    dataContext: 'training',
    columns: targetColumn === undefined ? undefined : { target_column: targetColumn },
  };
}
