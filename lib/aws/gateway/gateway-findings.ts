import type { Construct } from 'constructs';
import { buffered, judgedInPieces, openToNetwork, unscreened } from '../../core/gateway-findings';
import { record } from '../template/findings';
import { WAF_BODY_KIB } from './gateway-limits';
import { DEFAULT_MAX_BODY_KIB, type InferenceGatewayProps } from './gateway-options';
import type { PromptScreening } from './prompt-screening';
import type { ResponseMode } from './response-mode';

/** Records what is doubtful about a gateway. */
export function recordGatewayFindings(
  scope: Construct,
  { authorization, maxBodyKiB = DEFAULT_MAX_BODY_KIB }: InferenceGatewayProps,
  screening: PromptScreening,
  responses: ResponseMode,
): void {
  if (authorization.kind === 'none') recordOpen(scope);
  if (maxBodyKiB > WAF_BODY_KIB) recordLargeBodies(scope, maxBodyKiB);
  if (!screening.screens) recordUnscreened(scope);
  if (screening.existingGuardrail?.version === 'DRAFT') recordDraft(scope);
  if (!responses.streams) recordBuffered(scope);
  else if (screening.screens) recordWindows(scope, responses);
}

function recordOpen(scope: Construct): void {
  const evidence = 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html';
  record(scope, openToNetwork('a VPC endpoint', 'GatewayAuthorization.iam()', evidence));
}

function recordLargeBodies(scope: Construct, maxBodyKiB: number): void {
  record(scope, {
    id: 'gateway/body-beyond-firewall',
    level: 'warning',
    message: `Requests may have ${maxBodyKiB} KiB, and the firewall sees the first ${WAF_BODY_KIB}: what follows is judged by the function alone.`,
    fix: `Make maxBodyKiB at most ${WAF_BODY_KIB}, or acknowledge this.`,
    evidence: 'https://docs.aws.amazon.com/waf/latest/APIReference/API_Body.html',
  });
}

function recordUnscreened(scope: Construct): void {
  record(scope, unscreened('the model', 'PromptScreening.guardrail()', 'the model or the callers'));
}

function recordDraft(scope: Construct): void {
  record(scope, {
    id: 'gateway/guardrail-draft',
    level: 'warning',
    message: 'The draft of a guardrail changes for all callers whenever somebody edits it.',
    fix: 'Create a version, and name it.',
    evidence: 'https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-versions.html',
  });
}

function recordBuffered(scope: Construct): void {
  record(scope, buffered('https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html'));
}

function recordWindows(scope: Construct, { windowCharacters }: ResponseMode): void {
  const how = `comes in windows of up to ${windowCharacters} characters, each judged before it is shown; one that is refused cuts off an answer whose beginning was read, and data to mask does so, too`;
  const evidence = 'https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ApplyGuardrail.html';
  record(scope, judgedInPieces(how, evidence));
}
