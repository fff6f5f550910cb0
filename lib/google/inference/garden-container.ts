import { VERTEX_INFERENCE } from '../../core/catalog/vertex-inference';
import type { ProblemCollector } from '../../core/errors';
import { isImageReference } from '../../core/image-reference';
import { checkBounds, isUnknown } from '../../terraform/tokens';
import type { VertexAiEndpointWithModelGardenDeploymentConfig } from '../provider/google';

/** Your own container for a Model Garden model. It replaces the container from Google. */
export interface GardenContainer {
  /** Image in Artifact Registry. Vertex AI does not support other registries. */
  readonly image: string;
  /** Command of the container. @default - the entry point of the image */
  readonly command?: readonly string[];
  /**
   * Arguments of the command. `$(NAME)` expands to an environment variable.
   *
   * @default - the arguments of the image
   * @schema LINES
   */
  readonly args?: readonly string[];
  /** Environment variables. @default - only those that Vertex AI sets */
  readonly env?: Readonly<Record<string, string>>;
  /** Port of the server. @default 8080 */
  readonly port?: number;
  /** HTTP path for requests. @default - the path of Vertex AI, `/v1/endpoints/…:predict` */
  readonly predictRoute?: string;
  /** HTTP path that responds when the model is loaded. @default - the path of Vertex AI, `/v1/endpoints/…` */
  readonly healthRoute?: string;
  /** Shared memory in MiB. @default - 64, the default of containers */
  readonly sharedMemoryMiB?: number;
  /** Time until the container must be ready, in seconds, up to 7200. @default - the timeout of Vertex AI */
  readonly deploymentTimeoutSeconds?: number;
}

const DEFAULT_PORT = 8080;
const DEPLOYMENT_SECONDS = VERTEX_INFERENCE.deploymentSeconds;

type ContainerSpec = NonNullable<
  NonNullable<VertexAiEndpointWithModelGardenDeploymentConfig['modelConfig']>['containerSpec']
>;

/** Converts a container to the argument of the provider. */
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
    // The provider needs a 64-bit number as a string.
    sharedMemorySizeMb: container.sharedMemoryMiB === undefined ? undefined : String(container.sharedMemoryMiB),
    deploymentTimeout:
      container.deploymentTimeoutSeconds === undefined ? undefined : `${container.deploymentTimeoutSeconds}s`,
  };
}

/** Source: documentation of the provider, google 6.50.0, image_uri: Artifact Registry, or Container Registry before it. */
const REGISTRY = /^([a-z0-9-]+-docker\.pkg\.dev|([a-z]+\.)?gcr\.io)\//;
const ROUTE = /^\/[\x21-\x7e]*$/;
/** Prefix of the variables that Vertex AI sets. @see https://cloud.google.com/vertex-ai/docs/predictions/custom-container-requirements#aip-variables */
const RESERVED_PREFIX = 'AIP_';

/** Validates a container. */
export function checkContainer(problems: ProblemCollector, container: GardenContainer): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ServingContainerInvalid', prop, allowed, got, fix });
  const { image, env = {}, predictRoute, healthRoute } = container;
  if (!isUnknown(image) && !(isImageReference(image) && REGISTRY.test(image))) {
    const fix = 'Copy the image to a repository of Artifact Registry in the region of the endpoint.';
    wrong(
      'image',
      'an image in Artifact Registry, for example us-docker.pkg.dev/<project>/<repository>/<image>',
      image,
      fix,
    );
  }
  for (const name of Object.keys(env)) {
    if (/^[A-Za-z_]\w*$/.test(name) && !name.startsWith(RESERVED_PREFIX)) continue;
    const fix = 'Rename the variable. Vertex AI sets the variables that begin with AIP_.';
    wrong(`env.${name}`, 'a name of letters, digits and _ that does not begin with AIP_', name, fix);
  }
  for (const [prop, route] of Object.entries({ predictRoute, healthRoute })) {
    if (route === undefined || isUnknown(route) || ROUTE.test(route)) continue;
    wrong(prop, 'a path that begins with /', route, 'Use the path that the server listens on.');
  }
  const whole = {
    port: [1, 65_535],
    sharedMemoryMiB: [1, 2 ** 40],
    deploymentTimeoutSeconds: [1, DEPLOYMENT_SECONDS],
  } as const;
  for (const [prop, [min, max]] of Object.entries(whole)) {
    checkBounds(problems, 'ServingContainerInvalid', prop, container[prop as keyof typeof whole], { min, max });
  }
}
