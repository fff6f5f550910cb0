import { AT_DEPLOYMENT } from '../architecture';
import { isRecord, list, type Props, record, word, nameOfId, nameOfPath, neutral, type Resource, View } from '../view';
import type { IConstruct } from 'constructs';
import type { SynthesizedStack } from '../source';
import { readAssembly } from './assembly';

/** Returns the name of a resource by its logical id, if the assembly has the path of its construct. */
export type NameOf = (logicalId: string) => string | undefined;

// Resources that the CDK adds to a template. The metadata changes with each CDK release.
const IGNORED = ['AWS::CDK::Metadata'];

/** View of a CloudFormation template. */
export class TemplateView extends View {
  private readonly parameters: Props;

  constructor(template: Props, nameOf: NameOf = () => undefined) {
    super(
      Object.entries(record(template.Resources))
        .filter(([, entry]) => isRecord(entry) && !IGNORED.includes(word(entry.Type)))
        .map(([id, entry]) => resourceOf(id, record(entry), nameOf)),
    );
    this.parameters = record(template.Parameters);
  }

  /** Returns the first resource in a reference, or in a string that contains references. */
  find(value: unknown): Resource | undefined {
    if (Array.isArray(value)) return firstOf(value, (item) => this.find(item));
    if (!isRecord(value)) return undefined;
    if (typeof value.Ref === 'string') return this.byIdOf(value.Ref);
    const attribute = value['Fn::GetAtt'];
    if (attribute !== undefined) return this.byIdOf(word(list(attribute)[0]).split('.')[0]!);
    const [pattern] = list(value['Fn::Sub']);
    if (typeof pattern === 'string') {
      const names = [...pattern.matchAll(/\$\{([A-Za-z0-9]+)/g)].map(([, name]) => name!);
      return firstOf(names, (name) => this.byIdOf(name)) ?? this.find(list(value['Fn::Sub'])[1]);
    }
    return firstOf(Object.values(value), (item) => this.find(item));
  }

  text(value: unknown): string | undefined {
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value !== 'object') return neutral(word(value));
    const { Ref: name } = value as Props;
    return (typeof name === 'string' ? this.defaultOf(name) : undefined) ?? AT_DEPLOYMENT;
  }

  override joined(value: unknown): string {
    if (typeof value === 'string') return value;
    if (!isRecord(value)) return '0';
    const [, pieces] = list(value['Fn::Join']);
    if (Array.isArray(pieces)) return pieces.map((piece) => this.joined(piece)).join('');
    const [pattern] = list(value['Fn::Sub']);
    return typeof pattern === 'string' ? pattern.replace(/\$\{[^}]*\}/g, '0') : '0';
  }

  private defaultOf(parameter: string): string | undefined {
    const { Default: value, Type: type } = record(this.parameters[parameter]);
    if (value === undefined || word(type).startsWith('AWS::SSM::')) return undefined;
    return neutral(word(value));
  }
}

function resourceOf(id: string, entry: Props, nameOf: NameOf): Resource {
  const path = record(entry.Metadata)['aws:cdk:path'];
  const name = nameOf(id) ?? (typeof path === 'string' ? nameOfPath(path.split('/').slice(1).join('/')) : nameOfId(id));
  return { id, type: word(entry.Type), name, props: record(entry.Properties), entry };
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

// Detected by their members, because an app can use another copy of the CDK with different classes.

interface CdkStage extends IConstruct {
  synth(): { readonly directory: string };
}

interface CdkStack extends IConstruct {
  readonly artifactId: string;
  readonly templateFile: string;
  readonly nestedStackParent?: unknown;
}

/** Returns whether a construct is a stage or an app of the AWS CDK. */
export function isCdkStage(value: IConstruct): value is CdkStage {
  return 'synth' in value && typeof value.synth === 'function' && 'stageName' in value;
}

/** Returns whether a construct is a stack of the AWS CDK. */
export function isCdkStack(value: IConstruct): value is CdkStack {
  return 'templateFile' in value && 'artifactId' in value && 'stackName' in value;
}

/** Synthesizes a stack or stage like `cdk synth`, if it is not synthesized yet. An app that cannot be synthesized throws its own error. */
export function synthesizedByCdk(source: CdkStack | CdkStage): readonly SynthesizedStack[] {
  if (isCdkStage(source)) return readAssembly(source.synth().directory);
  const stage = [...source.node.scopes].reverse().find(isCdkStage);
  // A stack without an app creates one.
  const { directory } = (stage ?? (source.node.root as CdkStage)).synth();
  return readAssembly(directory, source.nestedStackParent ? { templateFile: source.templateFile } : source);
}
