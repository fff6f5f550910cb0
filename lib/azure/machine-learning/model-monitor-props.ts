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
