import { openContainer } from '../../core/machine-findings';
import { imageFindings, planFindings, sizeFindings } from '../../kubernetes/serving/inference-findings';
import { record } from '../../terraform/findings';
import { isUnknown } from '../../terraform/tokens';
import type { ResolvedService } from './cloud-run-checks';
import { gpuRow } from './cloud-run-gpu';
import type { CloudRunInference } from './cloud-run-inference';
import { CloudRunIngress, type CloudRunInferenceProps } from './cloud-run-props';
import { startSeconds } from './cloud-run-start';
import { IMAGE_NAMES } from './image-names';
import { recordRequestTime } from './request-time';

const GPU_PAGE = 'https://cloud.google.com/run/docs/configuring/services/gpu';

/** Records the findings of a model on Cloud Run. */
export function recordServiceFindings(
  service: CloudRunInference,
  props: CloudRunInferenceProps,
  resolved: ResolvedService,
): void {
  recordRegion(service);
  recordExposure(service, props);
  recordInstances(service, props);
  recordImage(service, props, resolved);
  const { plan } = service;
  if (!plan) return;
  for (const finding of planFindings(plan)) record(service, finding);
  recordRequestTime(service, plan, resolved.requestTime);
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
      ? `In ${region}, Cloud Run offers ${title} only to invited projects.`
      : `No source lists ${title} on Cloud Run in ${region}. It is available in ${open}.`,
    fix: `Use one of ${open}, or acknowledge this if your project has the GPU in this region.`,
    evidence: GPU_PAGE,
  });
}

function recordExposure(service: CloudRunInference, { ingress, network }: CloudRunInferenceProps): void {
  if (ingress === CloudRunIngress.ALL) {
    record(service, {
      id: 'network/public-endpoint',
      level: 'warning',
      message: 'The service accepts requests from the internet, if IAM allows the caller.',
      fix: 'Leave ingress out, or use a load balancer and CloudRunIngress.LOAD_BALANCER.',
      evidence: 'https://cloud.google.com/run/docs/securing/ingress',
    });
  }
  if (network) return;
  const evidence = 'https://cloud.google.com/run/docs/configuring/vpc-direct-vpc';
  record(service, openContainer('Google', 'Set network: its firewall and flow logs then apply.', evidence));
}

function recordInstances(service: CloudRunInference, props: CloudRunInferenceProps): void {
  const { minReplicas, maxReplicas } = service.limits;
  if (minReplicas === 0) {
    record(service, {
      id: 'serving/cold-start',
      level: 'info',
      message: `After an idle period the first request waits until an instance is ready, for up to ${startSeconds(props)} s.`,
      fix: 'Set scaling.minReplicas to 1 if no request may wait.',
      evidence: 'https://cloud.google.com/run/docs/configuring/services/gpu-best-practices',
    });
  }
  if (maxReplicas > 1) return;
  record(service, {
    id: 'serving/one-replica',
    level: 'info',
    message: 'At most one instance answers all requests.',
    fix: 'Set scaling.maxReplicas to 2 or more for availability, within your GPU quota.',
    evidence: GPU_PAGE,
  });
}

function recordImage(
  service: CloudRunInference,
  { server }: CloudRunInferenceProps,
  { server: { image } }: ResolvedService,
): void {
  for (const finding of imageFindings(image, IMAGE_NAMES)) record(service, finding);
  const { title, driver, cuda } = gpuRow(service.gpu);
  if (server?.hasOwnImage || cuda >= CUDA_OF_PUBLIC_IMAGES) return;
  record(service, {
    id: 'image/driver',
    level: 'warning',
    message: `The ${title} on Cloud Run has driver ${driver}, which supports CUDA ${cuda}. The public image is newer and depends on its compatibility libraries.`,
    fix: 'Test the image once, or build one with that CUDA version.',
    evidence: GPU_PAGE,
  });
}

/** CUDA version of the public server images, 12.9 or newer. Recalled from the releases of vLLM, unverified. */
const CUDA_OF_PUBLIC_IMAGES = 12.9;
