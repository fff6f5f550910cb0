import { openContainer } from '../../core/machine-findings';
import { imageFindings, planFindings, sizeFindings } from '../../kubernetes/serving/inference-findings';
import { record } from '../../terraform/findings';
import { isUnknown } from '../../terraform/tokens';
import type { SettledService } from './cloud-run-checks';
import { gpuRow } from './cloud-run-gpu';
import type { CloudRunInference } from './cloud-run-inference';
import { CloudRunIngress, type CloudRunInferenceProps } from './cloud-run-props';
import { startSeconds } from './cloud-run-start';
import { IMAGE_NAMES } from './image-names';
import { recordRequestTime } from './request-time';

const GPU_PAGE = 'https://cloud.google.com/run/docs/configuring/services/gpu';

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
  // What the construct knows better is left out: the machine of the table stands for a GPU alone.
  for (const finding of planFindings(plan)) record(service, finding);
  recordRequestTime(service, plan, settled.requestTime);
  const { model, load } = props;
  for (const finding of sizeFindings({ sizeGiB: model.sizeGiB, load, plan })) record(service, finding);
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
  const evidence = 'https://cloud.google.com/run/docs/configuring/vpc-direct-vpc';
  record(service, openContainer('Google', 'Give a network, whose firewall and logs see it.', evidence));
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
  for (const finding of imageFindings(image, IMAGE_NAMES)) record(service, finding);
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
