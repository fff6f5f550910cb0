import type { Construct } from 'constructs';
import { checkArtifactSize } from '../../core/artifact-size';
import type { Problems } from '../../core/errors';
import { branded, demand, type Kind, NUMBER, oneOf, required, type Shape, TEXT } from '../../core/shapes';
import { isKnown, isUnknown } from '../../terraform/tokens';
import { ML_READING, ML_TYPES } from '../machine-learning/api';
import type { ModelVersionBody } from '../machine-learning/bodies';
import type { IMachineLearningWorkspace } from '../machine-learning/workspace-attributes';
import { AzapiResource } from '../provider/azapi';

/** What a version of a model is called. */
export interface RegisteredModelOptions {
  readonly name: string;
  /** It names one content for ever: `latest` does not. */
  readonly version: string;
  /** Gigabytes of its files. @default - unknown: it is not checked against the machine, and is given time to load as if it had 100 */
  readonly sizeGB?: number;
}

/** A model of a registry. */
export interface SharedModelOptions extends RegisteredModelOptions {
  /** Name of the registry, which the identity of the endpoint must be able to read. */
  readonly registry: string;
}

/** Files that become a version of a model. */
export interface ModelFilesOptions extends RegisteredModelOptions {
  /** The folder or file, e.g. `azureml://datastores/workspaceblobstore/paths/chat/v3/`. */
  readonly uri: string;
  /** What they are. MLflow models need neither environment nor script. @default custom_model */
  readonly format?: 'custom_model' | 'mlflow_model' | 'triton_model';
}

const REGISTERED: Shape<RegisteredModelOptions> = { name: required(TEXT), version: required(TEXT), sizeGB: NUMBER };
const SHARED: Shape<SharedModelOptions> = { ...REGISTERED, registry: required(TEXT) };
const FILES: Shape<ModelFilesOptions> = {
  ...REGISTERED,
  uri: required(TEXT),
  format: oneOf(['custom_model', 'mlflow_model', 'triton_model']),
};

type Options = RegisteredModelOptions & Partial<SharedModelOptions & ModelFilesOptions>;

/** A model under a name and a version that never come to mean another one. */
export class ModelArtifact {
  /** A version that stands in the workspace, e.g. registered with MLflow. */
  static registered(options: RegisteredModelOptions): ModelArtifact {
    demand(options, REGISTERED, { name: 'options' });
    return new ModelArtifact(options);
  }

  /** A version that stands in a registry, shared by workspaces. */
  static shared(options: SharedModelOptions): ModelArtifact {
    demand(options, SHARED, { name: 'options' });
    return new ModelArtifact(options);
  }

  /** Files in storage, which are registered in the workspace. A later version is another one beside it. */
  static files(options: ModelFilesOptions): ModelArtifact {
    demand(options, FILES, { name: 'options' });
    return new ModelArtifact(options);
  }

  private constructor(private readonly options: Options) {}

  get name(): string {
    return this.options.name;
  }

  get version(): string {
    return this.options.version;
  }

  /** Gigabytes of its files. @default - unknown */
  get sizeGB(): number | undefined {
    return this.options.sizeGB;
  }

  /** @internal Its id, in the workspace or a registry; files are registered first. */
  bind(scope: Construct, { id: workspaceId, ready = [] }: IMachineLearningWorkspace): string {
    const { name, version, registry, uri, format = 'custom_model' } = this.options;
    if (registry !== undefined) return `azureml://registries/${registry}/models/${name}/versions/${version}`;
    if (uri === undefined) return `${workspaceId}/models/${name}/versions/${version}`;
    const body: ModelVersionBody = { properties: { modelType: format, modelUri: uri } };
    const resource = new AzapiResource(scope, 'Model', {
      type: ML_TYPES.model,
      ...ML_READING,
      name: version,
      parentId: `${workspaceId}/models/${name}`,
      body,
      dependsOn: [...ready],
      // What serves the old version goes on until it serves the new one.
      lifecycle: { createBeforeDestroy: true },
    });
    return resource.id;
  }

  /** @internal Adds what is wrong with it. */
  check(problems: Problems): void {
    const of = problems.within('artifact');
    const { name, version, registry, uri, sizeGB } = this.options;
    checkAsset(of, { name, version });
    if (registry !== undefined && !isUnknown(registry) && !REGISTRY.test(registry)) {
      const allowed = 'the name of a registry';
      of.add({ code: 'ModelLocation', prop: 'registry', allowed, got: registry, fix: 'Write its name alone.' });
    }
    if (uri !== undefined && !isUnknown(uri) && !URI.test(uri)) {
      const allowed = 'a path of a datastore, or the output of a job, that begins with azureml://';
      of.add({
        code: 'ModelLocation',
        prop: 'uri',
        allowed,
        got: uri,
        fix: 'Write azureml://datastores/<datastore>/paths/<folder>/.',
      });
    }
    if (isKnown(of, 'sizeGB', sizeGB)) checkArtifactSize(of, sizeGB);
  }
}

/** An artefact, of whichever copy of the package. */
export const MODEL_ARTIFACT: Kind = branded(
  ModelArtifact,
  'AzureModelArtifact',
  'a ModelArtifact',
  "Use ModelArtifact.registered({ name, version: '3' }) or its like.",
);

const REGISTRY = /^[A-Za-z0-9][A-Za-z0-9_-]{1,31}$/;
const URI = /^azureml:\/\/(datastores|jobs|subscriptions|locations)\/\S+$/;

/** Names and versions of models and environments. Recalled, unverified: the API has no pattern; studio takes these and up to 255 letters. */
const ASSET_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/;
const ASSET_VERSION = /^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/;

/** Adds what is wrong with the name and the version of a model or an environment. */
export function checkAsset(problems: Problems, { name, version }: { name: string; version: string }): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'AssetVersion', prop, allowed, got, fix });
  if (!isUnknown(name) && !ASSET_NAME.test(name)) {
    wrong('name', 'letters, digits, periods, hyphens and underscores', name, 'Write the name alone.');
  }
  if (isUnknown(version) || (ASSET_VERSION.test(version) && version.toLowerCase() !== 'latest')) return;
  wrong('version', 'one version, which stays what it is', version, 'Name the version that was tested.');
}
