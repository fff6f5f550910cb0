import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { App, Stack } from 'aws-cdk-lib';
import type { AssetManifest } from 'aws-cdk-lib/cloud-assembly-schema';
import { type Emulator, PYTHON, run } from './ministack';

type Resource = Readonly<{ Type: string; Properties: Record<string, unknown> }>;

export interface Template {
  readonly Resources: Record<string, Resource>;
}

/** Types that CloudFormation of the emulator lacks. The guardrail is created through its API. Other tests cover the rest. */
const MISSING = [
  'AWS::Bedrock::Guardrail',
  'AWS::Bedrock::GuardrailVersion',
  'AWS::WAFv2::LoggingConfiguration',
  'AWS::WAFv2::WebACLAssociation',
];

/** The environment of a gateway function, for `StreamHost`, because the emulator does not stream. */
export async function environmentOf(emulator: Emulator, app: App, stack: Stack): Promise<Record<string, string>> {
  const { directory } = app.synth();
  const { Resources: resources } = await withGuardrail(emulator, templateOf(directory, stack));
  rmSync(directory, { recursive: true, force: true });
  const handler = Object.values(resources).find(
    ({ Type: type, Properties: { Handler: name } }) => type === 'AWS::Lambda::Function' && name === 'streamed.handler',
  );
  return (handler?.Properties.Environment as { Variables: Record<string, string> }).Variables;
}

function templateOf(directory: string, stack: Stack): Template {
  return JSON.parse(readFileSync(join(directory, stack.templateFile), 'utf8')) as Template;
}

/** Deploys a stack to the emulator like the CDK: assets to a bucket, and the template to CloudFormation. @returns the outputs */
export async function deploy(emulator: Emulator, app: App, stack: Stack): Promise<Record<string, string>> {
  const { directory } = app.synth();
  const template = templateOf(directory, stack);
  await uploadAssets(emulator, directory, stack);
  const supported = await withGuardrail(emulator, template);
  const body = new URLSearchParams({
    Action: 'CreateStack',
    Version: '2010-05-15',
    StackName: stack.stackName,
    TemplateBody: JSON.stringify(supported),
    'Capabilities.member.1': 'CAPABILITY_IAM',
  });
  await cloudFormation(emulator, body);
  rmSync(directory, { recursive: true, force: true });
  return outputsOf(emulator, stack.stackName);
}

async function uploadAssets(emulator: Emulator, directory: string, stack: Stack): Promise<void> {
  const manifest = JSON.parse(readFileSync(join(directory, `${stack.stackName}.assets.json`), 'utf8')) as AssetManifest;
  for (const [id, { source, destinations }] of Object.entries(manifest.files ?? {})) {
    if (String(source.packaging) !== 'zip') continue;
    const archive = join(directory, id);
    const failed = run(PYTHON, '-c', ZIP, archive, resolve(directory, source.path!));
    if (failed) throw new Error(failed);
    for (const { bucketName, objectKey } of Object.values(destinations)) {
      await emulator.call('s3', 'PUT', `/${bucketName}`).catch(() => undefined);
      await emulator.call(
        's3',
        'PUT',
        `/${bucketName}/${objectKey}`,
        readFileSync(`${archive}.zip`),
        'application/zip',
      );
    }
  }
}

const ZIP = 'import shutil, sys; shutil.make_archive(sys.argv[1], "zip", sys.argv[2])';

/** The template without unsupported types. Its guardrail is created with the policies of the template. */
async function withGuardrail(emulator: Emulator, template: Template): Promise<Template> {
  const known: Record<string, string> = {};
  for (const [id, { Type: type, Properties: properties }] of Object.entries(template.Resources)) {
    if (type !== 'AWS::Bedrock::Guardrail') continue;
    const policies = lowerCamel({ ...properties, KmsKeyArn: undefined });
    const response = await emulator.call('bedrock', 'POST', '/guardrails', JSON.stringify(policies));
    const { guardrailId, guardrailArn } = JSON.parse(response) as Record<string, string>;
    await emulator.call('bedrock', 'POST', `/guardrails/${guardrailId!}`, '{}');
    Object.assign(known, { [`${id}.GuardrailId`]: guardrailId, [`${id}.GuardrailArn`]: guardrailArn });
  }
  const entries = Object.entries(template.Resources);
  for (const [id, { Type: type }] of entries)
    if (type === 'AWS::Bedrock::GuardrailVersion') known[`${id}.Version`] = '1';
  const supported = entries.filter(([, { Type: type }]) => !MISSING.includes(type));
  return resolved({ ...template, Resources: Object.fromEntries(supported) }, known) as Template;
}

/** Converts property names of CloudFormation to names of the API. */
function lowerCamel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerCamel);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name[0]!.toLowerCase() + name.slice(1), lowerCamel(one)]),
  );
}

function resolved(value: unknown, known: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((one) => resolved(one, known));
  if (typeof value !== 'object' || value === null) return value;
  const attribute = (value as Record<string, unknown>)['Fn::GetAtt'];
  const found = Array.isArray(attribute) ? known[attribute.join('.')] : undefined;
  return found ?? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, resolved(one, known)]));
}

async function outputsOf(emulator: Emulator, stackName: string): Promise<Record<string, string>> {
  for (let tries = 0; tries < 120; tries += 1) {
    const text = await cloudFormation(
      emulator,
      new URLSearchParams({ Action: 'DescribeStacks', Version: '2010-05-15', StackName: stackName }),
    );
    const status = /<StackStatus>([A-Z_]+)<\/StackStatus>/.exec(text)?.[1] ?? '';
    if (status === 'CREATE_COMPLETE') return outputsIn(text);
    if (!status.endsWith('IN_PROGRESS') || status.startsWith('ROLLBACK')) throw new Error(`${status}: ${text}`);
    await new Promise((done) => setTimeout(done, 250));
  }
  throw new Error('the stack was not created within 30 seconds');
}

function outputsIn(text: string): Record<string, string> {
  const pairs = text.matchAll(/<OutputKey>([^<]*)<\/OutputKey>\s*<OutputValue>([^<]*)<\/OutputValue>/g);
  return Object.fromEntries([...pairs].map(([, key, value]) => [key, value]));
}

function cloudFormation(emulator: Emulator, body: URLSearchParams): Promise<string> {
  return emulator.call('cloudformation', 'POST', '/', body.toString(), 'application/x-www-form-urlencoded');
}
