import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ISynthesisSession, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';

/** What CDK for Terraform, and its successor, look for on a construct when they write a stack: they export no function that puts it there. */
const CUSTOM_SYNTHESIS = Symbol.for('cdktf/customSynthesis');

/**
 * Runs something while the stack of a construct is written. It stands on a child of its own: a construct takes one, which its user may want.
 */
export function atSynthesis(scope: Construct, id: string, run: (session: ISynthesisSession) => void): void {
  Object.defineProperty(new Construct(scope, id), CUSTOM_SYNTHESIS, { value: { onSynthesize: run } });
}

/**
 * Writes files into the folder of the stack of a construct, whenever that is synthesized: Terraform runs there, and reads them as
 * `${path.module}/<name>`. Texts are made only then: they cost more than objects.
 */
export function writeBesideStack(scope: Construct, id: string, files: () => Readonly<Record<string, string>>): void {
  atSynthesis(scope, id, ({ outdir, manifest }) => {
    const folder = join(outdir, manifest.forStack(TerraformStack.of(scope)).workingDirectory);
    for (const [name, text] of Object.entries(files())) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  });
}
