/**
 * Verifies the output of CDK for Terraform, for every example and for one app with every machine in every capacity. It runs `tofu init`, and
 * `tofu test`, which validates the configuration, applies it against mocked providers, and plans the examples again: a second plan must change nothing.
 * It needs `tofu` on the PATH, and a provider registry or mirror that `tofu` finds.
 *
 * `tsx scripts/verify-terraform.ts [--plan-twice] [<cloud>/<story> …]`: some apps, or all. `--plan-twice` also plans the other apps again.
 */
import { execFile, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { promisify } from 'node:util';
import { TERRAFORM_CLOUDS, type TerraformCloud } from './clouds';
import { type Json, mocksOf, type ProviderMocks } from './mocks/provider-mocks';
import { changesOf, errorsOf } from './second-plan';

const ROOT = resolve(__dirname, '..');
interface App {
  readonly name: string;
  readonly cloud: TerraformCloud;
  readonly file: string;
}

function appsIn(folder: string): App[] {
  return TERRAFORM_CLOUDS.flatMap((cloud) =>
    readdirSync(join(ROOT, folder, cloud))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => ({ name: `${cloud}/${file.slice(0, -3)}`, cloud, file: join(ROOT, folder, cloud, file) })),
  );
}

const execute = promisify(execFile);

async function tofu(folder: string, ...args: string[]): Promise<string> {
  try {
    const { stdout } = await execute('tofu', [...args, '-no-color'], { cwd: folder, maxBuffer: 2 ** 28 });
    return stdout;
  } catch (error) {
    const { stdout, stderr, message } = error as Error & { readonly stdout?: string; readonly stderr?: string };
    const text = args.includes('-json') ? errorsOf(stdout ?? '') : stdout;
    throw new Error(stdout || stderr ? `tofu ${args.join(' ')} failed\n${text}${stderr}` : message);
  }
}

/** Copies a stack for a test that can destroy it, with mocks for each provider. */
function mockable(stack: string, folder: string, cloud: ProviderMocks, twice: boolean): void {
  cpSync(stack, folder, { recursive: true });
  const file = join(folder, 'cdk.tf.json');
  const config = JSON.parse(readFileSync(file, 'utf8'), (key, value: unknown) =>
    key === 'prevent_destroy' ? false : value,
  ) as Json;
  writeFileSync(file, JSON.stringify(config));
  const values = cloud.providers?.(config) ?? {};
  const mocks = Object.fromEntries(
    Object.entries(config.provider ?? {}).map(([name, all]) => [
      name,
      (all as { readonly alias?: string }[]).map(({ alias }) => ({ ...values[name], ...(alias && { alias }) })),
    ]),
  );
  const run = {
    apply: { assert: [...helmAssertions(config), ...(cloud.assertions?.(config) ?? [])] },
    ...(twice && { again: { command: 'plan' } }),
  };
  const overrides = cloud.overrides?.(config) ?? [];
  const test = {
    mock_provider: mocks,
    override_data: otherStacks(config),
    ...(overrides.length > 0 && { override_resource: overrides }),
    run,
  };
  writeFileSync(join(folder, 'mocked.tftest.json'), JSON.stringify(test));
}

/** Outputs of other stacks that were not applied: strings by the names that this stack reads. */
function otherStacks(config: Json): object[] {
  const read = [...JSON.stringify(config).matchAll(/terraform_remote_state\.([\w-]+)\.outputs\.([\w-]+)/g)];
  const states = Object.keys((config.data?.terraform_remote_state as object | undefined) ?? {});
  return states.map((state) => {
    const names = read.flatMap(([, from, name]) => (from === state ? [name!] : []));
    const outputs = Object.fromEntries(names.map((name) => [name, `value-of-${names.indexOf(name)}`]));
    return { target: `data.terraform_remote_state.${state}`, values: { outputs } };
  });
}

/** Checks that the values of each Helm release are valid YAML. */
function helmAssertions({ resource = {} }: Json): object[] {
  return Object.keys((resource.helm_release as object | undefined) ?? {}).map((name) => ({
    condition: `\${alltrue([for text in helm_release.${name}.values : can(yamldecode(text))])}`,
    error_message: `the values of helm_release.${name} are not valid YAML`,
  }));
}

/** Runs an app as `cdktf synth` does. @returns the folder of each of its stacks */
function synthesize({ file }: App, scratch: string): string[] {
  const out = join(scratch, 'out');
  process.env.CDKTF_OUTDIR = out;
  createRequire(__filename)(file);
  const stacks = readdirSync(join(out, 'stacks'));
  if (stacks.length === 0) throw new Error('the app wrote no stacks');
  return stacks.map((stack) => join(out, 'stacks', stack));
}

/** @returns the number of verified resources */
async function prove(stack: string, mocks: ProviderMocks, twice: boolean): Promise<number> {
  const folder = `${stack}-mocked`;
  mockable(stack, folder, mocks, twice);
  await tofu(folder, 'init', '-backend=false', '-input=false');
  const output = await tofu(folder, 'test', ...(twice ? ['-json', '-verbose'] : []));
  const config = JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')) as Json;
  const changes = twice ? changesOf(output, config) : [];
  if (changes.length > 0) throw new Error(`${basename(stack)}: a second plan changes\n${changes.join('\n')}`);
  const { resource = {} } = config;
  return Object.values(resource).flatMap((ofType) => Object.keys(ofType as object)).length;
}

/** Verifies stacks, one per core at a time. @returns the number of verified resources */
async function proveAll(stacks: readonly string[], mocks: ProviderMocks, twice: boolean): Promise<number> {
  const left = [...stacks];
  const worker = async () => {
    let resources = 0;
    for (let stack = left.shift(); stack !== undefined; stack = left.shift())
      resources += await prove(stack, mocks, twice);
    return resources;
  };
  const proven = await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return proven.reduce((sum, resources) => sum + resources, 0);
}

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals: wanted } = parseArgs({
    args: [...args],
    options: { 'plan-twice': { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  if (spawnSync('tofu', ['version']).status !== 0) throw new Error('tofu is not on the PATH: see https://opentofu.org');
  const apps = [...appsIn('examples'), ...appsIn('scripts/verify')].filter(
    ({ name }) => wanted.length === 0 || wanted.includes(name),
  );
  if (apps.length === 0) throw new Error('no app has that name');
  for (const app of apps) {
    const scratch = mkdtempSync(join(tmpdir(), 'verify-terraform-'));
    const begin = performance.now();
    try {
      const stacks = synthesize(app, scratch);
      const twice = app.file.startsWith(join(ROOT, 'examples')) || values['plan-twice'];
      const resources = await proveAll(stacks, mocksOf(app.cloud), twice);
      const seconds = ((performance.now() - begin) / 1000).toFixed(1);
      console.log(
        `${app.name}: ${stacks.length} stacks, ${resources} resources, valid and applied to mocks${twice ? ', second plan empty' : ''}, ${seconds} s`,
      );
    } catch (error) {
      console.error(`${app.name}: FAILED\n${(error as Error).message.replace(/^/gm, '  ')}`);
      process.exitCode = 1;
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
