import type { Construct } from 'constructs';
import { checkArtifactSize } from '../../core/artifact-size';
import type { ProblemCollector } from '../../core/errors';
import { assertProps, brand } from '../../core/prop-schema';
import { isKnown, isUnknown } from '../../terraform/tokens';
import { ML_READING, ML_TYPES } from '../machine-learning/workspace-bodies';
import type { ModelVersionBody } from '../machine-learning/bodies';
import type { IMachineLearningWorkspace } from '../machine-learning/workspace-attributes';
import { AzapiResource } from '../provider/azapi';
import { MODEL_FILES_OPTIONS, REGISTERED_MODEL_OPTIONS, SHARED_MODEL_OPTIONS } from '../prop-schemas';

/** A version of a model. */
export interface RegisteredModelOptions {
  /** Name of the model. */
  readonly name: string;
  /** Version of the model. `latest` is rejected, because it can change. */
  readonly version: string;
  /** Size of the files, in GB. @default - unknown: not validated against the machine, and 100 GB for the startup time */
  readonly sizeGB?: number;
}

/** A version of a model in a registry. */
export interface SharedModelOptions extends RegisteredModelOptions {
  /** Name of the registry. The identity of the endpoint must be able to read it. */
  readonly registry: string;
}

/** Type of the files of a model, in the words of Azure ML. */
export enum ModelFormat {
  /** Files of any kind. They need an environment. */
  CUSTOM = 'custom_model',
  /** MLflow model. It needs no environment and no scoring script. */
  MLFLOW = 'mlflow_model',
  /** Model repository of NVIDIA Triton. */
  TRITON = 'triton_model',
}

/** Files to register as a version of a model. */
export interface ModelFilesOptions extends RegisteredModelOptions {
  /** URI of the folder or file, for example `azureml://datastores/workspaceblobstore/paths/chat/v3/`. */
  readonly uri: string;
  /** Type of the files. @default ModelFormat.CUSTOM */
  readonly format?: ModelFormat;
}

type Options = RegisteredModelOptions & Partial<SharedModelOptions & ModelFilesOptions>;

/** One fixed version of a model. */
export class ModelArtifact {
  /** Uses a version that is registered in the workspace, for example with MLflow. */
  static registered(options: RegisteredModelOptions): ModelArtifact {
    assertProps(options, REGISTERED_MODEL_OPTIONS, { name: 'options' });
    return new ModelArtifact(options);
  }

  /** Uses a version in a registry that workspaces share. */
  static shared(options: SharedModelOptions): ModelArtifact {
    assertProps(options, SHARED_MODEL_OPTIONS, { name: 'options' });
    return new ModelArtifact(options);
  }

  /** Registers files from storage as a version in the workspace. A new version does not delete the old one. */
  static files(options: ModelFilesOptions): ModelArtifact {
    assertProps(options, MODEL_FILES_OPTIONS, { name: 'options' });
    return new ModelArtifact(options);
  }

  private constructor(private readonly options: Options) {}

  /** Name of the model. */
  get name(): string {
    return this.options.name;
  }

  /** Version of the model. */
  get version(): string {
    return this.options.version;
  }

  /** Size of the files, in GB. @default - unknown */
  get sizeGB(): number | undefined {
    return this.options.sizeGB;
  }

  /** @internal Id in the workspace or the registry. Files are registered first. */
  bind(scope: Construct, { id: workspaceId, ready = [] }: IMachineLearningWorkspace): string {
    const { name, version, registry, uri, format = ModelFormat.CUSTOM } = this.options;
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
      // Deployments of the old version run until they use the new one.
      lifecycle: { createBeforeDestroy: true },
    });
    return resource.id;
  }

  /** @internal Adds each problem of the model. */
  check(problems: ProblemCollector): void {
    const of = problems.within('artifact');
    const { name, version, registry, uri, sizeGB } = this.options;
    checkAsset(of, { name, version });
    if (registry !== undefined && !isUnknown(registry) && !REGISTRY.test(registry)) {
      const allowed = 'the name of a registry, 2 to 32 letters, digits, hyphens and underscores';
      of.add({
        code: 'ModelLocation',
        prop: 'registry',
        allowed,
        got: registry,
        fix: 'Use only the name, not the id.',
      });
    }
    if (uri !== undefined && !isUnknown(uri) && !URI.test(uri)) {
      const allowed = 'a path in a datastore, or an output of a job, that begins with azureml://';
      of.add({
        code: 'ModelLocation',
        prop: 'uri',
        allowed,
        got: uri,
        fix: 'Use azureml://datastores/<datastore>/paths/<folder>/.',
      });
    }
    if (isKnown(of, 'sizeGB', sizeGB)) checkArtifactSize(of, sizeGB);
  }
}

brand(ModelArtifact, 'azure.ModelArtifact');

const REGISTRY = /^[A-Za-z0-9][A-Za-z0-9_-]{1,31}$/;
const URI = /^azureml:\/\/(datastores|jobs|subscriptions|locations)\/\S+$/;

/** Names and versions of models and environments. Unverified: the API has no pattern; studio accepts these, and up to 255 letters. */
const ASSET_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/;
const ASSET_VERSION = /^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/;

/** Adds each problem in the name and the version of a model or an environment. */
export function checkAsset(problems: ProblemCollector, { name, version }: { name: string; version: string }): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'AssetVersion', prop, allowed, got, fix });
  if (!isUnknown(name) && !ASSET_NAME.test(name)) {
    wrong('name', '1 to 255 letters, digits, periods, hyphens and underscores', name, 'Use only the name, not the id.');
  }
  if (isUnknown(version) || (ASSET_VERSION.test(version) && version.toLowerCase() !== 'latest')) return;
  wrong('version', 'one fixed version, not `latest`', version, 'Use the version that you tested.');
}
