import { Construct, type IConstruct } from 'constructs';
import { VERTEX_INFERENCE } from '../../core/catalog/vertex-inference';
import type { ReplicaLimits } from '../../core/planning/serving/endpoint-load';
import type { ServingPlan } from '../../core/planning/serving/plan-serving';
import { validated, validateProps } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { recordWorkload } from '../../terraform/recorded-workload';
import type { GoogleMachine } from '../machine/machine';
import { type ProjectIamMember, VertexAiEndpointWithModelGardenDeployment } from '../provider/google';
import { LONGEST_DISPLAY_NAME, resolveEndpoint, MAX_REPLICAS, recordEndpointFindings } from './endpoint-findings';
import { type EndpointMetrics, vertexMetrics, type ObservedEndpoint } from './inference-observability';
import { containerSpec, type GardenContainer } from './garden-container';
import { assertInvoker, VertexInvokers } from './invokers';
import { machineSpec, vertexOffers } from './vertex-machine';
import { INFERENCE_ENDPOINT_PROPS, INFERENCE_ENDPOINT_ATTRIBUTES } from '../prop-schemas';
import { ProblemCollector } from '../../core/errors';
import { isUnknown } from '../../terraform/tokens';
import { checkLimits } from '../../terraform/load-limits';
import { checkProviders } from '../../terraform/provider-checks';
import { CurrentProject } from '../operations/current-project';
import { checkRegion } from '../props/location';
import type { Prices } from '../../core/catalog/price-override';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { Capacity } from '../capacity/capacity';
import type { GardenModel } from './garden-model';

/** The address of a Vertex AI endpoint. Callers need permission in IAM in both cases. */
export enum VertexEndpointAccess {
  /** Dedicated endpoint: requests of up to 10 MB and 10 minutes, with streaming. Does not work with service perimeters. */
  DEDICATED = 'dedicated',
  /** Shared endpoint of the region: requests of up to 1.5 MB and 60 seconds, without streaming. */
  SHARED = 'shared',
}

/** Properties for `InferenceEndpoint`. */
export interface InferenceEndpointProps {
  /** Region of the endpoint, for example `us-central1`. */
  readonly region: string;
  /** Model to deploy. */
  readonly model: GardenModel;
  /** Machine type of the replicas, for example `GoogleMachine.G2_STANDARD_12`. */
  readonly machine: GoogleMachine;
  /** Your own serving container. @default - Google's container for the model */
  readonly container?: GardenContainer;
  /**
   * Expected load. Sizes the settings you leave out, and validates the ones you set.
   *
   * @default - no load: only the hardware is checked
   */
  readonly load?: ServingLoad;
  /** Limits and target of scaling. @default - derived from `load`, or 1 replica without a load */
  readonly scaling?: EndpointScaling;
  /** Machines of one replica, for a model that does not fit on one machine. Only for GPU machines. @default 1 */
  readonly machinesPerReplica?: number;
  /** Capacity of the machines: on-demand, spot, or a reservation that is shared with Vertex AI. @default Capacity.onDemand() */
  readonly capacity?: Capacity;
  /** Zone of the reservation. Required with a reservation. @default - no reservation */
  readonly reservationZone?: string;
  /** Address of the endpoint. @default VertexEndpointAccess.DEDICATED */
  readonly access?: VertexEndpointAccess;
  /** Display name. @default - derived from the path of the construct */
  readonly displayName?: string;
  /** IAM members that can send requests, for example `serviceAccount:…`. The permission covers all endpoints of the project. @default - no members */
  readonly invokers?: readonly string[];
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
}

/**
 * A model from Model Garden or Hugging Face on a Vertex AI endpoint with dedicated machines.
 *
 * Vertex AI cannot change a deployment: each change creates a new one with a new ID before the old one is deleted. With reserved machines the
 * old one is deleted first. The deployment supports neither labels nor your own encryption keys.
 *
 * @see https://cloud.google.com/vertex-ai/generative-ai/docs/model-garden/use-models
 * @example
 * ```ts
 * import { GardenModel, GoogleMachine, InferenceEndpoint } from 'ai-infra-constructs/google';
 * import { App, TerraformStack } from 'cdktf';
 *
 * const stack = new TerraformStack(new App(), 'serving');
 * const endpoint = new InferenceEndpoint(stack, 'Chat', {
 *   region: 'us-central1',
 *   model: GardenModel.publisher('publishers/google/models/gemma3@gemma-3-12b-it', { acceptEula: true }),
 *   machine: GoogleMachine.G2_STANDARD_48,
 * });
 * endpoint.grantInvoke('App', 'serviceAccount:app@my-project.iam.gserviceaccount.com');
 * ```
 */
export class InferenceEndpoint extends Construct implements IInferenceEndpoint {
  /** An existing endpoint, for example from another stack or tool. */
  static fromInferenceEndpointAttributes(
    scope: Construct,
    id: string,
    attributes: InferenceEndpointAttributes,
  ): IInferenceEndpoint {
    return new ExistingEndpoint(scope, id, attributes);
  }

  /** The deployment: endpoint, model and machines. */
  public readonly resource: VertexAiEndpointWithModelGardenDeployment;
  /** Region of the endpoint. */
  public readonly region: string;
  /** Machine type of the replicas. */
  public readonly machine: GoogleMachine;
  /** Address of the endpoint. */
  public readonly access: VertexEndpointAccess;
  /** Minimum and maximum number of replicas. */
  public readonly limits: ReplicaLimits;
  /** Replicas, memory, latency and cost for the load. @default - no load */
  public readonly plan?: ServingPlan;

  constructor(scope: Construct, id: string, props: InferenceEndpointProps) {
    super(scope, id);
    checkProviders(this);
    const { limits, planned } = validated(this, props, INFERENCE_ENDPOINT_PROPS, (problems) =>
      resolveEndpoint(problems, props),
    );
    this.region = props.region;
    this.machine = props.machine;
    this.access = props.access ?? VertexEndpointAccess.DEDICATED;
    this.limits = limits;
    this.plan = planned?.plan;
    this.resource = this.createDeployment(props);
    props.invokers?.forEach((member, index) => this.grantInvoke(`Invoker-${index}`, member));
    recordEndpointFindings(this, props);
    if (planned) {
      const { load: workload, prices } = props;
      recordWorkload(this, { plan: planned.plan, workload, prices, offers: vertexOffers });
    }
  }

  /** ID of the endpoint, a number. */
  get endpointId(): string {
    return this.resource.endpoint;
  }

  /** URL of the endpoint, without the path of the resource. */
  get url(): string {
    return endpointUrl(this, this.access);
  }

  /** Metrics of the endpoint in Cloud Monitoring. */
  get metrics(): EndpointMetrics {
    return vertexMetrics(this.endpointId, this.region);
  }

  /** Allows an IAM member to send requests to all endpoints of the project. */
  grantInvoke(id: string, member: string): ProjectIamMember {
    assertInvoker(this, id, member);
    return VertexInvokers.of(this).grant(this, id, member);
  }

  private createDeployment(props: InferenceEndpointProps): VertexAiEndpointWithModelGardenDeployment {
    const { model, container, displayName = physicalName(this, LONGEST_DISPLAY_NAME), capacity, scaling } = props;
    const { minReplicas, maxReplicas } = this.limits;
    const target = scaling?.targetUtilizationPercent ?? VERTEX_INFERENCE.targetUtilizationPercent;
    // The metric exists for GPUs only, and has no effect without a range.
    const scales = maxReplicas > minReplicas && !this.machine.isTpu;
    return new VertexAiEndpointWithModelGardenDeployment(this, 'Resource', {
      location: this.region,
      ...model.source,
      modelConfig: {
        ...model.config,
        modelDisplayName: displayName,
        containerSpec: container && containerSpec(container),
      },
      endpointConfig: {
        endpointDisplayName: displayName,
        dedicatedEndpointEnabled: this.access === VertexEndpointAccess.DEDICATED,
      },
      deployConfig: {
        dedicatedResources: {
          machineSpec: machineSpec(this, props),
          minReplicaCount: minReplicas,
          maxReplicaCount: maxReplicas,
          spot: capacity?.market === 'spot' ? true : undefined,
          autoscalingMetricSpecs: scales ? [{ metricName: DUTY_CYCLE, target }] : undefined,
        },
      },
      timeouts: { create: `${VERTEX_INFERENCE.createMinutes}m`, delete: '60m' },
      // A reservation can lack machines for a second deployment.
      lifecycle: { createBeforeDestroy: capacity?.market !== 'reservation' },
    });
  }
}

const DUTY_CYCLE = 'aiplatform.googleapis.com/prediction/online/accelerator/duty_cycle';

/** A Vertex AI endpoint: a new `InferenceEndpoint` or an existing one. */
export interface IInferenceEndpoint extends IConstruct, ObservedEndpoint {
  /** ID of the endpoint, a number. */
  readonly endpointId: string;
  /** Region of the endpoint. */
  readonly region: string;
  /** URL of the endpoint, without the path of the resource. */
  readonly url: string;
  /** Allows an IAM member to send requests to all endpoints of the project. */
  grantInvoke(id: string, member: string): ProjectIamMember;
}

/** Attributes of an existing Vertex AI endpoint in the project of the stack. */
export interface InferenceEndpointAttributes {
  /** ID of the endpoint: the last segment of `projects/<project>/locations/<region>/endpoints/<id>`. */
  readonly endpointId: string;
  /** Region of the endpoint, for example `us-central1`. */
  readonly region: string;
  /** Address of the endpoint. @default VertexEndpointAccess.DEDICATED */
  readonly access?: VertexEndpointAccess;
  /** Minimum and maximum number of replicas. @default - unknown: no alert when the endpoint runs at its maximum */
  readonly limits?: ReplicaLimits;
}

/** An endpoint that another stack, or another tool, deploys. */
export class ExistingEndpoint extends Construct implements IInferenceEndpoint {
  public readonly endpointId: string;
  public readonly region: string;
  public readonly limits?: ReplicaLimits;
  private readonly access: VertexEndpointAccess;

  constructor(scope: Construct, id: string, attributes: InferenceEndpointAttributes) {
    super(scope, id);
    checkProviders(this);
    check(this, attributes);
    this.endpointId = attributes.endpointId;
    this.region = attributes.region;
    this.limits = attributes.limits;
    this.access = attributes.access ?? VertexEndpointAccess.DEDICATED;
  }

  get url(): string {
    return endpointUrl(this, this.access);
  }

  get metrics(): EndpointMetrics {
    return vertexMetrics(this.endpointId, this.region);
  }

  grantInvoke(id: string, member: string): ProjectIamMember {
    assertInvoker(this, id, member);
    return VertexInvokers.of(this).grant(this, id, member);
  }
}

/** Returns the URL of an endpoint, without the path of the resource. */
export function endpointUrl(
  endpoint: Construct & Pick<IInferenceEndpoint, 'endpointId' | 'region'>,
  access: VertexEndpointAccess,
): string {
  const { endpointId, region } = endpoint;
  if (access === VertexEndpointAccess.SHARED) return `https://${region}-aiplatform.googleapis.com`;
  const { projectNumber } = CurrentProject.of(endpoint);
  return `https://${endpointId}.${region}-${projectNumber}.prediction.vertexai.goog`;
}

function check(scope: Construct, attributes: InferenceEndpointAttributes): void {
  const problems = new ProblemCollector();
  if (validateProps(problems, attributes, INFERENCE_ENDPOINT_ATTRIBUTES, 'attributes')) {
    const { endpointId, region, limits } = attributes;
    checkRegion(problems, 'region', region);
    if (limits) checkLimits(problems.within('limits'), limits, { min: 1, max: MAX_REPLICAS });
    if (!isUnknown(endpointId) && endpointId.includes('/')) {
      problems.add({
        code: 'ResourceIdInvalid',
        prop: 'endpointId',
        allowed: 'the ID of an endpoint, without its path',
        got: endpointId,
        fix: 'Copy the ID from `gcloud ai endpoints list`.',
      });
    }
  }
  problems.throwIfAny(scope);
}

/** Scaling of a Vertex AI endpoint. Each replica runs on one machine, or on `machinesPerReplica`. */
export interface EndpointScaling {
  /** Minimum number of replicas, at least 1. @default - derived from `load`, or 1 without a load */
  readonly minReplicas?: number;
  /** Maximum number of replicas. @default - twice what `load` needs, or `minReplicas` without a load */
  readonly maxReplicas?: number;
  /** Average accelerator utilization above which replicas are added, in percent. @default 60 */
  readonly targetUtilizationPercent?: number;
}
