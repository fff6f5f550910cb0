import { requiredAuthorization } from '../../core/gateway-authorization';
import {
  BOOLEAN,
  hasMembers,
  NUMBER,
  objectOf,
  type PropSchema,
  type PropType,
  recordOf,
  required,
} from '../../core/prop-schema';
import { REMOVAL_POLICY, RETENTION_DAYS } from '../props/prop-types';
import { GATEWAY_AUTHORIZATION } from './gateway-authorization';
import { GATEWAY_EXPOSURE } from './gateway-exposure';
import type { GatewayClient, GatewayLimits, InferenceGatewayProps } from './gateway-options';
import { INFERENCE_TARGET } from './inference-target';
import { PROMPT_SCREENING } from './prompt-screening';
import { RESPONSE_MODE } from './response-mode';

const LIMITS: PropSchema<GatewayLimits> = { requestsPerSecond: NUMBER, burst: NUMBER, requestsPerAddress: NUMBER };

const CLIENT: PropSchema<GatewayClient> = {
  requestsPerSecond: required(NUMBER),
  burst: NUMBER,
  requestsPerDay: NUMBER,
};

const BODY_SIZE: PropType = hasMembers('a Size', ['toKibibytes', 'isUnresolved'], (value) =>
  typeof value === 'number' ? `Use Size.kibibytes(${value}).` : 'Use Size.kibibytes(…).',
);

/** Types of the props of a gateway, except `endpoint`. */
export const GATEWAY_OPTIONS: PropSchema<Omit<InferenceGatewayProps, 'endpoint'>> = {
  exposure: required(GATEWAY_EXPOSURE),
  authorization: requiredAuthorization(GATEWAY_AUTHORIZATION, 'Use GatewayAuthorization.iam().'),
  screening: PROMPT_SCREENING,
  responses: RESPONSE_MODE,
  maxBody: BODY_SIZE,
  limits: objectOf(LIMITS),
  clients: recordOf(objectOf(CLIENT)),
  logRetention: RETENTION_DAYS,
  cloudWatchRole: BOOLEAN,
  removalPolicy: REMOVAL_POLICY,
};

/** Types of the props of `InferenceGateway`. */
export const GATEWAY: PropSchema<InferenceGatewayProps> = { endpoint: required(INFERENCE_TARGET), ...GATEWAY_OPTIONS };
