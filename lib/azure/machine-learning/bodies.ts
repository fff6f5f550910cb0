/*
 * The bodies that this folder sends to Azure ML, as far as it sends them, in the words of the API 2026-05-01. The tests check each that is
 * made against the schema of the API.
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

/** Data under a name and a version. */
export interface DataVersionBody {
  readonly properties: {
    readonly dataType: 'uri_folder';
    readonly dataUri: string;
  };
}

/** A model under a name and a version. */
export interface ModelVersionBody {
  readonly properties: {
    readonly modelType: string;
    readonly modelUri: string;
    readonly description?: string;
  };
}

/** Where a container answers. */
export interface Route {
  readonly path: string;
  readonly port: number;
}

/** An image under a name and a version, with the routes of its server. */
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

/** How a container is asked whether it lives. */
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
