import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ML_READING, ML_TYPES } from '../machine-learning/api';
import type { OnlineDeploymentBody } from '../machine-learning/bodies';
import { CollectedData } from '../machine-learning/collected-data';
import { isoDuration } from '../machine-learning/durations';
import { AzapiResource } from '../provider/azapi';
import { DeploymentAutoscaling } from './deployment-autoscaling';
import type { InferenceEndpointProps } from './endpoint-options';
import type { SettledModel } from './settled-endpoint';

/** What a deployment belongs to. */
export interface DeploymentContext {
  readonly props: InferenceEndpointProps;
  readonly endpoint: AzapiResource;
  /** What must stand before: the one before it, since the service changes an endpoint in one way at a time. */
  readonly after: readonly ITerraformDependable[];
}

/** A model on its instances. */
export class ModelDeployment extends Construct {
  public readonly resource: AzapiResource;
  /** @default - the fewest are the most */
  public readonly autoscaling?: DeploymentAutoscaling;

  constructor(scope: Construct, id: string, settled: SettledModel, { props, endpoint, after }: DeploymentContext) {
    super(scope, id);
    const { limits, scaling, name } = settled;
    const { resourceGroup } = props.workspace;
    const scales = limits.maximum > limits.minimum;
    this.resource = new AzapiResource(this, 'Resource', {
      type: ML_TYPES.onlineDeployment,
      ...ML_READING,
      name,
      parentId: endpoint.id,
      location: resourceGroup.location,
      body: this.body(settled, props, endpoint.name),
      dependsOn: [...after],
      // Requests are moved away before it goes; the service refuses to delete one that has some.
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
    settled: SettledModel,
    { workspace, dataCapture }: InferenceEndpointProps,
    endpointName: string,
  ): OnlineDeploymentBody {
    const { model, machine, limits, timeoutSeconds, concurrency, startupMinutes } = settled;
    return {
      kind: 'Managed',
      sku: { name: 'Default', capacity: limits.minimum },
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
            COLLECTIONS[model.container.kind === 'image' ? 'image' : 'own'],
            dataCapture.percent,
            (collection) => {
              const data = { workspace, endpointName, model: settled.name, collection };
              return new CollectedData(this, `Data-${collection}`, data).id;
            },
          ),
      },
    };
  }
}

/** As the service has it, but for the time to answer, which a busy server needs. */
const PERIOD_SECONDS = 10;
const PROBE = { period: `PT${PERIOD_SECONDS}S`, timeout: 'PT10S', failureThreshold: 30 };

/**
 * What is kept: a server of one's own has whole requests and answers; Azure ML's own server also what the model itself is given and gives, by
 * the names that monitors look for.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/concept-data-collection
 */
const COLLECTIONS = {
  image: ['request', 'response'],
  own: ['model_inputs', 'model_outputs'],
} as const;

type Collections = NonNullable<OnlineDeploymentBody['properties']['dataCollector']>['collections'];

function collector(
  names: readonly string[],
  percent: number | undefined,
  dataIdOf: (collection: string) => string,
): OnlineDeploymentBody['properties']['dataCollector'] {
  const samplingRate = (percent ?? 100) / 100;
  const kept = (name: string) => ({ dataCollectionMode: 'Enabled' as const, dataId: dataIdOf(name), samplingRate });
  const collections: Collections = Object.fromEntries(names.map((name) => [name, kept(name)]));
  return { collections, rollingRate: 'Hour' };
}
