import type { Construct } from 'constructs';
import { startupSeconds } from '../../kubernetes';
import { record } from '../../terraform/findings';
import { isUnknown } from '../../terraform/tokens';
import type { ContainerAppInferenceProps } from './container-app-inference-props';
import type { ResolvedScaling } from './container-app-plan';
import type { ContainerAppServer } from './container-app-server';

const INGRESS_SECONDS = 240;

/** Records the findings of an app. */
export function recordContainerAppFindings(
  scope: Construct,
  { model, clientCidrs }: ContainerAppInferenceProps,
  { image }: ContainerAppServer,
  { minReplicas, plan }: ResolvedScaling,
): void {
  if (!isUnknown(image) && !image.includes('@sha256:')) recordMutable(scope, image);
  if (minReplicas === 0) recordColdStart(scope, startupSeconds(model.sizeGiB));
  if (minReplicas === 1) recordOneReplica(scope);
  if (clientCidrs === undefined) recordOpen(scope);
  for (const finding of plan?.findings ?? []) record(scope, finding);
}

function recordMutable(scope: Construct, image: string): void {
  record(scope, {
    id: 'image/mutable',
    level: 'warning',
    message: `The tag of the image ${image} can change to other content.`,
    fix: 'Use the digest of the image, @sha256:….',
    evidence: 'https://learn.microsoft.com/en-us/azure/container-registry/container-registry-image-tag-version',
  });
}

function recordColdStart(scope: Construct, seconds: number): void {
  record(scope, {
    id: 'serving/cold-start',
    level: 'warning',
    message: `After scale to zero, the first request waits until a replica pulls its image and loads the weights, ${seconds} seconds or more. The ingress times out after ${INGRESS_SECONDS} seconds.`,
    fix: 'Set scaling.minReplicas to 1. Or stream the image from Azure Container Registry, let callers retry, and acknowledge this finding.',
    evidence: 'https://learn.microsoft.com/en-us/azure/container-apps/ingress-overview',
  });
}

function recordOneReplica(scope: Construct): void {
  record(scope, {
    id: 'serving/one-replica',
    level: 'info',
    message: 'One replica can serve all requests, so its failure stops the endpoint.',
    fix: 'Set scaling.minReplicas to 2 for high availability.',
    evidence: 'https://learn.microsoft.com/en-us/azure/reliability/reliability-azure-container-apps',
  });
}

function recordOpen(scope: Construct): void {
  record(scope, {
    id: 'serving/open-to-network',
    level: 'warning',
    message:
      'Anyone who can reach the network of the app can call the model: the server does not authenticate callers.',
    fix: 'Set clientCidrs to the subnet of an InferenceGateway, or acknowledge this finding.',
    evidence: 'https://learn.microsoft.com/en-us/azure/container-apps/ip-restrictions',
  });
}
