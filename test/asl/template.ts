import type { Json } from './expressions';

/** Resources of a template, by logical id. */
export type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties?: Json }>>;

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::AccountId': '111122223333',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** The deployed value of a part of a template. Names are the logical ids. An unsupported intrinsic function throws an error. */
export function resolved(value: unknown, resources: Resources): Json {
  if (Array.isArray(value)) return value.map((each) => resolved(each, resources));
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = ['', undefined], ...more] = Object.entries(value);
  if (more.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) return intrinsic(name, argument, resources);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolved(each, resources)]));
}

function intrinsic(name: string, argument: Json, resources: Resources): Json {
  if (name === 'Fn::Join')
    return (argument[1] as unknown[]).map((each) => String(resolved(each, resources))).join(argument[0] as string);
  if (name === 'Ref') return PSEUDO[argument as string] ?? nameOf(argument as string, resources);
  if (name === 'Fn::Select') return resolved(argument[1], resources)[Number(argument[0])] as string;
  if (name === 'Fn::Split') return String(resolved(argument[1], resources)).split(argument[0] as string) as Json;
  if (name === 'Fn::GetAtt') return attributeOf(argument[0] as string, argument[1] as string, resources);
  throw new Error(`the intrinsic function ${name} is not supported`);
}

function nameOf(id: string, resources: Resources): string {
  if (!resources[id]) throw new Error(`the resource ${id} does not exist`);
  return id.toLowerCase();
}

const ARNS: Readonly<Record<string, (name: string) => string>> = {
  'AWS::S3::Bucket': (name) => `arn:aws:s3:::${name}`,
  'AWS::StepFunctions::StateMachine': () => 'arn:aws:states:us-east-1:111122223333:stateMachine:Machine',
};

function attributeOf(id: string, attribute: string, resources: Resources): string {
  const name = nameOf(id, resources);
  const { Type: type } = resources[id]!;
  if (type === 'AWS::StepFunctions::StateMachine' && attribute === 'Name') return 'Machine';
  if (attribute === 'JobDefinitionArn') return `arn:aws:batch:us-east-1:111122223333:job-definition/${name}:3`;
  return ARNS[type]?.(name) ?? `arn:aws:${type.split('::')[1]!.toLowerCase()}:us-east-1:111122223333:${name}`;
}
