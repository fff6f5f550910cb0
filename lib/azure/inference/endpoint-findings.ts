import type { Construct } from 'constructs';
import { AZURE_ML_LIMITS, AZURE_ML_ONLINE_MACHINES, type AzureMlOnlineRow } from '../../core/catalog/azure-ml-hosting';
import { record } from '../../terraform/findings';
import { isUnknown } from '../../terraform/tokens';
import type { InferenceEndpointProps } from './endpoint-options';
import type { ResolvedEndpoint, ResolvedModel } from './resolved-endpoint';

const HOSTS: Readonly<Record<string, AzureMlOnlineRow>> = AZURE_ML_ONLINE_MACHINES;
const QUOTAS = 'https://learn.microsoft.com/en-us/azure/machine-learning/how-to-manage-quotas';
const SIZES = 'https://learn.microsoft.com/en-us/azure/machine-learning/reference-managed-online-endpoints-vm-sku-list';

/** Records the findings of an endpoint. */
export function recordEndpointFindings(
  scope: Construct,
  props: InferenceEndpointProps,
  { models, plan }: ResolvedEndpoint,
): void {
  for (const name of new Set(models.map(({ machine }) => machine.name))) recordHost(scope, name);
  for (const model of models) recordModel(scope, model);
  for (const finding of plan?.findings ?? []) record(scope, finding);
  recordLoad(scope, props);
}

function recordHost(scope: Construct, name: string): void {
  if (Object.hasOwn(HOSTS, name)) return;
  record(scope, {
    id: 'machine/unverified',
    level: 'warning',
    message: `The documentation of managed online endpoints lists machines up to H100, but not ${name}.`,
    fix: 'Check `az ml compute list-sizes` and acknowledge this finding, or serve on AKS.',
    evidence: SIZES,
  });
}

function recordModel(scope: Construct, model: ResolvedModel): void {
  const { name, limits, machine, trafficPercent, concurrencyKnown } = model;
  recordImage(scope, model);
  if (!concurrencyKnown) {
    record(scope, {
      id: 'serving/one-request',
      level: 'warning',
      message: `Each instance of ${name} gets one request at a time, the default of Azure ML. More requests get status 429.`,
      fix: 'Set `concurrency`, or `load`: servers such as vLLM process many requests at once.',
      evidence:
        'https://learn.microsoft.com/en-us/azure/machine-learning/reference-yaml-deployment-managed-online#requestsettings',
    });
  }
  if (trafficPercent > 0 && limits.minReplicas === 1) {
    record(scope, {
      id: 'serving/one-replica',
      level: 'info',
      message: `${name} can run on one instance. Azure ML recommends at least three.`,
      fix: 'Set scaling.minReplicas to 3 for high availability.',
      evidence: SIZES,
    });
  }
  if (HOSTS[machine.name]?.reservesFifth) {
    const quota = Math.ceil(limits.maxReplicas * 1.2);
    record(scope, {
      id: 'quota/upgrade-reserve',
      level: 'info',
      message: `${name} needs quota for ${quota} ${machine.name}: its ${limits.maxReplicas} instances, and 20 percent that Azure ML reserves for updates.`,
      fix: `Request quota for the cores of ${quota} machines.`,
      evidence: QUOTAS,
    });
  }
  if (limits.maxReplicas > limits.minReplicas) {
    record(scope, {
      id: 'scaling/utilization',
      level: 'info',
      message: `${name} scales by GPU utilization. A server with batching keeps it high even with few requests.`,
      fix: 'Measure it under load, and set scaling.targetUtilizationPercent to the measured value.',
      evidence: 'https://learn.microsoft.com/en-us/azure/machine-learning/how-to-autoscale-endpoints',
    });
  }
}

const BY_DIGEST = /@sha256:[0-9a-f]{64}$/;

function recordImage(scope: Construct, { name, model }: ResolvedModel): void {
  const { imageName } = model.container;
  if (imageName === undefined || isUnknown(imageName) || BY_DIGEST.test(imageName)) return;
  record(scope, {
    id: 'image/mutable',
    level: 'warning',
    message: `${name} uses ${imageName}, and its tag can change to another image.`,
    fix: 'Use the digest of the image, …@sha256:…, or acknowledge this finding.',
    evidence: 'https://learn.microsoft.com/en-us/azure/container-registry/container-registry-image-lock',
  });
}

function recordLoad(scope: Construct, { load }: InferenceEndpointProps): void {
  const { requestsPerSecond } = AZURE_ML_LIMITS;
  if (load?.requestsPerSecond === undefined || load.requestsPerSecond <= requestsPerSecond) return;
  record(scope, {
    id: 'quota/endpoint-rate',
    level: 'warning',
    message: `The load has ${load.requestsPerSecond} requests per second. By default, an endpoint allows ${requestsPerSecond} per second, and ${AZURE_ML_LIMITS.megabytesPerSecond} MB/s.`,
    fix: 'Request higher limits with a support ticket, or split the load between endpoints.',
    evidence: QUOTAS,
  });
}
