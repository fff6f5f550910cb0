import type { Construct } from 'constructs';
import { startupSeconds } from '../../kubernetes';
import { record } from '../../terraform/findings';
import { isUnknown } from '../../terraform/tokens';
import type { ContainerAppInferenceProps } from './container-app-inference-props';
import type { SettledScaling } from './container-app-plan';
import type { ContainerAppServer } from './container-app-server';

const INGRESS_SECONDS = 240;

/** Records what is doubtful about an app. */
export function recordContainerAppFindings(
  scope: Construct,
  { model, allowedCidrs }: ContainerAppInferenceProps,
  { image }: ContainerAppServer,
  { minimum, plan }: SettledScaling,
): void {
  if (!isUnknown(image) && !image.includes('@sha256:')) recordMutable(scope, image);
  if (minimum === 0) recordWakeUp(scope, startupSeconds(model.sizeGiB));
  if (minimum === 1) recordOneReplica(scope);
  if (allowedCidrs === undefined) recordOpen(scope);
  for (const finding of plan?.findings ?? []) record(scope, finding);
}

function recordMutable(scope: Construct, image: string): void {
  record(scope, {
    id: 'image/mutable',
    level: 'warning',
    message: `The image ${image} is named by a tag, which may come to mean other content.`,
    fix: 'Name it by its digest, @sha256:….',
    evidence: 'https://learn.microsoft.com/en-us/azure/container-registry/container-registry-image-tag-version',
  });
}

function recordWakeUp(scope: Construct, seconds: number): void {
  record(scope, {
    id: 'serving/wake-up',
    level: 'warning',
    message: `The first request after a pause waits until a replica has pulled its image and read its weights, which may take ${seconds} seconds and more; the ingress gives up after ${INGRESS_SECONDS}.`,
    fix: 'Set scaling.minimum to 1, stream the image from a registry of Azure, or let callers try again, and acknowledge this.',
    evidence: 'https://learn.microsoft.com/en-us/azure/container-apps/ingress-overview',
  });
}

function recordOneReplica(scope: Construct): void {
  record(scope, {
    id: 'serving/one-replica',
    level: 'info',
    message: 'One replica may answer all requests: its failure is that of the endpoint.',
    fix: 'Set scaling.minimum to 2 where it matters.',
    evidence: 'https://learn.microsoft.com/en-us/azure/reliability/reliability-azure-container-apps',
  });
}

function recordOpen(scope: Construct): void {
  record(scope, {
    id: 'serving/open-to-network',
    level: 'warning',
    message: 'Whoever reaches the network of the app may call the model: the server asks nobody who it is.',
    fix: 'Name the subnet of an InferenceGateway in allowedCidrs, or acknowledge this.',
    evidence: 'https://learn.microsoft.com/en-us/azure/container-apps/ip-restrictions',
  });
}
