import type { IConstruct } from 'constructs';
import type { SynthesizedStack } from '../source';
import { readAssembly } from './assembly';

// Known by their members: an app may hold another copy of the CDK than ours, and then shares no class with it.

interface CdkStage extends IConstruct {
  synth(): { readonly directory: string };
}

interface CdkStack extends IConstruct {
  readonly artifactId: string;
  readonly templateFile: string;
  readonly nestedStackParent?: unknown;
}

export function isCdkStage(value: IConstruct): value is CdkStage {
  return 'synth' in value && typeof value.synth === 'function' && 'stageName' in value;
}

export function isCdkStack(value: IConstruct): value is CdkStack {
  return 'templateFile' in value && 'artifactId' in value && 'stackName' in value;
}

/** Synthesizes as `cdk synth` would, unless that was done. An app that cannot be synthesized throws its own error. */
export function synthesizedByCdk(source: CdkStack | CdkStage): readonly SynthesizedStack[] {
  if (isCdkStage(source)) return readAssembly(source.synth().directory);
  const stage = [...source.node.scopes].reverse().find(isCdkStage);
  // A stack without an app makes one for itself.
  const { directory } = (stage ?? (source.node.root as CdkStage)).synth();
  return readAssembly(directory, source.nestedStackParent ? { templateFile: source.templateFile } : source);
}
