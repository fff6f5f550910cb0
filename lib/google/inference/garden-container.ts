import { VERTEX_INFERENCE } from '../../core/catalog/vertex-inference';
import type { Problems } from '../../core/errors';
import { isImageReference } from '../../core/image-reference';
import { type Kind, listOf, NUMBER, objectOf, recordOf, required, TEXT, TEXT_OR_EMPTY } from '../../core/shapes';
import { checkBounds, isUnknown } from '../../terraform/tokens';
import type { VertexAiEndpointWithModelGardenDeploymentConfig } from '../provider/google';

/** A container of your own that serves a model of the garden, in place of the one that Google has for it. */
export interface GardenContainer {
  /** An image of Artifact Registry, or of Google's own for serving: the service takes it from nowhere else. */
  readonly image: string;
  /** What it runs. @default - the entry point of the image */
  readonly command?: readonly string[];
  /** Arguments, in which `$(NAME)` is a variable. @default - those of the image */
  readonly args?: readonly string[];
  /** Its environment. @default - what the service sets itself */
  readonly env?: Readonly<Record<string, string>>;
  /** Where it listens. @default 8080 */
  readonly port?: number;
  /** HTTP path of requests. @default - the service's own, `/v1/endpoints/…:predict` */
  readonly predictRoute?: string;
  /** HTTP path that answers once the model is loaded. @default - the service's own, `/v1/endpoints/…` */
  readonly healthRoute?: string;
  /** MiB of the machine's memory that processes share. @default - 64, as containers have it */
  readonly sharedMemoryMiB?: number;
  /** Seconds in which it must be ready, up to 7200. @default - the service's own */
  readonly deploymentSeconds?: number;
}

/** A container by the kinds of its props. */
export const GARDEN_CONTAINER: Kind = objectOf<GardenContainer>(
  {
    image: required(TEXT),
    command: listOf(TEXT),
    args: listOf(TEXT_OR_EMPTY),
    env: recordOf(TEXT_OR_EMPTY),
    port: NUMBER,
    predictRoute: TEXT,
    healthRoute: TEXT,
    sharedMemoryMiB: NUMBER,
    deploymentSeconds: NUMBER,
  },
  'a container { image }',
);

const DEFAULT_PORT = 8080;
const DEPLOYMENT_SECONDS = VERTEX_INFERENCE.deploymentSeconds;

type ContainerSpec = NonNullable<
  NonNullable<VertexAiEndpointWithModelGardenDeploymentConfig['modelConfig']>['containerSpec']
>;

/** The container in the words of the provider. */
export function containerSpec(container: GardenContainer): ContainerSpec {
  const { image, command, args, env = {}, port = DEFAULT_PORT, predictRoute, healthRoute } = container;
  return {
    imageUri: image,
    command: command && [...command],
    args: args && [...args],
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
    ports: [{ containerPort: port }],
    predictRoute,
    healthRoute,
    // The provider takes a number of 64 bits as text.
    sharedMemorySizeMb: container.sharedMemoryMiB === undefined ? undefined : String(container.sharedMemoryMiB),
    deploymentTimeout: container.deploymentSeconds === undefined ? undefined : `${container.deploymentSeconds}s`,
  };
}

/** Source: documentation of the provider, google 6.50.0, image_uri: Artifact Registry, or Container Registry before it. */
const REGISTRY = /^([a-z0-9-]+-docker\.pkg\.dev|([a-z]+\.)?gcr\.io)\//;
const ROUTE = /^\/[\x21-\x7e]*$/;
/** Names of variables that the service sets. @see https://cloud.google.com/vertex-ai/docs/predictions/custom-container-requirements#aip-variables */
const OWN_VARIABLE = 'AIP_';

/** Adds what is wrong with a container. */
export function checkContainer(problems: Problems, container: GardenContainer): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ServingContainerInvalid', prop, allowed, got, fix });
  const { image, env = {}, predictRoute, healthRoute } = container;
  if (!isUnknown(image) && !(isImageReference(image) && REGISTRY.test(image))) {
    const fix = 'Copy the image into a repository of Artifact Registry in the region of the endpoint.';
    wrong('image', 'an image of Artifact Registry, e.g. us-docker.pkg.dev/<project>/<repository>/<image>', image, fix);
  }
  for (const name of Object.keys(env)) {
    if (/^[A-Za-z_]\w*$/.test(name) && !name.startsWith(OWN_VARIABLE)) continue;
    const fix = 'Rename it: those that begin with AIP_ are set by Vertex AI.';
    wrong(`env.${name}`, 'a name of letters, digits and _, without AIP_ before it', name, fix);
  }
  for (const [prop, route] of Object.entries({ predictRoute, healthRoute })) {
    if (route === undefined || isUnknown(route) || ROUTE.test(route)) continue;
    wrong(prop, 'a path that begins with /', route, 'Write it as the server has it.');
  }
  const whole = {
    port: [1, 65_535],
    sharedMemoryMiB: [1, 2 ** 40],
    deploymentSeconds: [1, DEPLOYMENT_SECONDS],
  } as const;
  for (const [prop, [least, most]] of Object.entries(whole)) {
    checkBounds(problems, 'ServingContainerInvalid', prop, container[prop as keyof typeof whole], { least, most });
  }
}
