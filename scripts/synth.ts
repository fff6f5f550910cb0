/**
 * Synthesizes every example, `examples/<cloud>/<story>.ts`. It fails where `cdk synth --strict` would fail.
 *
 * `tsx scripts/synth.ts [--examples <folder>] [--output <folder>] [<cloud>/<story> …]`
 *
 * Each story runs in its own process. Its output gets its final name only after it is complete and valid.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { CLOUDS, type EngineName, isCloud, rowOf } from './clouds';

/** The content of an output, and its faults. */
interface Outcome {
  readonly stacks: number;
  readonly resources: number;
  readonly templateBytes: number;
  readonly faults: readonly string[];
}

/** How apps are synthesized. */
interface Engine {
  /** Returns the folder of a story, relative to the output folder. */
  readonly folderOf: (cloud: string, story: string) => string;
  /** Returns the environment variables of the app: the output folder, and strict mode. */
  readonly environment: (folder: string) => Record<string, string>;
  readonly read: (folder: string) => Outcome;
}

const ENGINES: Readonly<Record<EngineName, Engine>> = {
  cdk: {
    folderOf: (_, story) => join('cdk.out', story),
    environment: (folder) => ({ CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify(contextOfCdkJson()) }),
    read: readCloudAssembly,
  },
  terraform: {
    folderOf: (cloud, story) => join('cdktf.out', `${cloud}-${story}`),
    environment: (folder) => ({ CDKTF_OUTDIR: folder }),
    read: readTerraformManifest,
  },
};

const ROOT = resolve(__dirname, '..');

function contextOfCdkJson(): unknown {
  return (JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as { context: unknown }).context;
}

function readCloudAssembly(folder: string): Outcome {
  const assembly = new CloudAssembly(folder);
  const stacks = assembly.stacksRecursively;
  const templates = stacks.map(({ templateFullPath }) => readFileSync(templateFullPath, 'utf8'));
  const parsed = templates.map((text) => JSON.parse(text) as { readonly Resources?: object });
  const refused = stacks
    .flatMap(({ messages }) => messages)
    .filter(({ level }) => (level as string) !== 'info')
    .map(
      ({ level, id, entry }) =>
        `${level} at ${id}: ${typeof entry.data === 'string' ? entry.data : JSON.stringify(entry.data)}`,
    );
  const lookups = (assembly.manifest.missing ?? []).map(
    ({ key }) => `looks up '${key}' in an account: an example must not`,
  );
  return {
    stacks: stacks.length,
    resources: parsed.reduce((sum, { Resources = {} }) => sum + Object.keys(Resources).length, 0),
    templateBytes: templates.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
    faults: [...(stacks.length > 0 ? [] : ['wrote no stack']), ...refused, ...lookups],
  };
}

/** The stack entry in a CDK for Terraform manifest. */
interface TerraformStackEntry {
  readonly synthesizedStackPath: string;
  readonly annotations: readonly { readonly level: string; readonly constructPath: string; readonly message: string }[];
}

function readTerraformManifest(folder: string): Outcome {
  const { stacks } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
    readonly stacks: Readonly<Record<string, TerraformStackEntry>>;
  };
  const entries = Object.values(stacks);
  const texts = entries.map(({ synthesizedStackPath }) => readFileSync(join(folder, synthesizedStackPath), 'utf8'));
  const resources = texts.map((text) => (JSON.parse(text) as { readonly resource?: object }).resource ?? {});
  const refused = entries
    .flatMap(({ annotations }) => annotations)
    .filter(({ level }) => level !== '@cdktf/info')
    .map(({ level, constructPath, message }) => `${level.replace('@cdktf/', '')} at ${constructPath}: ${message}`);
  return {
    stacks: entries.length,
    resources: resources.flatMap((types) => Object.values(types).flatMap((ofType) => Object.keys(ofType as object)))
      .length,
    templateBytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
    faults: [...(entries.length > 0 ? [] : ['wrote no stack']), ...refused],
  };
}

interface Story {
  /** `<cloud>/<story>` */
  readonly name: string;
  readonly file: string;
}

function storiesIn(examples: string, wanted: readonly string[]): Story[] {
  return readdirSync(examples, { withFileTypes: true })
    .filter((cloud) => cloud.isDirectory())
    .flatMap((cloud) =>
      readdirSync(join(examples, cloud.name))
        .filter((file) => file.endsWith('.ts'))
        .map((file) => ({ name: `${cloud.name}/${file.slice(0, -3)}`, file: join(examples, cloud.name, file) })),
    )
    .filter(({ name }) => wanted.length === 0 || wanted.includes(name))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Synthesizes a story. @returns the faults, or an empty list */
function synthesize({ name, file }: Story, output: string): string[] {
  const [cloud = '', story = ''] = name.split('/');
  if (!isCloud(cloud)) return [`'${cloud}' is not a cloud of scripts/clouds.ts: write ${CLOUDS.join(' or ')}`];

  const engine = ENGINES[rowOf(cloud).engine];
  const final = join(output, engine.folderOf(cloud, story));
  const draft = join(dirname(final), `.${story}.draft`);
  for (const folder of [final, draft]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(final), { recursive: true });
  try {
    return run(name, file, engine, draft, final);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function run(name: string, file: string, engine: Engine, draft: string, final: string): string[] {
  const begin = performance.now();
  // Tests disable the validator for speed. It always runs here.
  const env = { ...process.env, CDK_VALIDATION: undefined, ...engine.environment(draft) };
  const app = spawnSync(process.execPath, ['--import', 'tsx', file], { cwd: ROOT, env, encoding: 'utf8' });
  const said = [app.stdout, app.stderr].filter(Boolean);
  if (app.status !== 0) return [`ended with ${app.signal ?? `code ${app.status ?? 'unknown'}`}`, ...said];
  if (!existsSync(draft)) return ['wrote nothing', ...said];

  const { stacks, resources, templateBytes, faults } = engine.read(draft);
  if (faults.length > 0) return [...faults, ...said];
  renameSync(draft, final);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  console.log(`${name}: ${stacks} stacks, ${resources} resources, ${Math.ceil(templateBytes / 1024)} KB, ${seconds} s`);
  return [];
}

function main(): void {
  const { values, positionals } = parseArgs({
    options: {
      examples: { type: 'string', default: join(ROOT, 'examples') },
      output: { type: 'string', default: ROOT },
    },
    allowPositionals: true,
  });
  const stories = storiesIn(resolve(values.examples), positionals);
  const missing = positionals.filter((wanted) => !stories.some(({ name }) => name === wanted));
  for (const name of missing) fail(name, ['there is no such example']);
  if (stories.length === 0 && missing.length === 0) fail(values.examples, ['holds no example']);
  for (const story of stories) {
    const faults = synthesize(story, resolve(values.output));
    if (faults.length > 0) fail(story.name, faults);
  }
}

function fail(name: string, faults: readonly string[]): void {
  console.error(`${name}: FAILED\n${faults.map((fault) => fault.trimEnd().replace(/^/gm, '  ')).join('\n')}`);
  process.exitCode = 1;
}

main();
