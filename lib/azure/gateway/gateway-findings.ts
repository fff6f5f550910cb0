import type { Construct } from 'constructs';
import { buffered, judgedInPieces, openToNetwork, unscreened } from '../../core/gateway-findings';
import { record } from '../../terraform/findings';
import type { SettledGateway } from './gateway-options';

/** Records what is doubtful about a gateway. */
export function recordGatewayFindings(scope: Construct, gateway: SettledGateway): void {
  const { authorization, screening, endpoints, responses, tier, exposure } = gateway;
  if (!authorization.authenticates) recordOpen(scope);
  const alone = [...endpoints].filter(([, { endpoint }]) => endpoint.screens !== true).map(([name]) => name);
  if (!screening.screens && alone.length > 0) recordUnscreened(scope, alone);
  if (screening.screens) recordUnproven(scope);
  if (screening.screens && responses.streams && (screening.options.answers ?? true)) recordPieces(scope);
  if (!responses.streams) recordBuffered(scope);
  if (!tier.isPromised) recordNoPromise(scope);
  if (exposure.isPrivate && exposure.virtualNetworkId === undefined) recordUnresolved(scope);
}

function recordOpen(scope: Construct): void {
  const evidence = 'https://learn.microsoft.com/en-us/azure/api-management/virtual-network-concepts';
  record(scope, openToNetwork('the network', 'GatewayAuthorization.entra()', evidence));
}

function recordUnscreened(scope: Construct, names: readonly string[]): void {
  record(scope, unscreened(names.join(', '), 'PromptScreening.contentSafety()', 'the callers'));
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
  const how = 'is judged piece by piece; one that is refused cuts off what was read already';
  record(
    scope,
    judgedInPieces(how, 'https://learn.microsoft.com/en-us/azure/api-management/llm-content-safety-policy'),
  );
}

function recordBuffered(scope: Construct): void {
  record(scope, buffered('https://learn.microsoft.com/en-us/azure/api-management/how-to-server-sent-events'));
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
