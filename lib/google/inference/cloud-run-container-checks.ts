import { CLOUD_RUN } from '../../core/catalog/cloud-run-gpus';
import type { ProblemCollector } from '../../core/errors';
import type { ModelServer } from '../../kubernetes';
import { isUnknown } from '../../terraform/tokens';
import { checkKeyRegion } from '../operations/encryption-key';
import type { CloudRunInferenceProps } from './cloud-run-props';

/**
 * Registries that Cloud Run pulls from: Google's registries, and Docker Hub.
 *
 * @see https://cloud.google.com/run/docs/deploying#images
 */
const REGISTRY = /^(([a-z0-9-]+-docker\.pkg\.dev|([a-z]+\.)?gcr\.io|docker\.io)\/|[^/.:]+\/|[^/]+$)/;

/** Variables that Cloud Run sets. @see https://cloud.google.com/run/docs/container-contract#env-vars */
const RESERVED_VARIABLES = ['PORT', 'K_SERVICE', 'K_REVISION', 'K_CONFIGURATION'];

const NAME = new RegExp(`^[a-z]([a-z0-9-]{0,${CLOUD_RUN.maxNameLength - 2}}[a-z0-9])?$`);

/** Checks the container of a service, its model, its name, its key and its network. */
export function checkService(
  problems: ProblemCollector,
  props: CloudRunInferenceProps,
  { image, env }: ModelServer,
): void {
  const { model, server, name, network, region } = props;
  model.check(problems.within('model'));
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ServingContainerInvalid', prop, allowed, got, fix });
  if (!isUnknown(image) && !REGISTRY.test(image)) {
    const fix = 'Copy the image to Artifact Registry, or use a remote repository there.';
    wrong('server.image', 'an image in Artifact Registry or on Docker Hub, as Cloud Run requires', image, fix);
  }
  if (!model.bucket && !server?.hasOwnImage) {
    const fix = 'Set it in ServingServer.vllm({ image }).';
    wrong('server.image', 'your own image, which contains the model', image, fix);
  }
  for (const { name: variable } of env.filter((one) => RESERVED_VARIABLES.includes(one.name))) {
    wrong(`server.env.${variable}`, 'left out, because Cloud Run sets it', variable, 'Leave it out.');
  }
  if (name !== undefined && !isUnknown(name) && !NAME.test(name)) {
    problems.add({
      code: 'InferenceName',
      prop: 'name',
      allowed: `1 to ${CLOUD_RUN.maxNameLength} lowercase letters, digits and hyphens, with a letter first and no hyphen at the end`,
      got: name,
      fix: 'Choose another name.',
    });
  }
  checkKeyRegion(problems, props.encryptionKey, region);
  if (!network || isUnknown(region) || isUnknown(network.region) || network.region === region) return;
  problems.add({
    code: 'LocationInvalid',
    prop: 'network',
    allowed: `a network with a subnetwork in ${region}`,
    got: network.region,
    fix: 'Use the same region for both.',
  });
}
