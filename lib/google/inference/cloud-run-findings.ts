import type { FindingId } from '../../core/findings';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { record } from '../../terraform/findings';
import { isUnknown } from '../../terraform/tokens';
import type { SettledService } from './cloud-run-checks';
import { gpuRow } from './cloud-run-gpu';
import type { CloudRunInference } from './cloud-run-inference';
import { CloudRunIngress, type CloudRunInferenceProps } from './cloud-run-props';
import { startSeconds } from './cloud-run-start';
import { recordRequestTime } from './request-time';

const GPU_PAGE = 'https://cloud.google.com/run/docs/configuring/services/gpu';

// What the construct knows better: the machine of the table stands for a GPU alone.
const OWN: readonly FindingId[] = ['machine/unverified'];

/** Records what is doubtful about a model on Cloud Run. */
export function recordServiceFindings(
  service: CloudRunInference,
  props: CloudRunInferenceProps,
  settled: SettledService,
): void {
  recordRegion(service);
  recordReach(service, props);
  recordInstances(service, props);
  recordImage(service, props, settled);
  const { plan } = service;
  if (!plan) return;
  for (const finding of plan.findings) if (!OWN.includes(finding.id)) record(service, finding);
  recordRequestTime(service, plan, settled.requestTime);
  recordSize(service, props, plan);
}

function recordRegion(service: CloudRunInference): void {
  const { region, gpu } = service;
  const { title, regions, byInvitation } = gpuRow(gpu);
  if (isUnknown(region) || (regions.includes(region) && !byInvitation.includes(region))) return;
  const open = regions.filter((one) => !byInvitation.includes(one)).join(', ');
  record(service, {
    id: 'machine/region',
    level: 'warning',
    message: byInvitation.includes(region)
      ? `Cloud Run has ${title} in ${region} for those whom Google invited.`
      : `No source lists ${title} on Cloud Run in ${region}; it is in ${open}.`,
    fix: `Move to one of ${open}, or acknowledge this when the region has it for you.`,
    evidence: GPU_PAGE,
  });
}

function recordReach(service: CloudRunInference, { ingress, network }: CloudRunInferenceProps): void {
  if (ingress === CloudRunIngress.ALL) {
    record(service, {
      id: 'network/public-endpoint',
      level: 'warning',
      message: 'The service answers from any network, to whom IAM lets in.',
      fix: 'Leave ingress out, or put a load balancer before it and use CloudRunIngress.LOAD_BALANCER.',
      evidence: 'https://cloud.google.com/run/docs/securing/ingress',
    });
  }
  if (network) return;
  record(service, {
    id: 'network/open-container',
    level: 'warning',
    message: 'Containers reach the internet through Google’s network: what a model is made to send, nobody sees.',
    fix: 'Give a network, whose firewall and logs see it.',
    evidence: 'https://cloud.google.com/run/docs/configuring/vpc-direct-vpc',
  });
}

function recordInstances(service: CloudRunInference, props: CloudRunInferenceProps): void {
  const { minimum, maximum } = service.limits;
  if (minimum === 0) {
    record(service, {
      id: 'serving/wake-up',
      level: 'info',
      message: `Without instances the first request waits until one is up: within ${startSeconds(props)} s, as the start is allowed.`,
      fix: 'Set scaling.minimum to 1 where nobody should wait.',
      evidence: 'https://cloud.google.com/run/docs/configuring/services/gpu-best-practices',
    });
  }
  if (maximum > 1) return;
  record(service, {
    id: 'serving/one-replica',
    level: 'info',
    message: 'One instance at most answers all requests.',
    fix: 'Set scaling.maximum to 2 or more where it matters: the quota of GPUs must allow it.',
    evidence: GPU_PAGE,
  });
}

function recordImage(
  service: CloudRunInference,
  { server: given }: CloudRunInferenceProps,
  { server: { image } }: SettledService,
): void {
  if (!image.includes('@sha256:')) {
    record(service, {
      id: 'image/mutable',
      level: 'info',
      message: `The server runs ${image}, whose tag may come to mean other content.`,
      fix: 'Name the image by its digest, best in a registry of your own.',
      evidence: 'https://cloud.google.com/artifact-registry/docs/docker/names',
    });
  }
  const { title, driver, cuda } = gpuRow(service.gpu);
  if (given?.hasOwnImage || cuda >= CUDA_OF_PUBLIC_IMAGES) return;
  record(service, {
    id: 'image/driver',
    level: 'warning',
    message: `The ${title} of Cloud Run has driver ${driver}, which runs CUDA ${cuda} by itself: the public image needs the compatibility libraries that it carries.`,
    fix: 'Try it once, or build an image with that CUDA.',
    evidence: GPU_PAGE,
  });
}

/** Public images of the servers are built with CUDA 12.9 or newer. Recalled from the releases of vLLM, unverified. */
const CUDA_OF_PUBLIC_IMAGES = 12.9;

/** Share by which the files of a model may differ from its declared weights: adapters, tokenizers, rounding. */
const SIZE_TOLERANCE = 0.25;

function recordSize(service: CloudRunInference, { model, load }: CloudRunInferenceProps, plan: ServingPlan): void {
  const planned = (plan.coldStart.weightsGB * 1e9) / 2 ** 30;
  if (!load || Math.abs(model.sizeGiB - planned) <= SIZE_TOLERANCE * planned) return;
  record(service, {
    id: 'model/size',
    level: 'warning',
    message: `The files are ${Math.round(model.sizeGiB)} GiB, and the weights of ${load.model.name} in ${load.weightPrecision} are ${Math.round(planned)} GiB.`,
    fix: 'State weightPrecision of the load as the files have it, or mend the size.',
    evidence: `parameters of ${load.model.name} at ${load.weightPrecision}`,
  });
}
