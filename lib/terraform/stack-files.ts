import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ISynthesisSession, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';

/** Symbol that CDK for Terraform and its successor read at synthesis. They export no function that sets it. */
const CUSTOM_SYNTHESIS = Symbol.for('cdktf/customSynthesis');

/**
 * Runs a function when the stack of a construct is written. It uses its own child construct, because a construct supports only one such function.
 */
export function atSynthesis(scope: Construct, id: string, run: (session: ISynthesisSession) => void): void {
  Object.defineProperty(new Construct(scope, id), CUSTOM_SYNTHESIS, { value: { onSynthesize: run } });
}

/**
 * Writes files to the stack folder at synthesis. Terraform reads them as `${path.module}/<name>`. The contents are created only then, because they are
 * expensive.
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
