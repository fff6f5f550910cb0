import type { IConstruct } from 'constructs';
import type { SynthesizedStack } from '../source';
import { readAssembly } from './assembly';

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
