import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { byText, isRecord, parsed, type Props, record, word } from '../view';
import type { SynthesizedStack } from '../source';
import { TerraformView } from './terraform-view';

/** Returns whether a folder is the output of CDK for Terraform, or contains Terraform configuration. */
export function isTerraformFolder(directory: string): boolean {
  return isRecord(manifestOf(directory).stacks) || filesIn(directory).length > 0;
}

/** Reads the stacks of an output folder. A folder of Terraform files is one stack. */
export function readTerraformFolder(directory: string): readonly SynthesizedStack[] {
  const { stacks } = manifestOf(directory);
  if (!isRecord(stacks)) return [stackOf(basename(resolve(directory)), filesIn(directory))];
  return Object.entries(stacks).map(([name, stack]) =>
    stackOf(name, [join(directory, word(record(stack).synthesizedStackPath))]),
  );
}

function stackOf(name: string, files: readonly string[]): SynthesizedStack {
  const configuration = files.map(contentOf).reduce<Props>(merged, {});
  return { name, engine: 'Terraform', view: new TerraformView(configuration) };
}

/** Merges the files of a folder, which are one configuration in Terraform. */
function merged(all: Props, one: Props): Props {
  const both = (a: unknown, b: unknown): unknown => (isRecord(a) && isRecord(b) ? merged(a, b) : b);
  return { ...all, ...Object.fromEntries(Object.entries(one).map(([key, value]) => [key, both(all[key], value)])) };
}

function manifestOf(directory: string): Props {
  return contentOf(join(directory, 'manifest.json'));
}

function filesIn(directory: string): readonly string[] {
  const names = readdirSync(directory).filter((name) => name.endsWith('.tf.json'));
  return names.sort(byText).map((name) => join(directory, name));
}

function contentOf(file: string): Props {
  return existsSync(file) ? record(parsed(readFileSync(file, 'utf8'))) : {};
}
