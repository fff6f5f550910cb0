import { existsSync, readFileSync, statSync } from 'node:fs';
import type { IConstruct } from 'constructs';
import { AiInfraError } from '../core/errors';
import type { StackArchitecture } from './architecture';
import { isAssembly, readAssembly } from './cloudformation/assembly';
import { isCdkStack, isCdkStage, synthesizedByCdk, TemplateView } from './cloudformation/template-view';
import { isRecord, parsed, type Props, type View } from './view';
import { isTerraformFolder, readTerraformFolder } from './terraform/folder';
import { isTerraformStack, synthesizedByCdktf, terraformStacksIn } from './terraform/live';
import { isTerraform, TerraformView } from './terraform/terraform-view';

/** Synthesized stack. */
export interface SynthesizedStack {
  /** Name of the stack. */
  readonly name: string;
  /** Engine that deploys the stack. */
  readonly engine: StackArchitecture['engine'];
  /** Resources of the stack. */
  readonly view: View;
}

/** Returns the synthesized stacks of a source. */
export function stacksOf(source: unknown): readonly SynthesizedStack[] {
  if (typeof source === 'string') return source.trimStart().startsWith('{') ? ofText(source) : ofPath(source);
  if (!isRecord(source)) throw invalidSource(source);
  if (isConstruct(source)) return ofConstruct(source);
  const { toJSON } = source;
  return ofDocument(typeof toJSON === 'function' ? (toJSON as () => unknown).call(source) : source, source);
}

function ofConstruct(source: IConstruct): readonly SynthesizedStack[] {
  if (isTerraformStack(source)) return synthesizedByCdktf([source]);
  if (isCdkStack(source) || isCdkStage(source)) return synthesizedByCdk(source);
  const stacks = terraformStacksIn(source);
  if (stacks.length > 0) return synthesizedByCdktf(stacks);
  throw invalidSource(source, 'Pass the stack of the construct: Stack.of(construct).');
}

function ofText(text: string): readonly SynthesizedStack[] {
  const document = parsed(text);
  if (document === undefined)
    throw invalidSource(text, 'Correct the string, which starts like JSON but is not valid JSON.');
  return ofDocument(document, text);
}

function ofPath(path: string): readonly SynthesizedStack[] {
  if (!existsSync(path)) throw invalidSource(path, 'Correct the path, or synthesize the app first.');
  if (!statSync(path).isDirectory()) return ofText(readFileSync(path, 'utf8'));
  if (isAssembly(path)) return readAssembly(path);
  if (isTerraformFolder(path)) return readTerraformFolder(path);
  throw invalidSource(
    path,
    'Pass a folder with a manifest.json of the AWS CDK or CDK for Terraform, or with *.tf.json files.',
  );
}

function ofDocument(document: unknown, source: unknown): readonly SynthesizedStack[] {
  if (isTemplate(document)) return [{ name: 'template', engine: 'CloudFormation', view: new TemplateView(document) }];
  if (isTerraform(document)) {
    return [{ name: 'configuration', engine: 'Terraform', view: new TerraformView(document) }];
  }
  throw invalidSource(source);
}

function isTemplate(value: unknown): value is Props {
  return isRecord(value) && (isRecord(value.Resources) || 'AWSTemplateFormatVersion' in value);
}

function isConstruct(value: unknown): value is IConstruct {
  return isRecord(value) && isRecord(value.node) && typeof value.node.path === 'string';
}

const FIX =
  'Pass a Stack or an App of the AWS CDK or of CDK for Terraform, a template, or the path of synthesized output.';

function invalidSource(got: unknown, fix = FIX): AiInfraError {
  return new AiInfraError([
    {
      code: 'ArchitectureSource',
      prop: 'source',
      allowed: 'a stack, an app, or synthesized output',
      got,
      fix,
    },
  ]);
}
