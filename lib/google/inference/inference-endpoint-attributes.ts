import { Construct, type IConstruct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import type { ReplicaLimits } from '../../core/planning/endpoint-load';
import { validateProps } from '../../core/prop-schema';
import { isUnknown } from '../../terraform/tokens';
import { CurrentProject } from '../operations/current-project';
import { checkRegion } from '../props/location';
import type { ProjectIamMember } from '../provider/google';
import { MAX_REPLICAS } from './endpoint-checks';
import { type EndpointMetrics, vertexMetrics } from './endpoint-metrics';
import { checkLimits } from './endpoint-scaling';
import { VertexEndpointAccess } from './inference-endpoint-props';
import type { ObservedEndpoint } from './inference-observability';
import { assertInvoker, VertexInvokers } from './invokers';
import { INFERENCE_ENDPOINT_ATTRIBUTES } from '../prop-schemas';

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
