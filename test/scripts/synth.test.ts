import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const ARTEFACTS = join(ROOT, 'test/.artefacts');

// Inside the checkout, since an example must find its packages.
let folder: string;

beforeEach(() => {
  mkdirSync(ARTEFACTS, { recursive: true });
  folder = mkdtempSync(join(ARTEFACTS, 'synth-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function story(name: string, body: string): void {
  const file = join(folder, 'examples', `${name}.ts`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    `import { Annotations, App, CfnResource, Stack, Validations } from 'aws-cdk-lib';
     import { Bucket } from 'aws-cdk-lib/aws-s3';
     import { Vpc } from 'aws-cdk-lib/aws-ec2';
     import { Annotations as TerraformAnnotations, App as TerraformApp, TerraformOutput, TerraformStack } from 'cdktf';
     export { Annotations, App, Bucket, CfnResource, Stack, Validations, Vpc };
     export { TerraformAnnotations, TerraformApp, TerraformOutput, TerraformStack };
     ${body}`,
  );
}

function synth(...wanted: string[]) {
  const script = [
    '--import',
    'tsx',
    join(ROOT, 'scripts/synth.ts'),
    '--examples',
    join(folder, 'examples'),
    '--output',
    folder,
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...script, ...wanted], {
    cwd: ROOT,
    // By name: jest's own `process.env` is a copy that children do not see otherwise.
    env: process.env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const outputs = () => (existsSync(join(folder, 'cdk.out')) ? readdirSync(join(folder, 'cdk.out')) : []);

jest.setTimeout(60_000);

describe('a story that synthesizes', () => {
  test('gets its folder and one line', () => {
    story('aws/good', `new Bucket(new Stack(new App(), 'Good'), 'Bucket');`);

    expect(synth()).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^aws\/good: 1 stacks, 1 resources, \d+ KB, [\d.]+ s\n$/),
      stderr: '',
    });
    expect(outputs()).toEqual(['good']);
    expect(readdirSync(join(folder, 'cdk.out/good'))).toEqual(
      expect.arrayContaining(['manifest.json', 'Good.template.json']),
    );
  });

  test('of CDK for Terraform gets its folder, too', () => {
    story(
      'google/good',
      `const app = new TerraformApp();
       new TerraformOutput(new TerraformStack(app, 'good'), 'Answer', { value: 42 });
       app.synth();`,
    );
    const { status, stdout, stderr } = synth();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^google\/good: 1 stacks, 0 resources, \d+ KB, [\d.]+ s\n$/);
    expect(existsSync(join(folder, 'cdktf.out/google-good/stacks/good/cdk.tf.json'))).toBe(true);
  });

  test('passes with a warning that it acknowledges', () => {
    story(
      'aws/doubt',
      `const stack = new Stack(new App(), 'Doubt');
       new Bucket(stack, 'Bucket');
       Validations.of(stack).addWarning('fabric/not-full', 'Half of the fabric is dark.');
       Validations.of(stack).acknowledge({ id: 'annotation::fabric/not-full', reason: 'a trial' });`,
    );

    expect(synth().status).toBe(0);
  });
});

describe('a story that fails leaves nothing, and tells why', () => {
  const failing = (name: string, body: string, says: RegExp) => {
    story(name, body);
    const { status, stdout, stderr } = synth();
    expect(stderr).toMatch(says);
    expect(stdout).toBe('');
    expect(status).toBe(1);
    expect(outputs()).toEqual([]);
  };

  test('when it throws: with its own output', () =>
    failing(
      'aws/throws',
      `console.log('on my way'); throw new Error('no such machine');`,
      /aws\/throws: FAILED[^]*on my way[^]*no such machine/,
    ));

  test('when it throws after a stack was written', () =>
    failing(
      'aws/half',
      `const app = new App(); new Bucket(new Stack(app, 'Half'), 'Bucket'); app.synth(); throw new Error('too late');`,
      /ended with code 1[^]*too late/,
    ));

  test('when it writes nothing', () =>
    failing('aws/silent', `console.log('nothing to do');`, /wrote nothing[^]*nothing to do/));

  test('when it writes no stack', () => failing('aws/empty', `new App();`, /wrote no stack/));

  test('when a warning is not acknowledged', () =>
    failing(
      'aws/warns',
      `const stack = new Stack(new App(), 'Warns');
       new Bucket(stack, 'Bucket');
       Validations.of(stack).addWarning('fabric/not-full', 'Half of the fabric is dark.');`,
      /warning at \/Warns: Half of the fabric is dark\. \[ack: Annotation::fabric\/not-full\]/,
    ));

  test('when an error is annotated', () =>
    failing(
      'aws/error',
      `const stack = new Stack(new App(), 'Wrong');
       new Bucket(stack, 'Bucket');
       Annotations.of(stack).addError('This cannot be.');`,
      /error at \/Wrong: This cannot be\./,
    ));

  test('when the template breaks the schema, even where the environment switches validation off', () => {
    expect(process.env.CDK_VALIDATION).toBe('false');
    failing(
      'aws/schema',
      `new CfnResource(new Stack(new App(), 'Schema'), 'Bucket', { type: 'AWS::S3::Bucket', properties: { BucketNam: 'x' } });`,
      /BucketNam/,
    );
  });

  test('when it looks something up in an account', () =>
    failing(
      'aws/lookup',
      `const stack = new Stack(new App(), 'Looks', { env: { account: '111111111111', region: 'us-east-1' } });
       new Bucket(stack, 'Bucket');
       Vpc.fromLookup(stack, 'Vpc', { vpcId: 'vpc-12345678' });`,
      /looks up 'vpc-provider:[^']+' in an account/,
    ));

  test('when a warning of CDK for Terraform is not acknowledged', () =>
    failing(
      'google/warns',
      `const stack = new TerraformStack(new TerraformApp(), 'warns');
       TerraformAnnotations.of(stack).addWarning('fabric/unwired: pods do not get it.');
       TerraformApp.of(stack).synth();`,
      /warn at warns: fabric\/unwired: pods do not get it\./,
    ));

  test('when no engine knows its cloud', () =>
    failing('mars/rover', '', /mars\/rover: FAILED\n {2}no engine synthesizes 'mars': known are aws/));
});

describe('several stories', () => {
  test('all run, the failing one is named, and its earlier output is gone', () => {
    story('aws/good', `new Bucket(new Stack(new App(), 'Good'), 'Bucket');`);
    story('aws/bad', `new Bucket(new Stack(new App(), 'Bad'), 'Bucket');`);
    expect(synth().status).toBe(0);
    expect(outputs()).toEqual(['bad', 'good']);

    story('aws/bad', `throw new Error('broken since');`);
    const { status, stdout, stderr } = synth();
    expect(status).toBe(1);
    expect(stdout).toMatch(/^aws\/good: /);
    expect(stderr).toMatch(/^aws\/bad: FAILED/);
    expect(outputs()).toEqual(['good']);
  });

  test('one can be chosen by name; an unknown name fails', () => {
    story('aws/good', `new Bucket(new Stack(new App(), 'Good'), 'Bucket');`);
    story('aws/bad', `throw new Error('not asked for');`);

    expect(synth('aws/good').status).toBe(0);
    expect(synth('aws/goof')).toMatchObject({ status: 1, stderr: expect.stringContaining('there is no such example') });
  });

  test('a folder without examples fails', () => {
    mkdirSync(join(folder, 'examples'));

    expect(synth()).toMatchObject({ status: 1, stderr: expect.stringContaining('holds no example') });
  });
});
