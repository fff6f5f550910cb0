/** Program: synthesizes a CDK for Terraform app and prints the content of its stack. `dump-terraform <written>` */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { App } from 'cdktf';

const [written] = process.argv.slice(2) as [string];
const { build } = createRequire(__filename)(written) as { readonly build: () => App };
const app = build();
app.synth();
process.stdout.write(
  `\n${JSON.stringify(JSON.parse(readFileSync(join(app.outdir, 'stacks/training/cdk.tf.json'), 'utf8')))}\n`,
);
