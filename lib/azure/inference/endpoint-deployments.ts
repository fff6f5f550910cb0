import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { checkProviders } from '../../terraform/provider-checks';
import { ML_READING, ML_TYPES, isoDuration } from '../machine-learning/workspace-bodies';
import { type OnlineDeploymentBody, CollectedData } from '../machine-learning/bodies';
import { AzapiResource } from '../provider/azapi';
import { DeploymentAutoscaling } from './deployment-autoscaling';
import type { InferenceEndpointProps } from './endpoint-options';
import type { ResolvedModel } from './resolved-endpoint';

/** The endpoint of a deployment. */
export interface DeploymentContext {
  /** Props of the endpoint. */
  readonly props: InferenceEndpointProps;
  /** The endpoint itself. */
  readonly endpoint: AzapiResource;
  /** Resources to create first: the previous deployment, because Azure ML allows one change of an endpoint at a time. */
  readonly after: readonly ITerraformDependable[];
}

/** The deployment of a model on an `InferenceEndpoint`. */
export class ModelDeployment extends Construct {
  /** The deployment itself. */
  public readonly resource: AzapiResource;
  /** Scaling of the instances. @default - `minReplicas` equals `maxReplicas` */
  public readonly autoscaling?: DeploymentAutoscaling;

  /** @internal */
  constructor(scope: Construct, id: string, resolved: ResolvedModel, { props, endpoint, after }: DeploymentContext) {
    super(scope, id);
    checkProviders(this);
    const { limits, scaling, name } = resolved;
    const { resourceGroup } = props.workspace;
    const scales = limits.maxReplicas > limits.minReplicas;
    this.resource = new AzapiResource(this, 'Resource', {
      type: ML_TYPES.onlineDeployment,
      ...ML_READING,
      name,
      parentId: endpoint.id,
      location: resourceGroup.location,
      body: this.body(resolved, props, endpoint.name),
      dependsOn: [...after],
      // Azure ML refuses to delete a deployment that gets requests: the new one takes the traffic first.
      lifecycle: { createBeforeDestroy: true },
      ignoreBodyChanges: scales ? ['sku.capacity'] : undefined,
      timeouts: { create: '120m', update: '120m', delete: '60m' },
    });
    if (!scales) return;
    this.autoscaling = new DeploymentAutoscaling(this, 'Autoscaling', {
      deploymentId: this.resource.id,
      resourceGroup,
      limits,
      scaling,
    });
  }

  private body(
    resolved: ResolvedModel,
    { workspace, dataCapture }: InferenceEndpointProps,
    endpointName: string,
  ): OnlineDeploymentBody {
    const { model, machine, limits, timeoutSeconds, concurrency, startupMinutes } = resolved;
    return {
      kind: 'Managed',
      sku: { name: 'Default', capacity: limits.minReplicas },
      properties: {
        endpointComputeType: 'Managed',
        instanceType: machine.name,
        model: model.artifact.bind(this, workspace),
        ...model.container.bind(this, workspace),
        appInsightsEnabled: true,
        scaleSettings: { scaleType: 'Default' },
        requestSettings: {
          requestTimeout: isoDuration(timeoutSeconds),
          maxConcurrentRequestsPerInstance: concurrency,
        },
        livenessProbe: { initialDelay: isoDuration(startupMinutes * 60), ...PROBE },
        readinessProbe: { initialDelay: 'PT10S', ...PROBE, failureThreshold: (startupMinutes * 60) / PERIOD_SECONDS },
        dataCollector:
          dataCapture &&
          collector(
            COLLECTIONS[model.container.kind === 'image' ? 'custom' : 'azureMl'],
            dataCapture.percent,
            (collection) => {
              const data = { workspace, endpointName, model: resolved.name, collection };
              return new CollectedData(this, `Data-${collection}`, data).id;
            },
          ),
      },
    };
  }
}

/** The defaults of the service, except for a longer timeout: a busy server answers probes slowly. */
const PERIOD_SECONDS = 10;
const PROBE = { period: `PT${PERIOD_SECONDS}S`, timeout: 'PT10S', failureThreshold: 30 };

/**
 * Data to store, by server. A custom server has whole requests and responses. The server of Azure ML has the inputs and outputs of the model,
 * with the names that monitors require.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/concept-data-collection
 */
const COLLECTIONS = {
  custom: ['request', 'response'],
  azureMl: ['model_inputs', 'model_outputs'],
} as const;

type Collections = NonNullable<OnlineDeploymentBody['properties']['dataCollector']>['collections'];

function collector(
  names: readonly string[],
  percent: number | undefined,
  dataIdOf: (collection: string) => string,
): OnlineDeploymentBody['properties']['dataCollector'] {
  const samplingRate = (percent ?? 100) / 100;
  const collection = (name: string) => ({
    dataCollectionMode: 'Enabled' as const,
    dataId: dataIdOf(name),
    samplingRate,
  });
  const collections: Collections = Object.fromEntries(names.map((name) => [name, collection(name)]));
  return { collections, rollingRate: 'Hour' };
}
