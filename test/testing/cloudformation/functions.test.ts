import { exposed, ofResource } from '../support';

test('a function shows its runtime, size and network, with the defaults of Lambda', () => {
  const { functions } = ofResource('AWS::Lambda::Function', {
    Runtime: 'python3.13',
    VpcConfig: {},
    Architectures: ['arm64'],
  });
  expect(functions[0]).toEqual({
    name: 'Subject',
    kind: 'python3.13',
    details: { memory: '128 MiB', timeout: '3 s', architecture: 'arm64', network: 'in a VPC' },
  });
});

test('a function URL is exposed with its callers', () => {
  expect(exposed(ofResource('AWS::Lambda::Url', { AuthType: 'NONE' }))).toEqual(['Subject: callers: everyone']);
  expect(exposed(ofResource('AWS::Lambda::Url', { AuthType: 'AWS_IAM' }))).toEqual(['Subject: callers: AWS_IAM']);
});

test('a permission for everyone is exposed, unless it has a condition', () => {
  const permission = (more = {}) =>
    ofResource('AWS::Lambda::Permission', { Principal: '*', Action: 'lambda:InvokeFunction', ...more });
  expect(exposed(permission())).toEqual(['Subject: policy allows everyone lambda:InvokeFunction']);
  expect(exposed(permission({ InvokedViaFunctionUrl: true }))).toEqual([]);
  expect(exposed(permission({ Principal: 's3.amazonaws.com' }))).toEqual([]);
});

describe('a state machine', () => {
  const definition = {
    States: {
      Each: {
        Type: 'Map',
        ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, States: { Work: { Type: 'Task' } } },
      },
      Both: { Type: 'Parallel', Branches: [{ States: { A: { Type: 'Task' } } }, { States: { B: { Type: 'Pass' } } }] },
      Inline: { Type: 'Map', Iterator: { States: { C: { Type: 'Task' } } } },
    },
  };

  test('counts the types of its states, including those inside maps and branches', () => {
    const [before, after] = JSON.stringify({ ...definition, Comment: 'HERE' }).split('HERE');
    const { workflows } = ofResource('AWS::StepFunctions::StateMachine', {
      DefinitionString: { 'Fn::Join': ['', [before, { Ref: 'Something' }, after]] },
      LoggingConfiguration: { Level: 'ALL' },
    });
    expect(workflows[0]).toEqual({
      name: 'Subject',
      kind: 'standard state machine',
      details: { states: '1 Map, 1 Parallel, 1 Pass, 3 Task, 1 distributed Map', logs: 'all' },
    });
  });
});
