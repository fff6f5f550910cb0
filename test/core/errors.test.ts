import { Construct } from 'constructs';
import { AiInfraError, ERROR_CODES, type Problem } from 'ai-infra-constructs';
import { Problems } from '../../lib/core/errors';

const NODES: Problem = {
  code: 'NodesOutOfRange',
  prop: 'nodes',
  allowed: 'from 1 to 450',
  got: 5000,
  fix: 'Use fewer.',
};
const GROUP: Problem = { code: 'GroupName', prop: 'name', allowed: 'a DNS label', got: 'A_b', fix: 'Rename it.' };

function thrownBy(body: () => void): AiInfraError {
  try {
    body();
  } catch (error) {
    if (AiInfraError.isAiInfraError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const messageOf = (problem: Partial<Problem>) => new AiInfraError([{ ...NODES, ...problem }]).message;

describe('the message', () => {
  test('of one problem is one sentence: prop, allowed, got, fix and code', () => {
    expect(messageOf({})).toBe('nodes must be from 1 to 450, got 5000. Use fewer. [NodesOutOfRange]');
  });

  test('of several problems lists them all', () => {
    expect(new AiInfraError([NODES, GROUP]).message).toBe(
      [
        '2 problems',
        '  - nodes must be from 1 to 450, got 5000. Use fewer. [NodesOutOfRange]',
        "  - name must be a DNS label, got 'A_b'. Rename it. [GroupName]",
      ].join('\n'),
    );
  });

  test('begins with the path of the construct', () => {
    const scope = new Construct(new Construct(undefined as unknown as Construct, ''), 'Pretrain');

    const error = new AiInfraError([NODES], scope);

    expect(error.message).toMatch(/^Pretrain: nodes must be/);
    expect(error.constructPath).toBe('Pretrain');
  });

  test.each([
    ['nothing, where it was left out', undefined, 'got nothing.'],
    ['a number', 1.5, 'got 1.5.'],
    ['no number', NaN, 'got NaN.'],
    ['a bigint', 10n, 'got 10.'],
    ['a string, in quotes', 'p5', "got 'p5'."],
    ['the empty string', '', "got ''."],
    ['null', null, 'got null.'],
    ['an object, as JSON', { a: [1] }, 'got {"a":[1]}.'],
    [
      'a number that is a token, in words',
      -1.8881545897100031e289,
      'got a token, whose value is known only at deployment.',
    ],
    ['a large number, as it is', -1e289, 'got -1e+289.'],
    [
      'a number that is a token of CDK for Terraform, in words',
      -8.109562212591379e298,
      'got a token, whose value is known only at deployment.',
    ],
    ['a token, in words', '${Token[TOKEN.12]}', 'got a token, whose value is known only at deployment.'],
    ['one of CDK for Terraform', '${TfToken[TOKEN.1]}', 'got a token, whose value is known only at deployment.'],
    ['a date that is none', new Date('tomorrow'), 'got Invalid Date.'],
    ['a function', Math.max, 'got function max() { [native code] }.'],
  ])('shows %s', (_what, got, shown) => {
    expect(messageOf({ got })).toContain(shown);
  });

  test('shows what refers to itself, without an error of its own', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;

    expect(messageOf({ got: circle })).toContain('got [object Object].');
  });

  test('cuts long values at 120 characters', () => {
    expect(messageOf({ got: 'x'.repeat(200) })).toContain(`got '${'x'.repeat(119)}….`);
    expect(messageOf({ got: 'x'.repeat(118) })).toContain(`got '${'x'.repeat(118)}'.`);
  });
});

describe('the error', () => {
  test('carries all problems, and the code of the first', () => {
    const error = new AiInfraError([GROUP, NODES]);

    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('AiInfraError');
    expect(error.code).toBe('GroupName');
    expect(error.problems).toEqual([GROUP, NODES]);
    expect(error.constructPath).toBeUndefined();
  });

  test('is known by another copy of the package', () => {
    let otherCopy: typeof AiInfraError | undefined;
    jest.isolateModules(() => {
      otherCopy = jest.requireActual<{ AiInfraError: typeof AiInfraError }>('../../lib/core/errors').AiInfraError;
    });

    expect(otherCopy).not.toBe(AiInfraError);
    expect(otherCopy!.isAiInfraError(new AiInfraError([NODES]))).toBe(true);
  });

  test.each([new Error('other'), { code: 'GroupName' }, 'AiInfraError', null, undefined])('is not %p', (value) => {
    expect(AiInfraError.isAiInfraError(value)).toBe(false);
  });
});

describe('an error that was told nothing', () => {
  test.each<[string, unknown]>([
    ['no problem', []],
    ['null', null],
    ['nothing', undefined],
    ['a text', 'wrong'],
    ['an empty problem', [null]],
  ])('says so, of %s', (_, problems) => {
    const error = new AiInfraError(problems as [Problem]);
    expect(error.problems).toEqual([
      expect.objectContaining({ code: 'ValueMissing', prop: 'problems', got: problems }),
    ]);
    expect(error.code).toBe('ValueMissing');
  });
});

describe('a collection of problems', () => {
  test('throws nothing while it is empty', () => {
    const problems = new Problems();

    expect(problems.all).toEqual([]);
    expect(() => problems.throwIfAny()).not.toThrow();
  });

  test('throws one error with all, in the order they were found', () => {
    const problems = new Problems();
    problems.add(NODES);
    problems.add(GROUP);

    expect(problems.all).toEqual([NODES, GROUP]);
    expect(thrownBy(() => problems.throwIfAny()).problems).toEqual([NODES, GROUP]);
  });

  test('of a part names its props from the whole, at any depth, and reports to the whole', () => {
    const problems = new Problems();
    problems.within('fileSystem').add({ ...NODES, prop: 'sizeGiB' });
    problems
      .within('groups')
      .within('gpu')
      .add({ ...NODES, prop: 'nodes' });
    problems.add(NODES);

    const { problems: found } = thrownBy(() => problems.throwIfAny());
    expect(found.map(({ prop }) => prop)).toEqual(['fileSystem.sizeGiB', 'groups.gpu.nodes', 'nodes']);
  });

  test('takes a prefix from the start', () => {
    const problems = new Problems('fileSystem.');
    problems.add({ ...NODES, prop: 'sizeGiB' });

    expect(thrownBy(() => problems.throwIfAny()).problems[0]?.prop).toBe('fileSystem.sizeGiB');
  });
});

describe('the table of codes', () => {
  test.each(Object.entries(ERROR_CODES))(
    '%s is a name in PascalCase, and its meaning one sentence',
    (code, meaning) => {
      expect(code).toMatch(/^([A-Z][a-z]+)+$/);
      expect(meaning).toMatch(/^[A-Z].*[A-Za-z)]\.$/);
    },
  );
});
