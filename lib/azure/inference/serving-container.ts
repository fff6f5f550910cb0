import { createHash } from 'node:crypto';
import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import type { ProblemCollector } from '../../core/errors';
import { assertProps, brand } from '../../core/prop-schema';
import { physicalName, plainText } from '../../terraform/names';
import { isKnown, isUnknown } from '../../terraform/tokens';
import { ML_READING, ML_TYPES } from '../machine-learning/workspace-bodies';
import type { EnvironmentVersionBody } from '../machine-learning/bodies';
import type { IMachineLearningWorkspace } from '../machine-learning/workspace-attributes';
import { AzapiResource } from '../provider/azapi';
import { checkAsset } from './model-artifact';
import { REGISTERED_ENVIRONMENT_OPTIONS, SERVING_IMAGE_OPTIONS } from '../prop-schemas';

/** Options for an image that starts its own server. */
export interface ServingImageOptions {
  /**
   * Image with a server that needs no arguments, for example `myregistry.azurecr.io/vllm@sha256:…`. The identity of the endpoint pulls it.
   */
  readonly image: string;
  /** Port that the server listens on. */
  readonly port: number;
  /** Path of requests. @default '/v1/chat/completions', as in the OpenAI protocol */
  readonly scoringPath?: string;
  /** Path of the liveness probe. @default '/health' */
  readonly livenessPath?: string;
  /** Path of the readiness probe. @default - `livenessPath` */
  readonly readinessPath?: string;
  /** Mount path of the model. @default - /var/azureml-app/azureml-models/<name>/<version> */
  readonly modelMountPath?: string;
  /** Environment variables, without secrets: everyone who can read the deployment can read them. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Options for a registered environment with a scoring script. */
export interface RegisteredEnvironmentOptions {
  /** Name of the environment. */
  readonly name: string;
  /** Version of the environment. */
  readonly version: string;
  /** Resource id of the code version that contains the script. */
  readonly codeId: string;
  /** File name of the script, for example `score.py`, with `init()` and `run()`. */
  readonly scoringScript: string;
  /** Environment variables, without secrets. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The container settings of a deployment. */
export interface BoundContainer {
  readonly environmentId?: string;
  readonly modelMountPath?: string;
  readonly codeConfiguration?: { readonly codeId: string; readonly scoringScript: string };
  readonly environmentVariables?: Readonly<Record<string, string>>;
}

type State = Partial<Omit<ServingImageOptions, 'environment'> & Omit<RegisteredEnvironmentOptions, 'environment'>> & {
  readonly environment?: Readonly<Record<string, string>>;
};

/** Server of a model on an endpoint of Azure ML. */
export class ServingContainer {
  /**
   * The server of Azure ML, for an MLflow model. The deployment installs its packages from the internet: a managed network with approved
   * outbound rules must allow the package index.
   *
   * @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-deploy-mlflow-models
   */
  static mlflow(): ServingContainer {
    return new ServingContainer('mlflow', {});
  }

  /** An image that starts its own server, for example vLLM. */
  static image(options: ServingImageOptions): ServingContainer {
    assertProps(options, SERVING_IMAGE_OPTIONS, { name: 'options' });
    return new ServingContainer('image', options);
  }

  /** A registered environment of the workspace, with a scoring script. */
  static registered(options: RegisteredEnvironmentOptions): ServingContainer {
    assertProps(options, REGISTERED_ENVIRONMENT_OPTIONS, { name: 'options' });
    return new ServingContainer('registered', options);
  }

  private constructor(
    /** @internal The kind of container. */
    readonly kind: 'mlflow' | 'image' | 'registered',
    private readonly state: State,
  ) {}

  /** Image of the container. @default - another kind of container */
  get imageName(): string | undefined {
    return this.state.image;
  }

  /** @internal The container settings of a deployment. An image is registered as an environment first. */
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

  /** The version of an environment cannot change: another image or path is another version. */
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

  /** @internal Adds each problem of the container. */
  check(problems: ProblemCollector): void {
    const of = problems.within('container');
    const { name, version, port } = this.state;
    if (this.kind === 'registered') checkAsset(of, { name: name!, version: version! });
    if (this.kind !== 'image') return;
    if (isKnown(of, 'port', port) && !(Number.isInteger(port) && port >= 1 && port <= MAX_PORT)) {
      wrong(of, 'port', `a whole number from 1 to ${MAX_PORT}`, port, 'Use the port that the server listens on.');
    }
    for (const prop of ['scoringPath', 'livenessPath', 'readinessPath', 'modelMountPath'] as const) {
      const path = this.state[prop];
      if (path === undefined || isUnknown(path) || PATH.test(path)) continue;
      wrong(of, prop, 'a path that begins with a slash', path, 'Remove the host and the port.');
    }
    for (const key of Object.keys(this.state.environment ?? {})) {
      if (!VARIABLE.test(key))
        wrong(of, `environment.${key}`, 'letters, digits and underscores', key, 'Rename the variable.');
    }
  }
}

brand(ServingContainer, 'azure.ServingContainer');

const MAX_PORT = 65_535;
const PATH = /^\/[^\s?#]*$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

function wrong(problems: ProblemCollector, prop: string, allowed: string, got: unknown, fix: string): void {
  problems.add({ code: 'ServingContainerInvalid', prop, allowed, got, fix });
}

const HASH_LENGTH = 12;

/** Escapes values, in which Terraform would evaluate its own templates. */
function plainValues(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, plainText(value)]));
}

function versionOf(content: readonly (string | number)[]): string {
  if (content.some(isUnknown)) return Fn.substr(Fn.sha256(Fn.join(' ', content.map(String))), 0, HASH_LENGTH);
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, HASH_LENGTH);
}
