import { Construct } from 'constructs';
import { VERTEX_INFERENCE } from '../../core/catalog/vertex-inference';
import type { ReplicaLimits } from '../../core/planning/endpoint-load';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { validated } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { recordWorkload } from '../../terraform/recorded-workload';
import type { GoogleMachine } from '../machine/machine';
import { type ProjectIamMember, VertexAiEndpointWithModelGardenDeployment } from '../provider/google';
import { LONGEST_DISPLAY_NAME, resolveEndpoint } from './endpoint-checks';
import { recordEndpointFindings } from './endpoint-findings';
import { type EndpointMetrics, vertexMetrics } from './endpoint-metrics';
import { containerSpec } from './garden-container';
import {
  endpointUrl,
  ExistingEndpoint,
  type IInferenceEndpoint,
  type InferenceEndpointAttributes,
} from './inference-endpoint-attributes';
import { type InferenceEndpointProps, VertexEndpointAccess } from './inference-endpoint-props';
import { assertInvoker, VertexInvokers } from './invokers';
import { machineSpec } from './vertex-machine';
import { INFERENCE_ENDPOINT_PROPS } from '../prop-schemas';

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
    if (planned) recordWorkload(this, { plan: planned.plan, workload: props.load, prices: props.prices });
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
