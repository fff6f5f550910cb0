import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isRecord, parsed, type Props, record, word } from '../json';
import type { SynthesizedStack } from '../source';
import { namesIn, type PathNames } from './names';
import { TemplateView } from './template-view';

const STACK = 'aws:cloudformation:stack';
const ASSEMBLY = 'cdk:cloud-assembly';
const ASSETS = 'cdk:asset-manifest';

/** Which stack of an assembly is meant: by its artifact, or by its file where it is nested in another. @default - all */
export interface Wanted {
  readonly artifactId?: string;
  readonly templateFile: string;
}

/** Whether a folder is what the AWS CDK synthesizes to. */
export function isAssembly(directory: string): boolean {
  return isRecord(jsonOf(join(directory, 'manifest.json')).artifacts);
}

/** The stacks of a cloud assembly, nested ones and those of stages included. */
export function readAssembly(directory: string, wanted?: Wanted): readonly SynthesizedStack[] {
  const artifacts = Object.entries(record(jsonOf(join(directory, 'manifest.json')).artifacts)).map(
    ([id, artifact]): Artifact => ({ id, directory, artifact: record(artifact) }),
  );
  const files = filesOf(artifacts);
  const stacks = artifacts
    .filter(({ id, artifact }) => artifact.type === STACK && (wanted?.artifactId ?? id) === id)
    .flatMap((one) => stackAndNested(one, files));
  if (wanted && wanted.artifactId === undefined) return stacks.filter(({ file }) => file === wanted.templateFile);
  if (wanted) return stacks;
  const below = artifacts.filter(({ artifact }) => artifact.type === ASSEMBLY);
  return [...stacks, ...below.flatMap(({ artifact }) => readAssembly(join(directory, folderOf(artifact))))];
}

interface Artifact {
  readonly id: string;
  readonly directory: string;
  readonly artifact: Props;
}

/** File of an asset by its hash: nested templates are assets. */
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
  // `Stage/Stack (name)` where the name of the stack is another.
  const path = word(displayName ?? id).replace(/ \(.*\)$/, '');
  const file = word(record(properties).templateFile);
  return withNested({ directory, files, names: namesIn(path, { ...record(metadata), ...more }) }, path, file);
}

interface Around {
  readonly directory: string;
  readonly files: Files;
  readonly names: PathNames;
}

function withNested(around: Around, path: string, file: string): readonly FoundStack[] {
  const { directory, files, names } = around;
  const view = new TemplateView(jsonOf(join(directory, file)), (logicalId) => names.nameOf(path, logicalId));
  const nested = view.ofType('AWS::CloudFormation::Stack').flatMap((resource) => {
    const hash = /[0-9a-f]{64}/.exec(view.joined(resource.props.TemplateURL))?.[0] ?? '';
    const asset = record(resource.entry.Metadata)['aws:asset:path'];
    const template = files.get(hash) ?? (typeof asset === 'string' ? basename(asset) : undefined);
    const own = names.nestedPath(path, resource.id) ?? `${path}/${resource.name}`;
    return template !== undefined && existsSync(join(directory, template)) ? withNested(around, own, template) : [];
  });
  return [{ name: path, engine: 'CloudFormation', view, file }, ...nested];
}

/** The content of a JSON file; without entries where there is none. */
function jsonOf(file: string): Props {
  return existsSync(file) ? record(parsed(readFileSync(file, 'utf8'))) : {};
}
