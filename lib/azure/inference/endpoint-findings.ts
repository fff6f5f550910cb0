import type { Construct } from 'constructs';
import { AZURE_ML_LIMITS, AZURE_ML_ONLINE_MACHINES, type AzureMlOnlineRow } from '../../core/catalog/azure-ml-hosting';
import { record } from '../../terraform/findings';
import { isUnknown } from '../../terraform/tokens';
import type { InferenceEndpointProps } from './endpoint-options';
import type { SettledEndpoint, SettledModel } from './settled-endpoint';

const HOSTS: Readonly<Record<string, AzureMlOnlineRow>> = AZURE_ML_ONLINE_MACHINES;
const QUOTAS = 'https://learn.microsoft.com/en-us/azure/machine-learning/how-to-manage-quotas';
const SIZES = 'https://learn.microsoft.com/en-us/azure/machine-learning/reference-managed-online-endpoints-vm-sku-list';

/** Records what is doubtful about an endpoint. */
export function recordEndpointFindings(
  scope: Construct,
  props: InferenceEndpointProps,
  { models, plan }: SettledEndpoint,
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
    message: `The list of machines for managed online endpoints does not name ${name}: it ends with those of H100.`,
    fix: 'Ask the service by `az ml compute list-sizes`, and acknowledge this, or serve on AKS.',
    evidence: SIZES,
  });
}

function recordModel(scope: Construct, model: SettledModel): void {
  const { name, limits, machine, trafficPercent, concurrencyKnown } = model;
  recordImage(scope, model);
  if (!concurrencyKnown) {
    record(scope, {
      id: 'serving/one-request',
      level: 'warning',
      message: `Each instance of ${name} gets one request at a time, as the service has it: others are refused with 429.`,
      fix: 'State concurrency, or a load: servers such as vLLM answer many at once.',
      evidence:
        'https://learn.microsoft.com/en-us/azure/machine-learning/reference-yaml-deployment-managed-online#requestsettings',
    });
  }
  if (trafficPercent > 0 && limits.minimum === 1) {
    record(scope, {
      id: 'serving/one-replica',
      level: 'info',
      message: `${name} may stand on one instance alone: Azure ML advises three, and more.`,
      fix: 'Set scaling.minimum to 3 where it matters.',
      evidence: SIZES,
    });
  }
  if (HOSTS[machine.name]?.reservesFifth) {
    const quota = Math.ceil(limits.maximum * 1.2);
    record(scope, {
      id: 'quota/upgrade-reserve',
      level: 'info',
      message: `${name} needs a quota of ${quota} ${machine.name}: a fifth more than its ${limits.maximum} instances is kept for updates.`,
      fix: `Ask for cores of ${quota} machines.`,
      evidence: QUOTAS,
    });
  }
  if (limits.maximum > limits.minimum) {
    record(scope, {
      id: 'scaling/utilization',
      level: 'info',
      message: `${name} scales by the use of its accelerators, which a server that batches keeps high with few requests already.`,
      fix: 'Look at it under load, and set scaling.targetUtilizationPercent to what was seen.',
      evidence: 'https://learn.microsoft.com/en-us/azure/machine-learning/how-to-autoscale-endpoints',
    });
  }
}

const BY_DIGEST = /@sha256:[0-9a-f]{64}$/;

function recordImage(scope: Construct, { name, model }: SettledModel): void {
  const { imageName } = model.container;
  if (imageName === undefined || isUnknown(imageName) || BY_DIGEST.test(imageName)) return;
  record(scope, {
    id: 'image/mutable',
    level: 'warning',
    message: `${name} is served by ${imageName}, whose tag may come to mean another image.`,
    fix: 'Name it by its digest, …@sha256:…, or acknowledge this.',
    evidence: 'https://learn.microsoft.com/en-us/azure/container-registry/container-registry-image-lock',
  });
}

function recordLoad(scope: Construct, { load }: InferenceEndpointProps): void {
  const { requestsPerSecond } = AZURE_ML_LIMITS;
  if (load?.requestsPerSecond === undefined || load.requestsPerSecond <= requestsPerSecond) return;
  record(scope, {
    id: 'quota/endpoint-rate',
    level: 'warning',
    message: `The load has ${load.requestsPerSecond} requests a second, and an endpoint lets ${requestsPerSecond} through, and ${AZURE_ML_LIMITS.megabytesPerSecond} MB/s, before its limits are raised.`,
    fix: 'Ask for the limits by ticket, or share the load out over endpoints.',
    evidence: QUOTAS,
  });
}
