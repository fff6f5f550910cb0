import { Construct } from 'constructs';
import { VERTEX_INFERENCE } from '../../core/catalog/vertex-inference';
import type { ReplicaLimits } from '../../core/planning/endpoint-load';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { judged } from '../../core/shapes';
import { physicalName } from '../../terraform/names';
import { recordWorkload } from '../../terraform/recorded-workload';
import type { GoogleMachine } from '../machine/machine';
import { CurrentProject } from '../operations/current-project';
import { type ProjectIamMember, VertexAiEndpointWithModelGardenDeployment } from '../provider/google';
import { LONGEST_DISPLAY_NAME, settleEndpoint } from './endpoint-checks';
import { recordEndpointFindings } from './endpoint-findings';
import { type EndpointMetrics, vertexMetrics } from './endpoint-metrics';
import { containerSpec } from './garden-container';
import { EndpointAccess, INFERENCE_ENDPOINT, type InferenceEndpointProps } from './inference-endpoint-props';
import { demandInvoker, VertexInvokers } from './invokers';
import { machineSpec } from './vertex-machine';

/**
 * A model of Model Garden or Hugging Face on Vertex AI that answers at once, from machines of its own.
 *
 * The service takes no change: whatever differs is a new deployment with a new id, which stands before the old one goes, but for reserved
 * machines. It has neither labels nor keys of yours.
 *
 * @see https://cloud.google.com/vertex-ai/generative-ai/docs/model-garden/use-models
 */
export class InferenceEndpoint extends Construct {
  public readonly resource: VertexAiEndpointWithModelGardenDeployment;
  public readonly region: string;
  public readonly machine: GoogleMachine;
  public readonly access: EndpointAccess;
  /** Fewest and most replicas. */
  public readonly limits: ReplicaLimits;
  /** What the load takes, how fast it is answered, and what it costs. @default - no load was given */
  public readonly plan?: ServingPlan;

  constructor(scope: Construct, id: string, props: InferenceEndpointProps) {
    super(scope, id);
    const { limits, planned } = judged(this, props, INFERENCE_ENDPOINT, (problems) => settleEndpoint(problems, props));
    this.region = props.region;
    this.machine = props.machine;
    this.access = props.access ?? EndpointAccess.DEDICATED;
    this.limits = limits;
    this.plan = planned?.plan;
    this.resource = this.createDeployment(props);
    props.invokers?.forEach((member, index) => this.grantInvoke(`Invoker-${index}`, member));
    recordEndpointFindings(this, props);
    if (planned) recordWorkload(this, { plan: planned.plan, workload: props.load, prices: props.prices });
  }

  /** What the service calls the endpoint: a number. */
  get endpointId(): string {
    return this.resource.endpoint;
  }

  /** Where requests go, without the path of the endpoint. */
  get url(): string {
    const { region } = this;
    if (this.access === EndpointAccess.SHARED) return `https://${region}-aiplatform.googleapis.com`;
    const { projectNumber } = CurrentProject.of(this);
    return `https://${this.endpointId}.${region}-${projectNumber}.prediction.vertexai.goog`;
  }

  /** What it tells Cloud Monitoring of itself. */
  get metrics(): EndpointMetrics {
    return vertexMetrics(this.endpointId, this.region);
  }

  /** Lets a member of IAM send requests to the endpoints of the project. */
  grantInvoke(id: string, member: string): ProjectIamMember {
    demandInvoker(this, id, member);
    return VertexInvokers.of(this).grant(this, id, member);
  }

  private createDeployment(props: InferenceEndpointProps): VertexAiEndpointWithModelGardenDeployment {
    const { model, container, displayName = physicalName(this, LONGEST_DISPLAY_NAME), capacity, scaling } = props;
    const { minimum, maximum } = this.limits;
    const target = scaling?.acceleratorUsePercent ?? VERTEX_INFERENCE.acceleratorUsePercent;
    // The metric is of GPUs. A target without a range would be kept by nobody.
    const scales = maximum > minimum && !this.machine.isTpu;
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
        dedicatedEndpointEnabled: this.access === EndpointAccess.DEDICATED,
      },
      deployConfig: {
        dedicatedResources: {
          machineSpec: machineSpec(this, props),
          minReplicaCount: minimum,
          maxReplicaCount: maximum,
          spot: capacity?.market === 'spot' ? true : undefined,
          autoscalingMetricSpecs: scales ? [{ metricName: ACCELERATOR_USE, target }] : undefined,
        },
      },
      timeouts: { create: `${VERTEX_INFERENCE.createMinutes}m`, delete: '60m' },
      // A reservation may have no room for a second one.
      lifecycle: { createBeforeDestroy: capacity?.market !== 'reservation' },
    });
  }
}

const ACCELERATOR_USE = 'aiplatform.googleapis.com/prediction/online/accelerator/duty_cycle';
