import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IConstruct } from 'constructs';
import { AiInfraError } from '../../core/errors';
import { parsed } from '../json';
import type { SynthesizedStack } from '../source';
import { isTerraform, TerraformView } from './terraform-view';

// Known by its members: `cdktf` and its successors share them, and this library needs neither.
interface TerraformStack extends IConstruct {
  prepareStack(): void;
  toTerraform(): unknown;
  readonly synthesizer: { synthesize(session: unknown): void };
}

export function isTerraformStack(value: IConstruct): value is TerraformStack {
  return 'toTerraform' in value && 'prepareStack' in value && 'synthesizer' in value;
}

/** The Terraform stacks of an app. */
export function terraformStacksIn(app: IConstruct): readonly TerraformStack[] {
  return app.node.findAll().filter(isTerraformStack);
}

/** Synthesizes into a folder of its own, so that no output of the app's own synthesis is written. */
export function synthesizedByCdktf(stacks: readonly TerraformStack[]): readonly SynthesizedStack[] {
  // A reference between stacks adds to the one that it leads to, so all are prepared before any is synthesized.
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
    // What a stack asks of the manifest of its app.
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
        fix: 'Unset SYNTH_HCL_OUTPUT in tests.',
      },
    ]);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
