import { createHash } from 'node:crypto';
import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import type { Problems } from '../../core/errors';
import { branded, demand, type Kind, NUMBER, recordOf, required, type Shape, TEXT } from '../../core/shapes';
import { physicalName } from '../../terraform/names';
import { plainText } from '../../terraform/plain-text';
import { isKnown, isUnknown } from '../../terraform/tokens';
import { ML_READING, ML_TYPES } from '../machine-learning/api';
import type { EnvironmentVersionBody } from '../machine-learning/bodies';
import type { IMachineLearningWorkspace } from '../machine-learning/workspace-attributes';
import { AzapiResource } from '../provider/azapi';
import { checkAsset } from './model-artifact';

/** An image with a server of its own. */
export interface ServingImageOptions {
  /** E.g. `myregistry.azurecr.io/vllm@sha256:…`: pulled by the identity of the endpoint. It starts its server itself: nobody gives it arguments. */
  readonly image: string;
  /** The port that its server listens on. */
  readonly port: number;
  /** Where requests go. @default '/v1/chat/completions', as servers of the OpenAI protocol have it */
  readonly scoringPath?: string;
  /** Where it says that it lives. @default '/health' */
  readonly livenessPath?: string;
  /** Where it says that it answers. @default - as livenessPath */
  readonly readinessPath?: string;
  /** Folder that the files of the model are mounted in. @default - /var/azureml-app/azureml-models/<name>/<version> */
  readonly modelMountPath?: string;
  /** Variables of the server, with no secrets: whoever reads the deployment reads them. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
}

/** An environment that stands in the workspace, with a scoring script. */
export interface RegisteredEnvironmentOptions {
  readonly name: string;
  readonly version: string;
  /** Resource id of the code version that holds the script. */
  readonly codeId: string;
  /** The script within it, e.g. `score.py`, with `init()` and `run()`. */
  readonly scoringScript: string;
  /** Variables of the script, with no secrets. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
}

const VARIABLES: Kind = recordOf({ ...TEXT, allowed: 'a text' });

const IMAGE: Shape<ServingImageOptions> = {
  image: required(TEXT),
  port: required(NUMBER),
  scoringPath: TEXT,
  livenessPath: TEXT,
  readinessPath: TEXT,
  modelMountPath: TEXT,
  environment: VARIABLES,
};

const REGISTERED: Shape<RegisteredEnvironmentOptions> = {
  name: required(TEXT),
  version: required(TEXT),
  codeId: required(TEXT),
  scoringScript: required(TEXT),
  environment: VARIABLES,
};

/** What a deployment says of its container. */
export interface BoundContainer {
  readonly environmentId?: string;
  readonly modelMountPath?: string;
  readonly codeConfiguration?: { readonly codeId: string; readonly scoringScript: string };
  readonly environmentVariables?: Readonly<Record<string, string>>;
}

type State = Partial<Omit<ServingImageOptions, 'environment'> & Omit<RegisteredEnvironmentOptions, 'environment'>> & {
  readonly environment?: Readonly<Record<string, string>>;
};

/** What serves a model. */
export class ServingContainer {
  /**
   * None of yours: Azure ML serves an MLflow model by what the model says of itself. Its packages come from the internet when it is deployed, to
   * which a managed network that names what it lets out must name the way.
   *
   * @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-deploy-mlflow-models
   */
  static mlflow(): ServingContainer {
    return new ServingContainer('mlflow', {});
  }

  /** An image with a server of its own, such as vLLM. */
  static image(options: ServingImageOptions): ServingContainer {
    demand(options, IMAGE, { name: 'options' });
    return new ServingContainer('image', options);
  }

  /** An environment of the workspace, with a scoring script. */
  static registered(options: RegisteredEnvironmentOptions): ServingContainer {
    demand(options, REGISTERED, { name: 'options' });
    return new ServingContainer('registered', options);
  }

  private constructor(
    public readonly kind: 'mlflow' | 'image' | 'registered',
    private readonly state: State,
  ) {}

  /** The image, where it is one. @default - none is named */
  get imageName(): string | undefined {
    return this.state.image;
  }

  /** @internal What a deployment says of it; an image becomes an environment of the workspace first. */
  bind(scope: Construct, workspace: IMachineLearningWorkspace): BoundContainer {
    const { name, version, codeId, scoringScript, modelMountPath, environment } = this.state;
    const environmentVariables = environment && plainValues(environment);
    if (this.kind === 'mlflow') return {};
    if (this.kind === 'image') {
      return { environmentId: this.register(scope, workspace), modelMountPath, environmentVariables };
    }
    const environmentId = `${workspace.id}/environments/${name!}/versions/${version!}`;
    const codeConfiguration = { codeId: codeId!, scoringScript: scoringScript! };
    return { environmentId, codeConfiguration, environmentVariables };
  }

  /** Versions of an environment never change: another image, or route, is another version. */
  private register(scope: Construct, { id: workspaceId, ready = [] }: IMachineLearningWorkspace): string {
    const { image = '', port = 0, scoringPath = '/v1/chat/completions', livenessPath = '/health' } = this.state;
    const { readinessPath = livenessPath } = this.state;
    const body: EnvironmentVersionBody = {
      properties: {
        image,
        osType: 'Linux',
        inferenceConfig: {
          livenessRoute: { path: livenessPath, port },
          readinessRoute: { path: readinessPath, port },
          scoringRoute: { path: scoringPath, port },
        },
      },
    };
    const resource = new AzapiResource(scope, 'Environment', {
      type: ML_TYPES.environment,
      ...ML_READING,
      name: versionOf([image, port, scoringPath, livenessPath, readinessPath]),
      parentId: `${workspaceId}/environments/${physicalName(scope)}`,
      body,
      dependsOn: [...ready],
      lifecycle: { createBeforeDestroy: true },
    });
    return resource.id;
  }

  /** @internal Adds what is wrong with it. */
  check(problems: Problems): void {
    const of = problems.within('container');
    const { name, version, port } = this.state;
    if (this.kind === 'registered') checkAsset(of, { name: name!, version: version! });
    if (this.kind !== 'image') return;
    if (isKnown(of, 'port', port) && !(Number.isInteger(port) && port >= 1 && port <= MOST_PORT)) {
      wrong(of, 'port', `a whole number from 1 to ${MOST_PORT}`, port, 'Name the port that the server listens on.');
    }
    for (const prop of ['scoringPath', 'livenessPath', 'readinessPath', 'modelMountPath'] as const) {
      const path = this.state[prop];
      if (path === undefined || isUnknown(path) || PATH.test(path)) continue;
      wrong(of, prop, 'a path that begins with a slash', path, 'Leave host and port out.');
    }
    for (const key of Object.keys(this.state.environment ?? {})) {
      if (!VARIABLE.test(key)) wrong(of, `environment.${key}`, 'letters, digits and underscores', key, 'Rename it.');
    }
  }
}

/** A container, of whichever copy of the package. */
export const SERVING_CONTAINER: Kind = branded(
  ServingContainer,
  'AzureServingContainer',
  'a ServingContainer',
  'Use ServingContainer.image({ image, port }) or ServingContainer.mlflow().',
);

const MOST_PORT = 65_535;
const PATH = /^\/[^\s?#]*$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

function wrong(problems: Problems, prop: string, allowed: string, got: unknown, fix: string): void {
  problems.add({ code: 'ServingContainerInvalid', prop, allowed, got, fix });
}

const HASH_LENGTH = 12;

/** Values of a program, in which Terraform would read templates of its own. */
function plainValues(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, plainText(value)]));
}

function versionOf(content: readonly (string | number)[]): string {
  if (content.some(isUnknown)) return Fn.substr(Fn.sha256(Fn.join(' ', content.map(String))), 0, HASH_LENGTH);
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, HASH_LENGTH);
}
