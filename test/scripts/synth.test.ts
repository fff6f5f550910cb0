import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const ARTIFACTS = join(ROOT, 'test/.artifacts');

// Inside the repository, because an example must find its packages.
let folder: string;

function open(): void {
  mkdirSync(ARTIFACTS, { recursive: true });
  folder = mkdtempSync(join(ARTIFACTS, 'synth-'));
}

function close(): void {
  rmSync(folder, { recursive: true, force: true });
}

/** A story loads only the imports that it uses. The compiler drops the others. */
const IMPORTS: Readonly<Record<string, string>> = {
  aws: `import { Annotations, App, CfnResource, Stack, Validations } from 'aws-cdk-lib';
    import { Bucket } from 'aws-cdk-lib/aws-s3';
    import { Vpc } from 'aws-cdk-lib/aws-ec2';`,
  google: `import { Annotations, App, TerraformOutput, TerraformStack } from 'cdktf';`,
};

function story(name: string, body: string): void {
  const file = join(folder, 'examples', `${name}.ts`);
  const [cloud = ''] = name.split('/');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${IMPORTS[cloud] ?? ''}\n${body}`);
}

/** For a story that does not test the CDK's validator, which takes three seconds to load. */
const UNVALIDATED = `process.env.CDK_VALIDATION = 'false';`;

function synth(...wanted: string[]) {
  const script = [
    '--require',
    'tsx/cjs',
    join(ROOT, 'scripts/synth.ts'),
    '--examples',
    join(folder, 'examples'),
    '--output',
    folder,
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...script, ...wanted], {
    cwd: ROOT,
    // Explicit, because child processes do not see jest's copy of `process.env`.
    env: process.env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const namesIn = (output: string) => (existsSync(join(folder, output)) ? readdirSync(join(folder, output)) : []);
const outputs = () => namesIn('cdk.out');

/** The output about a failed story: from its line to the next story. */
function saidOf(stderr: string, name: string): string | undefined {
  return stderr.split(/^(?=\S+: FAILED$)/m).find((said) => said.startsWith(`${name}: FAILED\n`));
}

jest.setTimeout(120_000);

describe('a story that synthesizes', () => {
  let run: ReturnType<typeof synth>;

  beforeAll(() => {
    open();
    story('aws/good', `new Bucket(new Stack(new App(), 'Good'), 'Bucket');`);
    story(
      'aws/doubt',
      `${UNVALIDATED}
       const stack = new Stack(new App(), 'Doubt');
       new Bucket(stack, 'Bucket');
       Validations.of(stack).addWarning('fabric/not-full', 'Half of the fabric is dark.');
       Validations.of(stack).acknowledge({ id: 'annotation::fabric/not-full', reason: 'a trial' });`,
    );
    story(
      'google/good',
      `const app = new App();
       new TerraformOutput(new TerraformStack(app, 'good'), 'Answer', { value: 42 });
       app.synth();`,
    );
    run = synth();
  });
  afterAll(close);

  test('gets an output folder and one line', () => {
    expect(run).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^aws\/good: 1 stacks, 1 resources, \d+ KB, [\d.]+ s$/m),
      stderr: '',
    });
    expect(run.stdout.split('\n')).toEqual([
      ...['aws/doubt', 'aws/good', 'google/good'].map((name) => expect.stringContaining(`${name}: `)),
      '',
    ]);
    expect(outputs()).toEqual(['doubt', 'good']);
    expect(readdirSync(join(folder, 'cdk.out/good'))).toEqual(
      expect.arrayContaining(['manifest.json', 'Good.template.json']),
    );
  });

  test('gets an output folder with CDK for Terraform, too', () => {
    expect(run.stdout).toMatch(/^google\/good: 1 stacks, 0 resources, \d+ KB, [\d.]+ s$/m);
    expect(existsSync(join(folder, 'cdktf.out/google-good/stacks/good/cdk.tf.json'))).toBe(true);
  });

  test('passes with an acknowledged warning', () => {
    expect(run.stdout).toMatch(/^aws\/doubt: 1 stacks, 1 resources/m);
  });
});

describe('a story that fails leaves no output and reports the reason', () => {
  const STORIES: readonly (readonly [when: string, name: string, says: RegExp, body: string])[] = [
    [
      'it throws: with its own output',
      'aws/throws',
      /aws\/throws: FAILED[^]*on my way[^]*no such machine/,
      `console.log('on my way'); throw new Error('no such machine');`,
    ],
    [
      'it throws after a stack was written',
      'aws/half',
      /ended with code 1[^]*too late/,
      `${UNVALIDATED}
       const app = new App(); new Bucket(new Stack(app, 'Half'), 'Bucket'); app.synth(); throw new Error('too late');`,
    ],
    ['it writes nothing', 'aws/silent', /wrote nothing[^]*nothing to do/, `console.log('nothing to do');`],
    ['it writes no stack', 'aws/empty', /wrote no stack/, `${UNVALIDATED} new App();`],
    [
      'a warning is not acknowledged',
      'aws/warns',
      /warning at \/Warns: Half of the fabric is dark\. \[ack: Annotation::fabric\/not-full\]/,
      `${UNVALIDATED}
       const stack = new Stack(new App(), 'Warns');
       new Bucket(stack, 'Bucket');
       Validations.of(stack).addWarning('fabric/not-full', 'Half of the fabric is dark.');`,
    ],
    [
      'an error is annotated',
      'aws/error',
      /error at \/Wrong: This cannot be\./,
      `${UNVALIDATED}
       const stack = new Stack(new App(), 'Wrong');
       new Bucket(stack, 'Bucket');
       Annotations.of(stack).addError('This cannot be.');`,
    ],
    [
      'the template breaks the schema, even where the environment switches validation off',
      'aws/schema',
      /BucketNam/,
      `new CfnResource(new Stack(new App(), 'Schema'), 'Bucket', { type: 'AWS::S3::Bucket', properties: { BucketNam: 'x' } });`,
    ],
    [
      'it looks something up in an account',
      'aws/lookup',
      /looks up 'vpc-provider:[^']+' in an account/,
      `${UNVALIDATED}
       const stack = new Stack(new App(), 'Looks', { env: { account: '111111111111', region: 'us-east-1' } });
       new Bucket(stack, 'Bucket');
       Vpc.fromLookup(stack, 'Vpc', { vpcId: 'vpc-12345678' });`,
    ],
    [
      'a warning of CDK for Terraform is not acknowledged',
      'google/warns',
      /warn at warns: fabric\/unwired: pods do not get it\./,
      `const stack = new TerraformStack(new App(), 'warns');
       Annotations.of(stack).addWarning('fabric/unwired: pods do not get it.');
       App.of(stack).synth();`,
    ],
    [
      'its cloud has no row',
      'mars/rover',
      /mars\/rover: FAILED\n {2}'mars' is not a cloud of scripts\/clouds\.ts: write aws or /,
      '',
    ],
  ];
  let run: ReturnType<typeof synth>;

  beforeAll(() => {
    open();
    // The schema that the story violates.
    expect(process.env.CDK_VALIDATION).toBe('false');
    for (const [, name, , body] of STORIES) story(name, body);
    run = synth();
  });
  afterAll(close);

  test.each(STORIES)('when %s', (_, name, says) => expect(saidOf(run.stderr, name)).toMatch(says));

  test('the run fails without output of other stories', () => {
    expect(run.status).toBe(1);
    expect(run.stdout).toBe('');
    expect(outputs()).toEqual([]);
    expect(namesIn('cdktf.out')).toEqual([]);
  });
});

describe('several stories', () => {
  const good = `${UNVALIDATED} new Bucket(new Stack(new App(), 'Good'), 'Bucket');`;

  beforeEach(open);
  afterEach(close);

  test('all run, the failed one is named, and its old output is deleted', () => {
    story('aws/good', good);
    story('aws/bad', good);
    expect(synth().status).toBe(0);
    expect(outputs()).toEqual(['bad', 'good']);

    story('aws/bad', `throw new Error('broken since');`);
    const { status, stdout, stderr } = synth();
    expect(status).toBe(1);
    expect(stdout).toMatch(/^aws\/good: /);
    expect(stderr).toMatch(/^aws\/bad: FAILED/);
    expect(outputs()).toEqual(['good']);
  });

  test('one can be selected by name, and an unknown name fails', () => {
    story('aws/good', good);
    story('aws/bad', `throw new Error('not asked for');`);

    expect(synth('aws/good').status).toBe(0);
    expect(synth('aws/goof')).toMatchObject({ status: 1, stderr: expect.stringContaining('there is no such example') });
  });

  test('a folder without examples fails', () => {
    mkdirSync(join(folder, 'examples'));

    expect(synth()).toMatchObject({ status: 1, stderr: expect.stringContaining('holds no example') });
  });
});
