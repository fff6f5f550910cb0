import type { Construct } from 'constructs';
import type { ProblemCollector } from '../../core/errors';
import { maxResponseMs } from '../../core/planning/serving/serving-rate';
import type { ServingLoad } from '../../core/workload/serving-load';
import { checkGatewayOptions } from '../gateway/gateway-checks';
import { type GatewayLimits, type InferenceGatewayProps, limitsOf } from '../gateway/gateway-options';
import { InferenceGateway } from '../gateway/inference-gateway';
import { InferenceTarget } from '../gateway/inference-target';
import { record } from '../template/findings';
import type { IInferenceEndpoint } from './endpoint-base';

/** Options for the gateway of a platform: the props of `InferenceGateway` without the endpoint, which the platform provides. */
export interface PlatformGatewayOptions extends Omit<InferenceGatewayProps, 'endpoint'> {
  /** Name of the model that callers reach. Required if the endpoint has several inference components. @default - the only model */
  readonly model?: string;
}

/** The part of an endpoint that its gateway depends on. */
export interface ServedEndpoint {
  readonly isAsynchronous: boolean;
  /** Names of the models with inference components. */
  readonly componentModels: readonly string[];
}

/** Adds what is wrong with the gateway of an endpoint. The prop types are already validated. */
export function checkPlatformGateway(
  problems: ProblemCollector,
  gateway: PlatformGatewayOptions,
  { isAsynchronous, componentModels }: ServedEndpoint,
): void {
  checkGatewayOptions(problems, gateway);
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'GatewayEndpoint', prop, allowed, got, fix });
  const { model } = gateway;
  if (isAsynchronous) {
    const fix = 'Leave `gateway` out, or use another kind of endpoint.';
    wrong('endpoint', 'a real-time or serverless endpoint', 'an asynchronous endpoint', fix);
  } else if (componentModels.length === 0) {
    if (model === undefined) return;
    const fix = 'Leave it out: SageMaker splits requests between variants by weight.';
    wrong('model', 'left out for an endpoint without inference components', model, fix);
  } else if (model === undefined ? componentModels.length > 1 : !componentModels.includes(model)) {
    wrong('model', `one of ${componentModels.join(', ')}`, model, 'Set it to the model that callers reach.');
  }
}

/** Creates the gateway of an endpoint. */
export function platformGateway(
  scope: Construct,
  endpoint: IInferenceEndpoint,
  { model, ...options }: PlatformGatewayOptions,
  load?: ServingLoad,
): InferenceGateway {
  const component = model === undefined ? undefined : endpoint.components[model];
  const target = component ? InferenceTarget.component(endpoint, component.componentName) : endpoint;
  const gateway = new InferenceGateway(scope, 'Gateway', { ...options, endpoint: target });
  // The load describes the first model.
  const [first] = endpoint.modelNames;
  if (load && (model ?? first) === first) recordBelowLoad(gateway, limitsOf({ ...options, endpoint: target }), load);
  return gateway;
}

function recordBelowLoad(
  gateway: InferenceGateway,
  { requestsPerSecond }: Required<GatewayLimits>,
  load: ServingLoad,
): void {
  const below = (message: string, fix: string) => {
    record(gateway, { id: 'gateway/below-load', level: 'warning', message, fix, evidence: 'the load of the platform' });
  };
  const { requestsPerSecond: needed = 0 } = load;
  if (requestsPerSecond < needed) {
    below(
      `The gateway allows ${requestsPerSecond} requests per second, but the load has ${needed}.`,
      'Raise `limits.requestsPerSecond`. If other callers invoke the endpoint directly, acknowledge this finding.',
    );
  }
  const timeoutMs = gateway.function.handler.timeout!.toMilliseconds();
  const targetMs = maxResponseMs(load) ?? 0;
  if (timeoutMs < targetMs) {
    below(
      `The gateway times out after ${timeoutMs / 1000} s, but an answer of the load can take ${targetMs / 1000} s.`,
      'Use ResponseMode.streamed(), which allows up to 15 minutes.',
    );
  }
}
