import type { Construct } from 'constructs';
import type { Problems } from '../../core/errors';
import { type Shape, TEXT } from '../../core/shapes';
import type { ServingLoad } from '../../core/workload/serving-load';
import { checkGatewayOptions } from '../gateway/gateway-checks';
import { type GatewayLimits, type InferenceGatewayProps, limitsOf } from '../gateway/gateway-options';
import { GATEWAY_OPTIONS } from '../gateway/gateway-shape';
import { InferenceGateway } from '../gateway/inference-gateway';
import { InferenceTarget } from '../gateway/inference-target';
import { record } from '../template/findings';
import { type InferenceEndpointProps, kindOf } from './endpoint-options';
import type { InferenceEndpoint } from './inference-endpoint';

/** The gateway of a platform: what it takes but for its endpoint, which is that of the platform. */
export interface PlatformGatewayOptions extends Omit<InferenceGatewayProps, 'endpoint'> {
  /** Which of the models callers reach, where the endpoint has several components. @default - the only one */
  readonly model?: string;
}

/** The kinds of the options of a platform's gateway. */
export const PLATFORM_GATEWAY: Shape<PlatformGatewayOptions> = { ...GATEWAY_OPTIONS, model: TEXT };

/** Adds what is wrong with a gateway before an endpoint; the types are right already. */
export function checkPlatformGateway(
  problems: Problems,
  gateway: PlatformGatewayOptions,
  endpoint: Pick<InferenceEndpointProps, 'kind' | 'models'>,
): void {
  checkGatewayOptions(problems, gateway);
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'GatewayEndpoint', prop, allowed, got, fix });
  const { name } = kindOf(endpoint);
  const models = Object.keys(endpoint.models);
  if (name === 'asynchronous') {
    wrong(
      'endpoint',
      'one that answers at once',
      'an asynchronous endpoint',
      'Leave gateway out, or take another kind.',
    );
  } else if (name !== 'components') {
    if (gateway.model === undefined) return;
    wrong(
      'model',
      'left out where models are no components',
      gateway.model,
      'SageMaker shares requests out by weight.',
    );
  } else if (gateway.model === undefined ? models.length > 1 : !models.includes(gateway.model)) {
    wrong('model', `one of ${models.join(', ')}`, gateway.model, 'Name the model that callers reach.');
  }
}

/** The gateway before an endpoint. */
export function platformGateway(
  scope: Construct,
  endpoint: InferenceEndpoint,
  { model, ...options }: PlatformGatewayOptions,
  load?: ServingLoad,
): InferenceGateway {
  const component = model === undefined ? undefined : endpoint.components[model];
  const target = component ? InferenceTarget.component(endpoint, component.componentName) : endpoint;
  const gateway = new InferenceGateway(scope, 'Gateway', { ...options, endpoint: target });
  // The load is that of the first model.
  const [first] = Object.keys(endpoint.models);
  if (load && (model ?? first) === first) {
    recordBelowLoad(gateway, limitsOf({ ...options, endpoint: target }), load, endpoint.alarms[first!]?.promisedMs);
  }
  return gateway;
}

function recordBelowLoad(
  gateway: InferenceGateway,
  { requestsPerSecond }: Required<GatewayLimits>,
  { requestsPerSecond: needed = 0 }: ServingLoad,
  promisedMs = 0,
): void {
  const below = (message: string, fix: string) => {
    record(gateway, { id: 'gateway/below-load', level: 'warning', message, fix, evidence: 'the load of the platform' });
  };
  if (requestsPerSecond < needed) {
    below(
      `The gateway lets ${requestsPerSecond} requests a second through, and the endpoint is sized for ${needed}.`,
      'Raise limits.requestsPerSecond, or acknowledge this where others invoke the endpoint, too.',
    );
  }
  const waitsMs = gateway.function.handler.timeout!.toMilliseconds();
  if (waitsMs < promisedMs) {
    below(
      `The gateway waits ${waitsMs / 1000} s, and an answer of the load may take ${promisedMs / 1000} s.`,
      'Use ResponseMode.streamed(), which waits up to 15 minutes.',
    );
  }
}
