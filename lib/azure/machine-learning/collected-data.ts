import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { AzapiResource } from '../provider/azapi';
import { ML_READING, ML_TYPES } from './api';
import type { DataVersionBody } from './bodies';
import type { IMachineLearningWorkspace } from './workspace-attributes';

/** One sort of data that is kept of a model. */
export interface CollectedDataProps {
  readonly workspace: Pick<IMachineLearningWorkspace, 'id' | 'ready'>;
  readonly endpointName: string;
  readonly model: string;
  /** What is kept, e.g. `model_inputs`. */
  readonly collection: string;
}

/** The version that the collector goes on adding to. */
const VERSION = '1';

/** Where the collector of a deployment writes: the default store of the workspace. */
const FOLDER = 'azureml://datastores/workspaceblobstore/paths/modelDataCollector';

/**
 * The name of what is kept of a model as a data asset of its workspace, by which monitors and jobs find it.
 *
 * Source: azure-ai-docs, how-to-collect-production-data.md (names, paths); azure-ai-ml, online_deployment_operations.py (versions).
 */
export function collectedAsset({ endpointName, model, collection }: Omit<CollectedDataProps, 'workspace'>): string {
  return `${endpointName}-${model}-${collection}`;
}

/** The id of that asset. */
export function collectedId(props: CollectedDataProps): string {
  return `${props.workspace.id}/data/${collectedAsset(props)}/versions/${VERSION}`;
}

/**
 * The data asset of what is kept of a model. The tools of Azure ML register it before they deploy; its API does not, and a monitor would look for
 * data that nobody knows.
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
