import type { ITerraformDependable } from 'cdktf';
import { having, type Kind, listOf, NUMBER, objectOf, oneOf, required, type Shape, TEXT } from '../../core/shapes';
import { type IManagedIdentity, MANAGED_IDENTITY } from '../operations/identity';
import type { IMachineLearningWorkspace } from './workspace-attributes';

/** An endpoint whose models can be watched: an `InferenceEndpoint` is one. */
export interface IMonitoredEndpoint {
  /** Its resource id. */
  readonly id: string;
  readonly endpointName: string;
  readonly workspace: IMachineLearningWorkspace;
  /** Names of the models whose inputs and outputs are kept. */
  readonly monitorable: readonly string[];
  /** What must stand before it is watched. @default - nothing: it stands */
  readonly ready?: readonly ITerraformDependable[];
}

/** Data that a model was trained with. */
export interface ReferenceData {
  /** Name of a data asset of the workspace, of the type mltable. */
  readonly name: string;
  readonly version: string;
  /** The column that the model predicts. @default - none: changes of what it predicts are told from earlier predictions */
  readonly targetColumn?: string;
}

/** Properties for `ModelMonitor`. */
export interface ModelMonitorProps {
  readonly endpoint: IMonitoredEndpoint;
  /** Name of the model on it. @default - the first one whose inputs and outputs are kept */
  readonly model?: string;
  /** What the model does. */
  readonly task: 'classification' | 'regression';
  /** Who is told by mail when a threshold is exceeded. */
  readonly emails: readonly string[];
  /** What inputs are compared with. @default - those of the week before */
  readonly reference?: ReferenceData;
  /** How often it looks. @default day */
  readonly every?: 'day' | 'week';
  /** Hour of UTC at which it looks, 0 to 23. @default 3 */
  readonly hour?: number;
  /** Distance of distributions above which someone is told, more than 0 and up to 1. @default 0.1 */
  readonly driftThreshold?: number;
  /** The machine of Spark. @default Standard_E4s_v3 */
  readonly sparkMachine?: SparkMachine;
  /** What it acts as: it reads and writes the storage of the workspace. @default - what the workspace acts as */
  readonly identity?: IManagedIdentity;
}

/** Machines that monitors run on. @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-monitor-model-performance */
export const SPARK_MACHINES = [
  'Standard_E4s_v3',
  'Standard_E8s_v3',
  'Standard_E16s_v3',
  'Standard_E32s_v3',
  'Standard_E64s_v3',
] as const;

/** A machine that monitors run on. */
export type SparkMachine = (typeof SPARK_MACHINES)[number];

const ENDPOINT: Kind = having(
  'an endpoint of Azure ML',
  ['id', 'endpointName', 'workspace', 'monitorable'],
  'Pass an InferenceEndpoint.',
);

/** The kinds of its props. */
export const MODEL_MONITOR: Shape<ModelMonitorProps> = {
  endpoint: required(ENDPOINT),
  model: TEXT,
  task: required(oneOf(['classification', 'regression'])),
  emails: required(listOf(TEXT)),
  reference: objectOf<ReferenceData>(
    { name: required(TEXT), version: required(TEXT), targetColumn: TEXT },
    'reference data { name, version, targetColumn }',
  ),
  every: oneOf(['day', 'week']),
  hour: NUMBER,
  driftThreshold: NUMBER,
  sparkMachine: oneOf(SPARK_MACHINES),
  identity: MANAGED_IDENTITY,
};
