import { demandedAuthorization } from '../../core/gateway-authorization';
import { FLAG, NUMBER, objectOf, recordOf, required, type Shape } from '../../core/shapes';
import { REMOVAL_POLICY, RETENTION_DAYS } from '../props/shapes';
import { GATEWAY_AUTHORIZATION } from './gateway-authorization';
import { GATEWAY_EXPOSURE } from './gateway-exposure';
import type { GatewayClient, GatewayLimits, InferenceGatewayProps } from './gateway-options';
import { INFERENCE_TARGET } from './inference-target';
import { PROMPT_SCREENING } from './prompt-screening';
import { RESPONSE_MODE } from './response-mode';

const LIMITS: Shape<GatewayLimits> = { requestsPerSecond: NUMBER, burst: NUMBER, requestsPerAddress: NUMBER };

const CLIENT: Shape<GatewayClient> = { requestsPerSecond: required(NUMBER), burst: NUMBER, requestsPerDay: NUMBER };

/** The kinds of the props of a gateway, but for the endpoint behind it. */
export const GATEWAY_OPTIONS: Shape<Omit<InferenceGatewayProps, 'endpoint'>> = {
  exposure: required(GATEWAY_EXPOSURE),
  authorization: demandedAuthorization(GATEWAY_AUTHORIZATION, 'Use GatewayAuthorization.iam() or its like.'),
  screening: PROMPT_SCREENING,
  responses: RESPONSE_MODE,
  maxBodyKiB: NUMBER,
  limits: objectOf(LIMITS),
  clients: recordOf(objectOf(CLIENT)),
  logRetention: RETENTION_DAYS,
  setsLoggingRole: FLAG,
  removalPolicy: REMOVAL_POLICY,
};

/** The kinds of all props of a gateway. */
export const GATEWAY: Shape<InferenceGatewayProps> = { endpoint: required(INFERENCE_TARGET), ...GATEWAY_OPTIONS };
