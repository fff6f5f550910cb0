import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { App, TerraformOutput, TerraformStack, Testing } from 'cdktf';

/** An app that writes into a folder of its own, and a stack of it. */
export function newApp(id = 'Test'): { app: App; stack: TerraformStack; folder: string } {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'terraform-')) });
  const stack = new TerraformStack(app, id);
  return { app, stack, folder: join(app.outdir, 'stacks', id) };
}

/** A Helm provider that reaches nothing. */
export function addHelm(stack: TerraformStack): void {
  new HelmProvider(stack, 'Helm');
}

let outputs = 0;

/** A string as it appears in the configuration of a stack. */
export function written(stack: TerraformStack, value: string): string {
  const id = `Text${outputs++}`;
  new TerraformOutput(stack, id, { value });
  return (JSON.parse(Testing.synth(stack)) as { output: Record<string, { value: string }> }).output[id]!.value;
}

/** A string with replaced expressions and unescaped templates. */
export function evaluated(text: string): string {
  return text.replace(
    /\$\$\{|%%\{|("?)\$\{((?:[^{}]|\{[^{}]*\})*)\}/g,
    (found, before: string | undefined, inner: string) => {
      if (found === '$${' || found === '%%{') return found.slice(1);
      const shown = `<${inner.replaceAll('"', "'")}>`;
      return inner.startsWith('jsonencode(') && before === '' ? `"${shown}"` : `${before ?? ''}${shown}`;
    },
  );
}

export function textIn(folder: string, name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

/** Files that a construct writes to the stack folder. */
export function filesBeside(make: (stack: TerraformStack) => { readonly folder: string }) {
  const app = unvalidatedApp();
  const { folder } = make(new TerraformStack(app, 'Test'));
  app.synth();
  const files = join(app.outdir, 'stacks/Test', folder);
  return { names: () => readdirSync(files).sort(), text: (name: string) => textIn(files, name) };
}

/** Workloads in the report of an app, which exists in all formats. */
export function reportOf(fill: (app: App) => void): unknown[] {
  const app = unvalidatedApp();
  fill(app);
  app.synth();
  for (const form of ['md', 'html']) expect(existsSync(join(app.outdir, `ai-infra-report.${form}`))).toBe(true);
  return (JSON.parse(textIn(app.outdir, 'ai-infra-report.json')) as { workloads: unknown[] }).workloads;
}

/** An app whose stacks need no providers. */
function unvalidatedApp(): App {
  return new App({ outdir: mkdtempSync(join(tmpdir(), 'terraform-')), skipValidation: true });
}
