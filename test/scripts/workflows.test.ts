import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { CATALOG_CLOUDS, titleOf } from '../../scripts/clouds';

const ROOT = join(__dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  readonly license: string;
  readonly engines: { readonly node: string };
  readonly scripts: Readonly<Record<string, string>>;
};

interface Step {
  readonly name: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly uses?: string;
  readonly needs?: string | readonly string[];
  readonly steps?: readonly Step[];
  readonly strategy?: { readonly matrix: { readonly node?: readonly string[] } };
}

const FOLDER = '.github/workflows';
const WORKFLOWS = readdirSync(join(ROOT, FOLDER)).map((file) => {
  const text = read(`${FOLDER}/${file}`);
  return { file, text, jobs: (parse(text) as { readonly jobs: Readonly<Record<string, Job>> }).jobs };
});
const JOBS = WORKFLOWS.flatMap(({ file, jobs }) =>
  Object.entries(jobs).map(([name, job]) => ({ id: `${file} ${name}`, job, steps: job.steps ?? [] })),
);
const jobsOf = (file: string) => WORKFLOWS.find((workflow) => workflow.file === file)!.jobs;

describe('the workflows', () => {
  test('give each job its own permissions, and write access only where it is needed', () => {
    const writes = JOBS.flatMap(({ id, job }) =>
      Object.entries(job.permissions ?? { all: 'write' }).flatMap(([scope, level]) =>
        level === 'write' ? [`${id}: ${scope}`] : [],
      ),
    );
    expect(writes.sort()).toEqual([
      'code-scanning.yml codeql: security-events',
      'release.yml github: contents',
      'release.yml npm: id-token',
    ]);
  });

  test('pin each action to a commit or to an immutable release', () => {
    const actions = JOBS.flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []));
    expect(actions.length).toBeGreaterThan(10);
    expect(actions.filter((action) => !/^[\w-]+\/[\w/-]+@(?:[0-9a-f]{40}|v\d+\.\d+\.\d+)$/.test(action))).toEqual([]);
  });

  test('use no secret except the npm token, and name no repository', () => {
    const secrets = WORKFLOWS.flatMap(({ text }) => [...text.matchAll(/secrets\.(\w+)/g)].map(([, name]) => name));
    expect(secrets).toEqual(['NPM_TOKEN']);
    for (const { text } of WORKFLOWS) expect(text).not.toMatch(/https?:\/\/|github\.com/);
  });

  test('install and run no code of dependencies in jobs that can write', () => {
    const writing = JOBS.filter(({ id }) => ['release.yml github', 'release.yml npm'].includes(id));
    expect(writing).toHaveLength(2);
    const run = writing.flatMap(({ steps }) => steps.map((step) => step.run ?? ''));
    expect(run.filter((script) => /npm (?:ci|install|run)|npx/.test(script))).toEqual([]);
  });

  test('test every supported version of Node.js, from the oldest', () => {
    const versions = jobsOf('build.yml').tests!.strategy!.matrix.node!;
    expect(versions).toEqual(['20', '22', '24']);
    expect(manifest.engines.node).toBe(`>= ${versions[0]!}.0.0`);
  });

  test('run scripts that exist', () => {
    const scripts = JOBS.flatMap(({ steps }) =>
      steps.flatMap(({ run = '' }) => [...run.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name!)),
    );
    expect(scripts).toEqual(expect.arrayContaining(['build', 'lint', 'types', 'test:package']));
    expect(scripts.filter((name) => !(name in manifest.scripts))).toEqual([]);
  });

  test('run .ci/run before a release', () => {
    const { build, package: packed } = jobsOf('release.yml');
    expect([build!.uses, packed!.needs]).toEqual(['./.github/workflows/build.yml', 'build']);
    expect(jobsOf('build.yml').checks!.steps!.map(({ run }) => run)).toContain('.ci/run');
  });
});

describe('the issue forms', () => {
  const FORMS = readdirSync(join(ROOT, '.github/ISSUE_TEMPLATE')).filter((file) => file !== 'config.yml');

  test.each(FORMS)('%s asks for one of the clouds', (file) => {
    const { body } = parse(read(`.github/ISSUE_TEMPLATE/${file}`)) as {
      readonly body: readonly { readonly id: string; readonly attributes: { readonly options?: readonly string[] } }[];
    };
    const cloud = body.find(({ id }) => id === 'cloud')!;
    expect(cloud.attributes.options).toEqual([...CATALOG_CLOUDS.map(titleOf), 'every cloud']);
    expect(new Set(body.map(({ id }) => id)).size).toBe(body.length);
  });
});

test('the badges in the README are true', () => {
  const badges = [...read('README.md').matchAll(/!\[([^\]]+)\]\(https:\/\/img\.shields\.io/g)].map(([, text]) => text);
  const [oldest] = /\d+/.exec(manifest.engines.node)!;
  expect(badges).toEqual([`License: ${manifest.license}`, `Node.js ${oldest} or newer`]);
});
