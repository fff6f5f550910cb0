import type { Construct } from 'constructs';
import { buffered, screenedInWindows, openToNetwork, unscreened } from '../../core/gateway-findings';
import { record } from '../template/findings';
import { WAF_BODY_KIB } from './gateway-limits';
import { type InferenceGatewayProps, maxBodyKiBOf } from './gateway-options';
import type { PromptScreening } from './prompt-screening';
import type { ResponseMode } from './response-mode';

/** Records the findings of a gateway. */
export function recordGatewayFindings(
  scope: Construct,
  props: InferenceGatewayProps,
  screening: PromptScreening,
  responses: ResponseMode,
): void {
  const maxBodyKiB = maxBodyKiBOf(props);
  if (props.authorization.kind === 'none') recordOpen(scope);
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
    message: `Requests can have ${maxBodyKiB} KiB, but the firewall inspects only the first ${WAF_BODY_KIB}. Only the function checks the rest.`,
    fix: `Set maxBody to at most ${WAF_BODY_KIB} KiB, or acknowledge this.`,
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
    message: 'The draft of a guardrail changes for all callers when someone edits it.',
    fix: 'Create a version of the guardrail, and use its number.',
    evidence: 'https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-versions.html',
  });
}

function recordBuffered(scope: Construct): void {
  record(scope, buffered('https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html'));
}

function recordWindows(scope: Construct, { windowCharacters }: ResponseMode): void {
  const how = `is screened in windows of up to ${windowCharacters} characters. A refused window, or one with data to mask, cuts it off after the caller has read its beginning`;
  const evidence = 'https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ApplyGuardrail.html';
  record(scope, screenedInWindows(how, evidence));
}
