import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IConstruct } from 'constructs';
import { AiInfraError } from '../../core/errors';
import { parsed } from '../view';
import type { SynthesizedStack } from '../source';
import { isTerraform, TerraformView } from './terraform-view';

// Detected by its members, which `cdktf` and its successors share, so that this library does not depend on either.
interface TerraformStack extends IConstruct {
  prepareStack(): void;
  toTerraform(): unknown;
  readonly synthesizer: { synthesize(session: unknown): void };
}

/** Returns whether a construct is a stack of CDK for Terraform. */
export function isTerraformStack(value: IConstruct): value is TerraformStack {
  return 'toTerraform' in value && 'prepareStack' in value && 'synthesizer' in value;
}

/** Returns the Terraform stacks of an app. */
export function terraformStacksIn(app: IConstruct): readonly TerraformStack[] {
  return app.node.findAll().filter(isTerraformStack);
}

/** Synthesizes stacks into a temporary folder, so that the output folder of the app does not change. */
export function synthesizedByCdktf(stacks: readonly TerraformStack[]): readonly SynthesizedStack[] {
  // A reference between stacks changes the target stack, so all stacks are prepared before the first one is synthesized.
  const app = stacks[0]?.node.root;
  for (const stack of app ? terraformStacksIn(app) : []) stack.prepareStack();
  return stacks.map((stack) => ({
    name: stack.node.path,
    engine: 'Terraform',
    view: new TerraformView(configurationOf(stack)),
  }));
}

const FILE = 'cdk.tf.json';

function configurationOf(stack: TerraformStack) {
  const outdir = mkdtempSync(join(tmpdir(), 'architecture-'));
  try {
    // The part of the manifest that a stack uses.
    const manifest = {
      forStack: () => ({ workingDirectory: '.', synthesizedStackPath: FILE, stackMetadataPath: 'metadata.json' }),
    };
    const skipValidation = 'skipValidation' in stack.node.root && stack.node.root.skipValidation === true;
    stack.synthesizer.synthesize({ outdir, skipValidation, manifest });
    const configuration = parsed(readFileSync(join(outdir, FILE), 'utf8'));
    if (isTerraform(configuration)) return configuration;
    throw new AiInfraError([
      {
        code: 'ArchitectureSource',
        prop: 'source',
        allowed: 'a stack that synthesizes to JSON',
        got: stack,
        fix: 'Unset the environment variable SYNTH_HCL_OUTPUT in tests.',
      },
    ]);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
