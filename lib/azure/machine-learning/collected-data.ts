import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { AzapiResource } from '../provider/azapi';
import { ML_READING, ML_TYPES } from './api';
import type { DataVersionBody } from './bodies';
import type { IMachineLearningWorkspace } from './workspace-attributes';

/** Properties for `CollectedData`. */
export interface CollectedDataProps {
  /** Workspace of the endpoint. */
  readonly workspace: Pick<IMachineLearningWorkspace, 'id' | 'ready'>;
  /** Name of the endpoint. */
  readonly endpointName: string;
  /** Name of the model. */
  readonly model: string;
  /** Collection, for example `model_inputs`. */
  readonly collection: string;
}

/** The version that the collector appends to. */
const VERSION = '1';

/** Folder of the data collector, in the default datastore of the workspace. */
const FOLDER = 'azureml://datastores/workspaceblobstore/paths/modelDataCollector';

/**
 * Returns the name of the data asset for captured data of a model.
 *
 * Source: azure-ai-docs, how-to-collect-production-data.md (names, paths); azure-ai-ml, online_deployment_operations.py (versions).
 */
export function collectedAsset({ endpointName, model, collection }: Omit<CollectedDataProps, 'workspace'>): string {
  return `${endpointName}-${model}-${collection}`;
}

/** Returns the id of that data asset. */
export function collectedId(props: CollectedDataProps): string {
  return `${props.workspace.id}/data/${collectedAsset(props)}/versions/${VERSION}`;
}

/**
 * The data asset for captured data of a model. The Azure ML tools register it before a deployment, but the API does not, and monitors require it.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-collect-production-data
 */
export class CollectedData extends Construct {
  public readonly resource: AzapiResource;

  constructor(scope: Construct, id: string, props: CollectedDataProps) {
    super(scope, id);
    const { workspace, endpointName, model, collection } = props;
    const ready: readonly ITerraformDependable[] = workspace.ready ?? [];
    const body: DataVersionBody = {
      properties: { dataType: 'uri_folder', dataUri: `${FOLDER}/${endpointName}/${model}/${collection}` },
    };
    this.resource = new AzapiResource(this, 'Resource', {
      type: ML_TYPES.data,
      ...ML_READING,
      name: VERSION,
      parentId: `${workspace.id}/data/${collectedAsset(props)}`,
      body,
      dependsOn: [...ready],
    });
  }

  get id(): string {
    return this.resource.id;
  }
}
