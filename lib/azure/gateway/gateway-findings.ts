import type { Construct } from 'constructs';
import { record } from '../../terraform/findings';
import type { SettledGateway } from './gateway-options';

/** Records what is doubtful about a gateway. */
export function recordGatewayFindings(scope: Construct, gateway: SettledGateway): void {
  const { authorization, screening, endpoints, responses, tier, exposure } = gateway;
  if (!authorization.authenticates) recordOpen(scope);
  const unscreened = [...endpoints].filter(([, { endpoint }]) => endpoint.screens !== true).map(([name]) => name);
  if (!screening.screens && unscreened.length > 0) recordUnscreened(scope, unscreened);
  if (screening.screens) recordUnproven(scope);
  if (screening.screens && responses.streams && (screening.options.answers ?? true)) recordPieces(scope);
  if (!responses.streams) recordBuffered(scope);
  if (!tier.isPromised) recordNoPromise(scope);
  if (exposure.isPrivate && exposure.virtualNetworkId === undefined) recordUnresolved(scope);
}

function recordOpen(scope: Construct): void {
  record(scope, {
    id: 'gateway/open-to-network',
    level: 'warning',
    message: 'Whoever reaches the network of the gateway may call the model, and no log says who it was.',
    fix: 'Use GatewayAuthorization.entra(), or acknowledge this.',
    evidence: 'https://learn.microsoft.com/en-us/azure/api-management/virtual-network-concepts',
  });
}

function recordUnscreened(scope: Construct, names: readonly string[]): void {
  record(scope, {
    id: 'gateway/unscreened',
    level: 'warning',
    message: `Nothing judges what goes to ${names.join(', ')} and what comes from it.`,
    fix: 'Use PromptScreening.contentSafety(), or acknowledge this where the callers do so.',
    evidence: 'https://genai.owasp.org/llmrisk/llm01-prompt-injection/',
  });
}

function recordUnproven(scope: Construct): void {
  record(scope, {
    id: 'gateway/unproven-screening',
    level: 'warning',
    message:
      "The gateway signs its requests to Content Safety by its identity, as Microsoft's samples do and no published schema of a backend has it; where Azure did not take it, each request ends with an error.",
    fix: 'Send one request after the first deployment; set the identity of the backend content-safety in the portal if it fails, and acknowledge this.',
    evidence: 'https://github.com/Azure-Samples/AI-Gateway/blob/main/labs/content-safety/main.bicep',
  });
}

function recordPieces(scope: Construct): void {
  record(scope, {
    id: 'gateway/stream-in-windows',
    level: 'info',
    message: 'A streamed answer is judged piece by piece; one that is refused cuts off what was read already.',
    fix: 'Use ResponseMode.buffered() where an answer must be judged as a whole.',
    evidence: 'https://learn.microsoft.com/en-us/azure/api-management/llm-content-safety-policy',
  });
}

function recordBuffered(scope: Construct): void {
  record(scope, {
    id: 'gateway/buffered',
    level: 'info',
    message: 'Callers see nothing of an answer until all of it is there.',
    fix: 'Use ResponseMode.streamed().',
    evidence: 'https://learn.microsoft.com/en-us/azure/api-management/how-to-server-sent-events',
  });
}

function recordNoPromise(scope: Construct): void {
  record(scope, {
    id: 'gateway/no-promise',
    level: 'warning',
    message: 'Azure promises nothing of the Developer tier: one unit, which stands still while it is changed.',
    fix: 'Use GatewayTier.premium() for callers who rely on it, or acknowledge this.',
    evidence: 'https://learn.microsoft.com/en-us/azure/api-management/api-management-features',
  });
}

function recordUnresolved(scope: Construct): void {
  record(scope, {
    id: 'gateway/unresolved',
    level: 'warning',
    message: 'No network finds the private gateway by its name.',
    fix: 'Name virtualNetworkId in GatewayExposure.private(), or point the name at its private addresses, and acknowledge this.',
    evidence:
      'https://learn.microsoft.com/en-us/azure/api-management/api-management-using-with-internal-vnet#dns-configuration',
  });
}
