import type { Construct } from 'constructs';
import { buffered, screenedInWindows, openToNetwork, unscreened } from '../../core/gateway-findings';
import { record } from '../../terraform/findings';
import type { ResolvedGateway } from './gateway-options';

/** Records the findings of a gateway. */
export function recordGatewayFindings(scope: Construct, gateway: ResolvedGateway): void {
  const { authorization, screening, endpoints, responses, tier, exposure } = gateway;
  if (!authorization.authenticates) recordOpen(scope);
  const unscreenedEndpoints = [...endpoints]
    .filter(([, { endpoint }]) => endpoint.screens !== true)
    .map(([name]) => name);
  if (!screening.screens && unscreenedEndpoints.length > 0) recordUnscreened(scope, unscreenedEndpoints);
  if (screening.screens) recordUnprovenScreening(scope);
  if (screening.screens && responses.streams && (screening.options.answers ?? true)) recordScreenedStream(scope);
  if (!responses.streams) recordBuffered(scope);
  if (!tier.hasSla) recordNoSla(scope);
  if (exposure.isPrivate && exposure.virtualNetworkId === undefined) recordUnresolved(scope);
}

function recordOpen(scope: Construct): void {
  const evidence = 'https://learn.microsoft.com/en-us/azure/api-management/virtual-network-concepts';
  record(scope, openToNetwork('the network', 'GatewayAuthorization.entra()', evidence));
}

function recordUnscreened(scope: Construct, names: readonly string[]): void {
  record(scope, unscreened(names.join(', '), 'PromptScreening.contentSafety()', 'the callers'));
}

function recordUnprovenScreening(scope: Construct): void {
  record(scope, {
    id: 'gateway/unproven-screening',
    level: 'warning',
    message:
      'The gateway authenticates to Content Safety with its identity, as in the samples of Microsoft. No published schema of a backend includes it. If Azure rejects it, each request fails.',
    fix: 'Send one request after the first deployment. If it fails, set the identity of the backend content-safety in the portal. Then acknowledge this finding.',
    evidence: 'https://github.com/Azure-Samples/AI-Gateway/blob/main/labs/content-safety/main.bicep',
  });
}

function recordScreenedStream(scope: Construct): void {
  const how = 'is screened in windows, and a blocked window cuts it off after the caller has read a part';
  record(
    scope,
    screenedInWindows(how, 'https://learn.microsoft.com/en-us/azure/api-management/llm-content-safety-policy'),
  );
}

function recordBuffered(scope: Construct): void {
  record(scope, buffered('https://learn.microsoft.com/en-us/azure/api-management/how-to-server-sent-events'));
}

function recordNoSla(scope: Construct): void {
  record(scope, {
    id: 'gateway/no-sla',
    level: 'warning',
    message: 'The Developer tier has no SLA. Its only unit stops during updates.',
    fix: 'Use GatewayTier.premium() for production, or acknowledge this finding.',
    evidence: 'https://learn.microsoft.com/en-us/azure/api-management/api-management-features',
  });
}

function recordUnresolved(scope: Construct): void {
  record(scope, {
    id: 'gateway/unresolved',
    level: 'warning',
    message: 'No private DNS zone resolves the name of the private gateway.',
    fix: 'Set virtualNetworkId in GatewayExposure.private(), or resolve the name yourself and acknowledge this finding.',
    evidence:
      'https://learn.microsoft.com/en-us/azure/api-management/api-management-using-with-internal-vnet#dns-configuration',
  });
}
