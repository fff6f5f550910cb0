import { StatesError } from './errors';
import type { Json } from './expressions';
import { execute, type Outcome, type Services } from './interpreter';
import { Permissions } from './permissions';
import { resolved } from './template';
import type { State } from './validation';

const NO_SERVICES: Services = {
  call: (action) => {
    throw new Error(`no service for ${action}`);
  },
  read: () => [],
  write: () => undefined,
};

function run(
  states: Readonly<Record<string, State>>,
  services: Partial<Services> = {},
  input: Json = {},
): Promise<Outcome> {
  const definition = { QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0]!, States: states };
  return execute(definition, { name: 'test', services: { ...NO_SERVICES, ...services }, input });
}

const END = { Type: 'Succeed' };
const TASK = { Type: 'Task', Resource: 'arn:aws:states:::x:y', Next: 'End' };

describe('rejects', () => {
  test.each<[string, Readonly<Record<string, State>>]>([
    ['the type Parallel is not supported', { A: { Type: 'Parallel', End: true } }],
    ['A: ResultPath is not supported', { A: { Type: 'Pass', ResultPath: '$', End: true } }],
    ['A: HeartbeatSeconds is not supported', { A: { ...TASK, HeartbeatSeconds: 1 }, End: END }],
    ['A: x.$ is JSONPath', { A: { Type: 'Pass', Output: { 'x.$': '$' }, End: true } }],
    ['A goes to B', { A: { Type: 'Pass', Next: 'B' } }],
    ['A: Next or End', { A: { Type: 'Pass' } }],
    ['A: Next or End', { A: { Type: 'Pass', Next: 'End', End: true }, End: END }],
    ['nothing goes to B', { A: END, B: END }],
    ['is longer than 80', { ['x'.repeat(81)]: END }],
    [
      'States.ALL must be the only error',
      { A: { ...TASK, Catch: [{ ErrorEquals: ['X', 'States.ALL'], Next: 'End' }] }, End: END },
    ],
    ['A.Retry: Delay is not supported', { A: { ...TASK, Retry: [{ ErrorEquals: ['X'], Delay: 1 }] }, End: END }],
    ['A: {% 1 + %}', { A: { Type: 'Pass', Output: '{% 1 + %}', End: true } }],
    ['an inline map has no Label', { A: map('INLINE', { Label: 'x' }) }],
    ['A: MaxConcurrency 10001', { A: map('DISTRIBUTED', { MaxConcurrency: 10_001 }) }],
    ['A: Label', { A: map('DISTRIBUTED', { Label: 'x'.repeat(41) }) }],
    ['two states are named Item', { Item: map('INLINE') }],
  ])('%s', async (message, states) => {
    await expect(run(states)).rejects.toThrow(message);
  });

  test('another query language, and a definition of 1 MB', async () => {
    const about = { StartAt: 'A', States: { A: END } };
    const options = { name: 'test', services: NO_SERVICES };
    await expect(execute({ ...about, QueryLanguage: 'JSONPath' }, options)).rejects.toThrow('JSONata');
    await expect(
      execute({ ...about, QueryLanguage: 'JSONata', Comment: 'x'.repeat(1_048_576) }, options),
    ).rejects.toThrow('1 MB');
  });
});

describe('variables', () => {
  test('are assigned together, from their previous values', async () => {
    const states = {
      A: { Type: 'Pass', Assign: { a: 1, b: 2 }, Next: 'B' },
      B: { Type: 'Pass', Assign: { a: '{% $b %}', b: '{% $a %}' }, Next: 'C' },
      C: { Type: 'Pass', Output: ['{% $a %}', '{% $b %}'], End: true },
    };
    expect(await run(states)).toMatchObject({ output: [2, 1] });
  });

  test('are readable but not changeable in an inline map, and not readable in a distributed map', async () => {
    const inner = (assign: object) => ({ Item: { Type: 'Pass', Assign: assign, Output: '{% $seen %}', End: true } });
    const around = (mode: string, assign: object) => ({
      A: { Type: 'Pass', Assign: { seen: 7 }, Next: 'B' },
      B: { ...map(mode, { Items: [1] }, inner(assign)) },
    });
    expect(await run(around('INLINE', { own: 1 }))).toMatchObject({ output: [7] });
    expect(await run(around('INLINE', { seen: 1 }))).toMatchObject({ error: 'States.Runtime' });
    expect(await run(around('DISTRIBUTED', { own: 1 }))).toMatchObject({
      error: 'States.ExceedToleratedFailureThreshold',
    });
  });

  test('cannot be undefined, and a condition must be a boolean', async () => {
    expect(await run({ A: { Type: 'Pass', Output: '{% $none %}', End: true } })).toMatchObject({
      error: 'States.QueryEvaluationError',
    });
    const choice = { Type: 'Choice', Choices: [{ Condition: '{% 1 %}', Next: 'End' }], Default: 'End' };
    expect(await run({ A: choice, End: END })).toMatchObject({ error: 'States.QueryEvaluationError' });
  });
});

describe('errors', () => {
  const failing = (times: number, error = 'X.Throttled') => {
    let calls = 0;
    const call = () => {
      calls += 1;
      if (calls <= times) throw new StatesError(error, 'cause');
      return { calls };
    };
    return { call, calls: () => calls };
  };
  const retry = (...errors: string[]) => [{ ErrorEquals: errors, MaxAttempts: 2 }];

  test('are retried as often as configured, and then caught', async () => {
    const service = failing(9);
    const caught = { ErrorEquals: ['States.ALL'], Assign: { e: '{% $states.errorOutput.Error %}' }, Next: 'Shown' };
    const states = {
      A: { ...TASK, Retry: retry('X.Throttled'), Catch: [caught], Next: 'Shown' },
      Shown: { Type: 'Pass', Output: '{% $e %}', End: true },
    };
    expect(await run(states, service)).toMatchObject({ output: 'X.Throttled' });
    expect(service.calls()).toBe(3);
    expect(await run({ A: { ...TASK, Retry: retry('States.TaskFailed') }, End: END }, failing(2))).toMatchObject({
      output: { calls: 3 },
    });
  });

  test('with another name are not retried, and end the execution', async () => {
    const service = failing(1, 'Y');
    expect(await run({ A: { ...TASK, Retry: retry('X') }, End: END }, service)).toMatchObject({
      status: 'FAILED',
      error: 'Y',
      cause: 'cause',
    });
    expect(service.calls()).toBe(1);
  });

  test('for a payload that is too large cannot be caught', async () => {
    const call = () => 'x'.repeat(300_000);
    const states = { A: { ...TASK, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'End' }] }, End: END };
    expect(await run(states, { call })).toMatchObject({ error: 'States.DataLimitExceeded' });
  });
});

describe('a distributed map', () => {
  const fails = {
    Item: { Type: 'Choice', Choices: [{ Condition: '{% $states.input = 0 %}', Next: 'No' }], Default: 'Yes' },
    No: { Type: 'Fail', Error: 'No' },
    Yes: END,
  };
  const items = (...values: number[]) => ({ Items: values });

  test.each([
    [{ ToleratedFailurePercentage: 50 }, 'SUCCEEDED'],
    [{ ToleratedFailurePercentage: 49 }, 'FAILED'],
    [{ ToleratedFailureCount: 1 }, 'SUCCEEDED'],
    [{}, 'FAILED'],
  ])('with %j and one of two failing: %s', async (tolerance, status) => {
    expect(await run({ A: map('DISTRIBUTED', { ...items(0, 1), ...tolerance }, fails) })).toMatchObject({ status });
  });

  test('counts all items of a failed batch', async () => {
    const all = { Item: { Type: 'Fail', Error: 'No' } };
    const batches = { ...items(1, 2, 3, 4), ItemBatcher: { MaxItemsPerBatch: 3 }, ToleratedFailureCount: 3 };
    expect(await run({ A: map('DISTRIBUTED', batches, all) })).toMatchObject({ cause: '4 of 4 items failed' });
  });

  test('limits batches by items and bytes, and adds the batch input', async () => {
    const echo = { Item: { Type: 'Pass', Output: '{% $states.input %}', End: true } };
    const batcher = { MaxItemsPerBatch: 3, MaxInputBytesPerBatch: 46, BatchInput: { run: 'r' } };
    const { output } = await run({
      A: map('DISTRIBUTED', { Items: ['a', 'b', 'c', 'd'], ItemBatcher: batcher }, echo),
    });
    expect(output).toEqual([
      { BatchInput: { run: 'r' }, Items: ['a', 'b'] },
      { BatchInput: { run: 'r' }, Items: ['c', 'd'] },
    ]);
  });

  test('fails without items', async () => {
    const reader = { ItemReader: { Resource: 'arn:aws:states:::s3:listObjectsV2', Arguments: {} } };
    expect(await run({ A: map('DISTRIBUTED', reader) })).toMatchObject({ error: 'States.ItemReaderFailed' });
  });
});

test('does not wait, and passes its input to the next state', async () => {
  expect(await run({ A: { Type: 'Wait', Seconds: 60, Next: 'End' }, End: END }, {}, { x: 1 })).toMatchObject({
    output: { x: 1 },
    path: ['A', 'End'],
  });
});

describe('the deployed resources', () => {
  const resources = { Data: { Type: 'AWS::S3::Bucket' } };

  test('have resolved references', () => {
    const join = {
      'Fn::Join': [
        '',
        ['arn:', { Ref: 'AWS::Partition' }, ':', { 'Fn::GetAtt': ['Data', 'Arn'] }, '/', { Ref: 'Data' }],
      ],
    };
    expect(resolved([join], resources)).toEqual(['arn:aws:arn:aws:s3:::data/data']);
    expect(() => resolved({ 'Fn::Sub': 'x' }, resources)).toThrow('Fn::Sub is not supported');
    expect(() => resolved({ Ref: 'Gone' }, resources)).toThrow('the resource Gone does not exist');
  });

  test('have the permissions of the policies only', () => {
    const statement = {
      Effect: 'Allow',
      Action: ['s3:Get*'],
      Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Data', 'Arn'] }, '/a/*']] },
    };
    const policy = {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: { Statement: [statement] } },
    };
    const permissions = Permissions.ofRole('Role', { ...resources, Policy: policy });
    permissions.require('s3:GetObject', 'arn:aws:s3:::data/a/b');
    expect(() => permissions.require('s3:GetObject', 'arn:aws:s3:::data/b')).toThrow('no policy');
    expect(() => permissions.require('s3:PutObject', 'arn:aws:s3:::data/a/b')).toThrow('no policy');
  });
});

function map(mode: string, rest: State = {}, states: Readonly<Record<string, State>> = { Item: END }): State {
  const config = { Mode: mode, ...(mode === 'DISTRIBUTED' && { ExecutionType: 'STANDARD' }) };
  return {
    Type: 'Map',
    ItemProcessor: { ProcessorConfig: config, StartAt: 'Item', States: states },
    End: true,
    ...rest,
  };
}
