import { imageFindings, planFindings, sizeFindings } from '../../kubernetes/serving/inference-findings';
import { record } from '../../terraform/findings';
import { recordRequestTime } from '../../terraform/request-time';
import { recordMachineFindings } from '../machine/machine';
import { requestTime } from './endpoint-checks';
import type { InferenceEndpointProps } from './endpoint-options';
import type { InferenceEndpoint } from './inference-endpoint';
import type { ResolvedEndpoint, ResolvedModel } from './resolved-endpoint';

const GATEWAYS = 'https://www.alibabacloud.com/help/en/pai/call-via-shared-gateway-public-network-intranet';
const CONFIGURATION = 'https://www.alibabacloud.com/help/en/pai/parameters-of-model-services';
const SPOT = 'https://www.alibabacloud.com/help/en/pai/public-resource-group';
/** Images of a registry: how a digest names one. */
const IMAGES = 'https://www.alibabacloud.com/help/en/acr/user-guide/pull-an-image';
/** Requests per second of a service and of a service group on the shared gateway. @see CONFIGURATION */
const SHARED_GATEWAY = { service: 1000, group: 10_000 };

/** Records the findings of an endpoint. */
export function recordEndpointFindings(
  endpoint: InferenceEndpoint,
  props: InferenceEndpointProps,
  { models, plan }: ResolvedEndpoint,
): void {
  recordMachines(endpoint, models);
  recordExposure(endpoint, props);
  recordZones(endpoint, props);
  recordSpot(endpoint, props);
  recordRate(endpoint, props, models.length);
  for (const model of models) recordModel(endpoint, props, model);
  for (const finding of planFindings(plan)) record(endpoint, finding);
}

function recordMachines(endpoint: InferenceEndpoint, models: readonly ResolvedModel[]): void {
  for (const machine of new Set(models.map(({ machine: each }) => each))) {
    recordMachineFindings(endpoint, machine);
    if (!machine.isBareMetal && !machine.family.endsWith('-tee')) continue;
    record(endpoint, {
      id: 'machine/region',
      level: 'warning',
      message: `No source lists ${machine.name} as a public machine of EAS.`,
      fix: 'Check `aliyun eas DescribeMachineSpec` in your region, or choose a virtual machine type.',
      evidence: 'https://www.alibabacloud.com/help/en/pai/developer-reference/api-eas-2021-07-01-describemachinespec',
    });
  }
}

function recordExposure(endpoint: InferenceEndpoint, { publicAccess, gatewayId }: InferenceEndpointProps): void {
  if (publicAccess) {
    record(endpoint, {
      id: 'network/public-endpoint',
      level: 'warning',
      message: 'The endpoint accepts requests from the internet, if the caller has its token.',
      fix: 'Leave publicAccess out, and call the endpoint from a VPC in the region.',
      evidence: GATEWAYS,
    });
  }
  if (gatewayId !== undefined) return;
  record(endpoint, {
    id: 'network/plain-requests',
    level: 'info',
    message:
      'The documented address of the shared gateway is HTTP, so requests and the token cross the network unencrypted.',
    fix: 'Use a dedicated gateway with a certificate, and set gatewayId.',
    evidence: GATEWAYS,
  });
}

function recordZones(endpoint: InferenceEndpoint, { network }: InferenceEndpointProps): void {
  if (network.vswitches.length > 1) return;
  record(endpoint, {
    id: 'serving/one-zone',
    level: 'info',
    message: 'All instances have network interfaces in one zone, so a zone failure stops the endpoint.',
    fix: 'Use a network with vSwitches in two or more zones.',
    evidence: CONFIGURATION,
  });
}

function recordSpot(endpoint: InferenceEndpoint, { spot }: InferenceEndpointProps): void {
  if (spot?.fallback !== false) return;
  record(endpoint, {
    id: 'spot/no-fallback',
    level: 'warning',
    message: 'The endpoint has no instances if the spot price is above the limit or no spot machine is available.',
    fix: 'Leave fallback out, so that EAS uses regular machines.',
    evidence: SPOT,
  });
}

function recordRate(endpoint: InferenceEndpoint, { load, gatewayId }: InferenceEndpointProps, models: number): void {
  const limit = models > 1 ? SHARED_GATEWAY.group : SHARED_GATEWAY.service;
  const rate = load?.requestsPerSecond ?? 0;
  if (gatewayId !== undefined || rate <= limit) return;
  record(endpoint, {
    id: 'quota/endpoint-rate',
    level: 'warning',
    message: `The load has ${rate} requests per second, but the shared gateway accepts ${limit} by default.`,
    fix: 'Use a dedicated gateway, and set gatewayId.',
    evidence: CONFIGURATION,
  });
}

function recordModel(endpoint: InferenceEndpoint, props: InferenceEndpointProps, resolved: ResolvedModel): void {
  const { name, server, limits, trafficPercent, planned, model } = resolved;
  for (const finding of imageFindings(server.image, IMAGES)) record(endpoint, finding);
  if (trafficPercent > 0 && limits.minReplicas === 1) {
    record(endpoint, {
      id: 'serving/one-replica',
      level: 'info',
      message: `${name} can run on one instance.`,
      fix: 'Set scaling.minReplicas to 2 or more for availability.',
      evidence: CONFIGURATION,
    });
  }
  if (!planned) return;
  recordRequestTime(endpoint, planned.plan, requestTime(resolved));
  const { sizeGiB } = model.model;
  for (const finding of sizeFindings({ sizeGiB, load: props.load, plan: planned.plan })) record(endpoint, finding);
}
