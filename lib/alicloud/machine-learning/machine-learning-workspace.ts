import { Construct } from 'constructs';
import type { ProblemCollector } from '../../core/errors';
import { validated } from '../../core/prop-schema';
import { jsonText } from '../../terraform/json-text';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { isUnknown } from '../../terraform/tokens';
import { CurrentAccount } from '../operations/current-account';
import { MACHINE_LEARNING_WORKSPACE_PROPS } from '../prop-schemas';
import {
  PaiWorkspaceCodeSource,
  PaiWorkspaceDataset,
  PaiWorkspaceExperiment,
  PaiWorkspaceMember,
  PaiWorkspaceModel,
  PaiWorkspaceWorkspace,
} from '../provider/alicloud';
import type { IDataBucket } from '../storage/data-bucket';

/** Type of the data in a dataset. */
export enum DatasetType {
  /** Any data. */
  COMMON = 'COMMON',
  /** Images. */
  PICTURES = 'PIC',
  /** Text. */
  TEXT = 'TEXT',
}

/** A dataset of a workspace: a folder of a bucket. */
export interface DatasetOptions {
  /** Bucket with the data, in the region of the provider. */
  readonly bucket: IDataBucket;
  /** Folder of the bucket, without a slash at either end. @default - the whole bucket */
  readonly folder?: string;
  /** Type of the data. @default DatasetType.COMMON */
  readonly type?: DatasetType;
  /** Absolute path where jobs mount the dataset by default. @default '/mnt/data/' */
  readonly mountPath?: string;
}

/** A registered model, whose versions pipelines add. */
export interface RegisteredModelOptions {
  /** Domain of the model, for example `nlp`. @default - none */
  readonly domain?: string;
  /** Task of the model, for example `text-generation`. @default - none */
  readonly task?: string;
  /** Description of the model. @default - none */
  readonly description?: string;
}

/** A Git repository that jobs check out. It must need no token, because the provider stores tokens as plain text in the state. */
export interface CodeSourceOptions {
  /** HTTPS address of the repository. */
  readonly repository: string;
  /** Branch. @default - the default branch of PAI */
  readonly branch?: string;
  /** Commit, which takes precedence over the branch. @default - the newest of the branch */
  readonly commit?: string;
  /** Absolute path where jobs mount the code. @default '/mnt/code/' */
  readonly mountPath?: string;
}

/** A member of a workspace. */
export interface WorkspaceMember {
  /** ID of the RAM user: digits. */
  readonly userId: string;
  /** Roles in the workspace, for example `PAI.AlgoDeveloper`. */
  readonly roles: readonly string[];
}

/** Properties for `MachineLearningWorkspace`. */
export interface MachineLearningWorkspaceProps {
  /** Bucket for the artifacts of experiments, in the region of the provider. */
  readonly artifacts: IDataBucket;
  /** Name, which is unique in the region: 3 to 23 letters, digits, and underscores, starting with a letter. It can never change. @default - derived from the path of the construct */
  readonly workspaceName?: string;
  /** Description, up to 80 characters. @default 'AI workloads' */
  readonly description?: string;
  /** Whether the workspace separates development from production. It can never change. @default false */
  readonly separateDevelopment?: boolean;
  /** Datasets by name. @default - none */
  readonly datasets?: Readonly<Record<string, DatasetOptions>>;
  /** Registered models by name. @default - none */
  readonly models?: Readonly<Record<string, RegisteredModelOptions>>;
  /** Names of experiments. @default - none */
  readonly experiments?: readonly string[];
  /** Git repositories by name. @default - none */
  readonly codeSources?: Readonly<Record<string, CodeSourceOptions>>;
  /** Members. @default - the owner, who deploys the workspace */
  readonly members?: readonly WorkspaceMember[];
}

/** @see https://registry.terraform.io/providers/aliyun/alicloud/1.285.0/docs/resources/pai_workspace_workspace */
const LONGEST_NAME = 23;
const LONGEST_DESCRIPTION = 80;

/** All members see the asset. A private one is visible only to the identity of the deployment. */
const ACCESSIBILITY = 'PUBLIC';

/**
 * A workspace of PAI with its assets: datasets, registered models, experiments, and code. PAI must be activated in the account first.
 *
 * @see https://www.alibabacloud.com/help/en/pai/developer-reference/api-aiworkspace-2021-02-04-struct-dataset
 * @example
 * ```ts
 * import { DataBucket, DataPurpose, MachineLearningWorkspace } from 'ai-infra-constructs/alicloud';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const artifacts = new DataBucket(stack, 'Artifacts', { purpose: DataPurpose.MODELS });
 * new MachineLearningWorkspace(stack, 'Workspace', { artifacts, experiments: ['pretraining'], models: { atlas: {} } });
 * ```
 */
export class MachineLearningWorkspace extends Construct {
  /** The workspace in Terraform. */
  public readonly resource: PaiWorkspaceWorkspace;
  /** Datasets in Terraform by name. */
  public readonly datasets: Readonly<Record<string, PaiWorkspaceDataset>>;
  /** Registered models in Terraform by name. */
  public readonly models: Readonly<Record<string, PaiWorkspaceModel>>;
  /** Experiments in Terraform by name. */
  public readonly experiments: Readonly<Record<string, PaiWorkspaceExperiment>>;

  constructor(scope: Construct, id: string, props: MachineLearningWorkspaceProps) {
    super(scope, id);
    checkProviders(this);
    validated(this, props, MACHINE_LEARNING_WORKSPACE_PROPS, (problems) => checkMlWorkspace(problems, props));
    const { description = 'AI workloads', separateDevelopment = false, artifacts, experiments = [] } = props;
    this.resource = new PaiWorkspaceWorkspace(this, 'Resource', {
      workspaceName: props.workspaceName ?? physicalName(this, LONGEST_NAME).replaceAll('-', '_'),
      description,
      envTypes: separateDevelopment ? ['dev', 'prod'] : ['prod'],
      lifecycle: { preventDestroy: true },
    });
    this.datasets = eachOf(props.datasets, (name, options) => this.dataset(name, options));
    this.models = eachOf(props.models, (name, options) => this.model(name, options));
    this.experiments = Object.fromEntries(
      experiments.map((experimentName) => [
        experimentName,
        new PaiWorkspaceExperiment(this, `Experiment-${experimentName}`, {
          workspaceId: this.workspaceId,
          experimentName,
          accessibility: ACCESSIBILITY,
          artifactUri: this.uriOf(artifacts, `experiments/${experimentName}`),
        }),
      ]),
    );
    eachOf(props.codeSources, (name, options) => this.codeSource(name, options));
    for (const { userId, roles } of props.members ?? [])
      new PaiWorkspaceMember(this, `Member-${userId}`, { workspaceId: this.workspaceId, userId, roles });
  }

  /** ID of the workspace: digits. */
  get workspaceId(): string {
    return this.resource.id;
  }

  private dataset(name: string, { bucket, folder, type, mountPath = '/mnt/data/' }: DatasetOptions) {
    return new PaiWorkspaceDataset(this, `Dataset-${name}`, {
      workspaceId: this.workspaceId,
      datasetName: name,
      dataSourceType: 'OSS',
      dataType: type ?? DatasetType.COMMON,
      property: 'DIRECTORY',
      sourceType: 'USER',
      accessibility: ACCESSIBILITY,
      uri: this.uriOf(bucket, folder),
      options: jsonText({ mountPath }),
    });
  }

  private model(name: string, { domain, task, description }: RegisteredModelOptions) {
    return new PaiWorkspaceModel(this, `Model-${name}`, {
      workspaceId: this.workspaceId,
      modelName: name,
      accessibility: ACCESSIBILITY,
      domain,
      task,
      modelDescription: description,
      lifecycle: { preventDestroy: true },
    });
  }

  private codeSource(name: string, { repository, branch, commit, mountPath = '/mnt/code/' }: CodeSourceOptions) {
    return new PaiWorkspaceCodeSource(this, `Code-${name}`, {
      workspaceId: this.workspaceId,
      displayName: name,
      codeRepo: repository,
      codeBranch: branch,
      codeCommit: commit,
      mountPath,
      accessibility: ACCESSIBILITY,
    });
  }

  /** Address of a folder in the internal network of the region. */
  private uriOf({ name }: IDataBucket, folder?: string): string {
    const { region } = CurrentAccount.of(this);
    return `oss://${name}.oss-${region}-internal.aliyuncs.com/${folder === undefined ? '' : `${folder}/`}`;
  }
}

function eachOf<O, R>(options: Readonly<Record<string, O>> = {}, create: (name: string, option: O) => R) {
  return Object.fromEntries(Object.entries(options).map(([name, option]) => [name, create(name, option)]));
}

const WORKSPACE_NAME = /^[A-Za-z]\w{2,22}$/;
const ASSET_NAME = /^[A-Za-z0-9][\w-]{0,126}$/;
const FOLDER = /^(?!\/)[^\s]*[^\s/]$/;
const MOUNT_PATH = /^(\/[^/:\s]+)+\/?$/;
const REPOSITORY = /^https:\/\/(?![^/]*@)[^\s]+$/;

/** Adds each problem of a workspace. */
export function checkMlWorkspace(
  problems: ProblemCollector,
  props: Omit<MachineLearningWorkspaceProps, 'artifacts'>,
): void {
  const { workspaceName, description, datasets = {}, models = {}, experiments = [], codeSources = {} } = props;
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'WorkspaceOption', prop, allowed, got, fix });
  if (workspaceName !== undefined && !isUnknown(workspaceName) && !WORKSPACE_NAME.test(workspaceName)) {
    const allowed = '3 to 23 letters, digits, and underscores, starting with a letter';
    wrong('workspaceName', allowed, workspaceName, 'Shorten the name.');
  }
  if (description !== undefined && (description === '' || description.length > LONGEST_DESCRIPTION))
    wrong('description', `1 to ${LONGEST_DESCRIPTION} characters`, description, 'Shorten the description.');
  for (const [prop, names] of Object.entries({ datasets, models, codeSources, experiments })) {
    const all: readonly string[] = Array.isArray(names) ? names : Object.keys(names);
    all.forEach((name, index) => {
      if (ASSET_NAME.test(name) && all.indexOf(name) === index) return;
      const allowed = '1 to 127 letters, digits, underscores, and hyphens, starting with a letter or digit, once';
      wrong(`${prop}.${name}`, allowed, name, 'Rename it.');
    });
  }
  for (const [name, { folder, mountPath }] of Object.entries(datasets)) {
    if (folder !== undefined && !isUnknown(folder) && !FOLDER.test(folder)) {
      const allowed = 'a path without spaces and without a slash at either end';
      wrong(`datasets.${name}.folder`, allowed, folder, 'Use a path like tokens/v2.');
    }
    checkMountPath(problems, `datasets.${name}.mountPath`, mountPath);
  }
  for (const [name, { repository, mountPath }] of Object.entries(codeSources)) {
    if (!isUnknown(repository) && !REPOSITORY.test(repository)) {
      const allowed = 'an HTTPS address without a user name or token';
      wrong(`codeSources.${name}.repository`, allowed, repository, 'Use a repository that needs no token.');
    }
    checkMountPath(problems, `codeSources.${name}.mountPath`, mountPath);
  }
  checkMembers(problems, props.members);
}

function checkMountPath(problems: ProblemCollector, prop: string, got: string | undefined): void {
  if (got === undefined || isUnknown(got) || MOUNT_PATH.test(got)) return;
  const allowed = 'an absolute path, for example /mnt/data/';
  problems.add({ code: 'WorkspaceOption', prop, allowed, got, fix: 'Start with a slash.' });
}

function checkMembers(problems: ProblemCollector, members: readonly WorkspaceMember[] = []): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'WorkspaceOption', prop, allowed, got, fix });
  members.forEach(({ userId, roles }, index) => {
    const isOnce = members.findIndex((one) => one.userId === userId) === index;
    if (isUnknown(userId) || !/^\d+$/.test(userId) || !isOnce)
      wrong(
        `members[${index}].userId`,
        'the ID of a RAM user, in digits, once',
        userId,
        'Copy it from `aliyun ram GetUser`.',
      );
    if (roles.length === 0)
      wrong(`members[${index}].roles`, 'at least one role', roles, 'Add a role such as PAI.AlgoDeveloper.');
  });
}
