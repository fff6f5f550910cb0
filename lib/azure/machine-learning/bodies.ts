import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { checkProviders } from '../../terraform/provider-checks';
import { AzapiResource } from '../provider/azapi';
import { ML_READING, ML_TYPES } from './workspace-bodies';
import type { IMachineLearningWorkspace } from './workspace-attributes';

/*
 * Request bodies for Azure ML, in API version 2026-05-01, with the properties that this library sends. Tests check each body against the API schema.
 */

/** A compute cluster. */
export interface AmlComputeBody {
  readonly properties: {
    readonly computeType: 'AmlCompute';
    readonly computeLocation: string;
    readonly disableLocalAuth: boolean;
    readonly properties: {
      readonly osType: 'Linux';
      readonly vmSize: string;
      readonly vmPriority: 'Dedicated' | 'LowPriority';
      readonly scaleSettings: {
        readonly maxNodeCount: number;
        readonly minNodeCount: number;
        readonly nodeIdleTimeBeforeScaleDown: string;
      };
      readonly enableNodePublicIp: boolean;
      readonly remoteLoginPortPublicAccess: 'Disabled';
      readonly subnet?: { readonly id: string };
    };
  };
}

/** A version of a data asset. */
export interface DataVersionBody {
  readonly properties: {
    readonly dataType: 'uri_folder';
    readonly dataUri: string;
  };
}

/** A version of a model. */
export interface ModelVersionBody {
  readonly properties: {
    readonly modelType: string;
    readonly modelUri: string;
    readonly description?: string;
  };
}

/** An HTTP route of a container. */
export interface Route {
  readonly path: string;
  readonly port: number;
}

/** A version of an environment: an image with the routes of its server. */
export interface EnvironmentVersionBody {
  readonly properties: {
    readonly image: string;
    readonly osType: 'Linux';
    readonly inferenceConfig?: {
      readonly livenessRoute: Route;
      readonly readinessRoute: Route;
      readonly scoringRoute: Route;
    };
  };
}

/** An online endpoint. */
export interface OnlineEndpointBody {
  readonly properties: {
    readonly authMode: 'AADToken' | 'Key';
    readonly publicNetworkAccess: 'Enabled' | 'Disabled';
    readonly traffic: Readonly<Record<string, number>>;
    readonly mirrorTraffic: Readonly<Record<string, number>>;
  };
}

/** A container probe. */
export interface ProbeBody {
  readonly initialDelay: string;
  readonly period: string;
  readonly timeout: string;
  readonly failureThreshold: number;
}

/** A deployment of an online endpoint. */
export interface OnlineDeploymentBody {
  readonly kind: 'Managed';
  readonly sku: { readonly name: 'Default'; readonly capacity: number };
  readonly properties: {
    readonly endpointComputeType: 'Managed';
    readonly instanceType: string;
    readonly model?: string;
    readonly modelMountPath?: string;
    readonly environmentId?: string;
    readonly codeConfiguration?: { readonly codeId: string; readonly scoringScript: string };
    readonly environmentVariables?: Readonly<Record<string, string>>;
    readonly appInsightsEnabled: boolean;
    readonly requestSettings: {
      readonly requestTimeout: string;
      readonly maxConcurrentRequestsPerInstance: number;
    };
    readonly livenessProbe: ProbeBody;
    readonly readinessProbe: ProbeBody;
    readonly scaleSettings: { readonly scaleType: 'Default' };
    readonly dataCollector?: {
      readonly collections: Readonly<
        Record<
          string,
          { readonly dataCollectionMode: 'Enabled'; readonly dataId: string; readonly samplingRate: number }
        >
      >;
      readonly rollingRate: 'Hour';
    };
  };
}

/** A batch endpoint. */
export interface BatchEndpointBody {
  readonly properties: {
    readonly authMode: 'AADToken';
    readonly defaults?: { readonly deploymentName: string };
  };
}

/** A deployment of a batch endpoint. */
export interface BatchDeploymentBody {
  readonly properties: {
    readonly compute: string;
    readonly model: { readonly referenceType: 'Id'; readonly assetId: string };
    readonly environmentId?: string;
    readonly codeConfiguration?: { readonly codeId: string; readonly scoringScript: string };
    readonly environmentVariables?: Readonly<Record<string, string>>;
    readonly resources: { readonly instanceCount: number };
    readonly miniBatchSize: number;
    readonly maxConcurrencyPerInstance: number;
    readonly errorThreshold: number;
    readonly retrySettings: { readonly maxRetries: number; readonly timeout: string };
    readonly outputAction: 'AppendRow' | 'SummaryOnly';
    readonly outputFileName?: string;
    readonly loggingLevel: 'Info';
  };
}

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
    checkProviders(this);
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
