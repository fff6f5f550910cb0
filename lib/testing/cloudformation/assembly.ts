import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isRecord, parsed, type Props, record, word, list, records, type View, nameOfPath } from '../view';
import type { SynthesizedStack } from '../source';
import { TemplateView } from './template-view';

const STACK = 'aws:cloudformation:stack';
const ASSEMBLY = 'cdk:cloud-assembly';
const ASSETS = 'cdk:asset-manifest';

/** Selects a stack of an assembly by its artifact, or a nested stack by its file. */
export interface StackSelector {
  /** ID of the artifact. @default - the stack is nested */
  readonly artifactId?: string;
  /** Name of the template file. */
  readonly templateFile: string;
}

/** Returns whether a folder is a cloud assembly of the AWS CDK. */
export function isAssembly(directory: string): boolean {
  return isRecord(jsonOf(join(directory, 'manifest.json')).artifacts);
}

/** Reads the stacks of a cloud assembly, including nested stacks and stacks of stages. @param selector @default - all stacks */
export function readAssembly(directory: string, selector?: StackSelector): readonly SynthesizedStack[] {
  const artifacts = Object.entries(record(jsonOf(join(directory, 'manifest.json')).artifacts)).map(
    ([id, artifact]): Artifact => ({ id, directory, artifact: record(artifact) }),
  );
  const files = filesOf(artifacts);
  const stacks = artifacts
    .filter(({ id, artifact }) => artifact.type === STACK && (selector?.artifactId ?? id) === id)
    .flatMap((one) => stackAndNested(one, files));
  if (selector && selector.artifactId === undefined) return stacks.filter(({ file }) => file === selector.templateFile);
  if (selector) return stacks;
  const below = artifacts.filter(({ artifact }) => artifact.type === ASSEMBLY);
  return [...stacks, ...below.flatMap(({ artifact }) => readAssembly(join(directory, folderOf(artifact))))];
}

interface Artifact {
  readonly id: string;
  readonly directory: string;
  readonly artifact: Props;
}

/** Files of assets by hash. Nested templates are assets. */
type Files = ReadonlyMap<string, string>;

interface FoundStack extends SynthesizedStack {
  readonly file: string;
}

function folderOf({ properties }: Props): string {
  return word(record(properties).directoryName);
}

function filesOf(artifacts: readonly Artifact[]): Files {
  const manifests = artifacts
    .filter(({ artifact }) => artifact.type === ASSETS)
    .map(({ artifact, directory }) => jsonOf(join(directory, word(record(artifact.properties).file))));
  return new Map(
    manifests
      .flatMap(({ files }) => Object.entries(record(files)))
      .map(([hash, file]): [string, string] => [hash, word(record(record(file).source).path)]),
  );
}

function stackAndNested({ id, artifact, directory }: Artifact, files: Files): readonly FoundStack[] {
  const { metadata, additionalMetadataFile, properties, displayName } = artifact;
  const more = typeof additionalMetadataFile === 'string' ? jsonOf(join(directory, additionalMetadataFile)) : {};
  // `Stage/Stack (name)` if the name of the stack differs.
  const path = word(displayName ?? id).replace(/ \(.*\)$/, '');
  const file = word(record(properties).templateFile);
  return withNested({ directory, files, names: namesIn(path, { ...record(metadata), ...more }) }, path, file);
}

interface AssemblyContext {
  readonly directory: string;
  readonly files: Files;
  readonly names: PathNames;
}

function withNested(context: AssemblyContext, path: string, file: string): readonly FoundStack[] {
  const { directory, files, names } = context;
  const view = new TemplateView(jsonOf(join(directory, file)), (logicalId) => names.nameOf(path, logicalId));
  const nested = view.ofType('AWS::CloudFormation::Stack').flatMap((resource) => {
    const hash = /[0-9a-f]{64}/.exec(view.joined(resource.props.TemplateURL))?.[0] ?? '';
    const asset = record(resource.entry.Metadata)['aws:asset:path'];
    const template = files.get(hash) ?? (typeof asset === 'string' ? basename(asset) : undefined);
    const own = names.nestedPath(path, resource.id) ?? `${path}/${resource.name}`;
    return template !== undefined && existsSync(join(directory, template)) ? withNested(context, own, template) : [];
  });
  return [{ name: path, engine: 'CloudFormation', view, file }, ...nested];
}

/** Returns the content of a JSON file, or an empty object if the file does not exist. */
function jsonOf(file: string): Props {
  return existsSync(file) ? record(parsed(readFileSync(file, 'utf8'))) : {};
}

/** Returns the actions that a resource policy allows everyone without a condition, for example `s3:GetObject`, or undefined. */
export function openToEveryone(view: View, policy: unknown): string | undefined {
  const open = allowed(policy).filter((statement) => isEveryone(statement.Principal) && isEmpty(statement.Condition));
  const actions = open.flatMap((statement) => texts(view, statement.Action ?? statement.NotAction));
  return actions.length > 0 ? `policy allows everyone ${[...new Set(actions)].sort().join(', ')}` : undefined;
}

/** Returns the broad permissions of a policy: all actions, or all actions of a service, on all resources. */
export function wildcardsOf(view: View, policy: unknown): readonly string[] {
  const everywhere = allowed(policy).filter(
    (statement) => texts(view, statement.Resource).includes('*') && isEmpty(statement.Condition),
  );
  const actions = everywhere.flatMap((statement) => texts(view, statement.Action));
  const but = everywhere.flatMap((statement) => texts(view, statement.NotAction));
  return [
    ...actions.filter((action) => action === '*' || /^[\w-]+:\*$/.test(action)).map((action) => `${action} on *`),
    ...(but.length > 0 ? [`all but ${but.sort().join(', ')} on *`] : []),
  ];
}

function allowed(policy: unknown): readonly Props[] {
  return records(record(policy).Statement).filter((statement) => statement.Effect === 'Allow');
}

function isEveryone(principal: unknown): boolean {
  if (principal === '*') return true;
  return Object.values(record(principal)).some((who) => list(who).includes('*'));
}

function isEmpty(condition: unknown): boolean {
  return Object.keys(record(condition)).length === 0;
}

function texts(view: View, values: unknown): string[] {
  return list(values).map((value) => view.text(value) ?? '');
}

const NESTED = /^(.*)\.NestedStack\/[^/]+\.NestedStackResource$/;

/** Paths of constructs by stack and logical id, from the metadata of an assembly. */
export class PathNames {
  constructor(private readonly pathsByStack: ReadonlyMap<string, ReadonlyMap<string, string>>) {}

  /** Returns the name of a resource. */
  nameOf(stack: string, logicalId: string): string | undefined {
    const path = this.pathsByStack.get(stack)?.get(logicalId);
    return path === undefined ? undefined : nameOfPath(path.slice(stack.length + 1));
  }

  /** Returns the path of the nested stack that a resource deploys. */
  nestedPath(stack: string, logicalId: string): string | undefined {
    return NESTED.exec(this.pathsByStack.get(stack)?.get(logicalId) ?? '')?.[1];
  }
}

/** Returns the names in the metadata of a stack, including those of its nested stacks. */
export function namesIn(root: string, metadata: Props): PathNames {
  const entries = Object.entries(metadata).flatMap(([path, found]) =>
    records(found)
      .filter(({ type }) => type === 'aws:cdk:logicalId')
      .map(({ data }) => ({ path: path.replace(/^\//, ''), id: word(data) })),
  );
  const nested = entries.flatMap(({ path }) => NESTED.exec(path)?.[1] ?? []);
  const byStack = new Map<string, Map<string, string>>();
  for (const { path, id } of entries) {
    const stack = innermost(path, nested) ?? root;
    byStack.set(stack, (byStack.get(stack) ?? new Map<string, string>()).set(id, path));
  }
  return new PathNames(byStack);
}

/** Returns the innermost nested stack that contains a path. */
function innermost(path: string, nested: readonly string[]): string | undefined {
  return nested.filter((stack) => path.startsWith(`${stack}/`)).sort((a, b) => b.length - a.length)[0];
}
