import { CLOUD_RUN } from '../../core/catalog/cloud-run-gpus';
import type { Problems } from '../../core/errors';
import type { ModelServer } from '../../kubernetes';
import { isUnknown } from '../../terraform/tokens';
import { checkKeyRegion } from '../operations/encryption-key';
import type { CloudRunInferenceProps } from './cloud-run-props';

/**
 * Registries that Cloud Run pulls from: its own, and Docker Hub.
 *
 * @see https://cloud.google.com/run/docs/deploying#images
 */
const REGISTRY = /^(([a-z0-9-]+-docker\.pkg\.dev|([a-z]+\.)?gcr\.io|docker\.io)\/|[^/.:]+\/|[^/]+$)/;

/** Variables that Cloud Run sets. @see https://cloud.google.com/run/docs/container-contract#env-vars */
const OWN_VARIABLES = ['PORT', 'K_SERVICE', 'K_REVISION', 'K_CONFIGURATION'];

const NAME = new RegExp(`^[a-z]([a-z0-9-]{0,${CLOUD_RUN.longestName - 2}}[a-z0-9])?$`);

/** Adds what contradicts the container of a service, its model and its name. */
export function checkService(problems: Problems, props: CloudRunInferenceProps, { image, env }: ModelServer): void {
  const { model, server, name, network, region } = props;
  model.check(problems.within('model'));
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ServingContainerInvalid', prop, allowed, got, fix });
  if (!isUnknown(image) && !REGISTRY.test(image)) {
    const fix = 'Copy it into Artifact Registry, or let a remote repository there fetch it.';
    wrong('server.image', 'an image of Artifact Registry or Docker Hub: Cloud Run pulls from nowhere else', image, fix);
  }
  if (!model.bucket && !server?.hasOwnImage) {
    wrong(
      'server.image',
      'an image of your own, which holds the model',
      image,
      'Name it in ServingServer.vllm({ image }).',
    );
  }
  for (const { name: variable } of env.filter((one) => OWN_VARIABLES.includes(one.name))) {
    wrong(`server.env.${variable}`, 'left to Cloud Run', variable, 'Leave it out.');
  }
  if (name !== undefined && !isUnknown(name) && !NAME.test(name)) {
    problems.add({
      code: 'InferenceName',
      prop: 'name',
      allowed: `1 to ${CLOUD_RUN.longestName} lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen`,
      got: name,
      fix: 'Give a short name.',
    });
  }
  checkKeyRegion(problems, props.encryptionKey, region);
  if (!network || isUnknown(region) || isUnknown(network.region) || network.region === region) return;
  problems.add({
    code: 'LocationInvalid',
    prop: 'network',
    allowed: `a network with a subnetwork in ${region}`,
    got: network.region,
    fix: 'Put both in one region.',
  });
}
