import { Construct } from 'constructs';
import { AiInfraError, ERROR_CODES, type Problem } from 'ai-infra-constructs';
import { ProblemCollector } from '../../lib/core/errors';

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

describe('AiInfraError.message', () => {
  test('formats one problem as prop, allowed values, given value, fix, and code', () => {
    expect(messageOf({})).toBe('nodes must be from 1 to 450 (got 5000). Use fewer. [NodesOutOfRange]');
  });

  test('lists several problems', () => {
    expect(new AiInfraError([NODES, GROUP]).message).toBe(
      [
        '2 problems',
        '  - nodes must be from 1 to 450 (got 5000). Use fewer. [NodesOutOfRange]',
        "  - name must be a DNS label (got 'A_b'). Rename it. [GroupName]",
      ].join('\n'),
    );
  });

  test('starts with the construct path', () => {
    const scope = new Construct(new Construct(undefined as unknown as Construct, ''), 'Pretrain');

    const error = new AiInfraError([NODES], scope);

    expect(error.message).toMatch(/^Pretrain: nodes must be/);
    expect(error.constructPath).toBe('Pretrain');
  });

  test.each([
    ['undefined as nothing', undefined, '(got nothing).'],
    ['a number', 1.5, '(got 1.5).'],
    ['NaN', NaN, '(got NaN).'],
    ['a bigint', 10n, '(got 10).'],
    ['a string in quotes', 'p5', "(got 'p5')."],
    ['the empty string', '', "(got '')."],
    ['null', null, '(got null).'],
    ['an object as JSON', { a: [1] }, '(got {"a":[1]}).'],
    ['a numeric token in words', -1.8881545897100031e289, '(got a token, whose value is known only at deployment).'],
    ['a large number unchanged', -1e289, '(got -1e+289).'],
    [
      'a numeric token of CDK for Terraform in words',
      -8.109562212591379e298,
      '(got a token, whose value is known only at deployment).',
    ],
    ['a string token in words', '${Token[TOKEN.12]}', '(got a token, whose value is known only at deployment).'],
    [
      'a string token of CDK for Terraform in words',
      '${TfToken[TOKEN.1]}',
      '(got a token, whose value is known only at deployment).',
    ],
    ['an invalid date', new Date('tomorrow'), '(got Invalid Date).'],
    ['a function', Math.max, '(got function max() { [native code] }).'],
  ])('shows %s', (_what, got, shown) => {
    expect(messageOf({ got })).toContain(shown);
  });

  test('shows a circular value without another error', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;

    expect(messageOf({ got: circle })).toContain('(got [object Object]).');
  });

  test('truncates long values to 120 characters', () => {
    expect(messageOf({ got: 'x'.repeat(200) })).toContain(`(got '${'x'.repeat(119)}…).`);
    expect(messageOf({ got: 'x'.repeat(118) })).toContain(`(got '${'x'.repeat(118)}').`);
  });
});

describe('AiInfraError', () => {
  test('has all problems and the code of the first one', () => {
    const error = new AiInfraError([GROUP, NODES]);

    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('AiInfraError');
    expect(error.code).toBe('GroupName');
    expect(error.problems).toEqual([GROUP, NODES]);
    expect(error.constructPath).toBeUndefined();
  });

  test('is recognized by another copy of the package', () => {
    let otherCopy: typeof AiInfraError | undefined;
    jest.isolateModules(() => {
      otherCopy = jest.requireActual<{ AiInfraError: typeof AiInfraError }>('../../lib/core/errors').AiInfraError;
    });

    expect(otherCopy).not.toBe(AiInfraError);
    expect(otherCopy!.isAiInfraError(new AiInfraError([NODES]))).toBe(true);
  });

  test.each([new Error('other'), { code: 'GroupName' }, 'AiInfraError', null, undefined])(
    'does not recognize %p',
    (value) => {
      expect(AiInfraError.isAiInfraError(value)).toBe(false);
    },
  );
});

describe('an AiInfraError without valid problems', () => {
  test.each<[string, unknown]>([
    ['no problem', []],
    ['null', null],
    ['nothing', undefined],
    ['a string', 'wrong'],
    ['an empty problem', [null]],
  ])('reports %s', (_, problems) => {
    const error = new AiInfraError(problems as [Problem]);
    expect(error.problems).toEqual([
      expect.objectContaining({ code: 'ValueMissing', prop: 'problems', got: problems }),
    ]);
    expect(error.code).toBe('ValueMissing');
  });
});

describe('ProblemCollector', () => {
  test('does not throw without problems', () => {
    const problems = new ProblemCollector();

    expect(problems.all).toEqual([]);
    expect(() => problems.throwIfAny()).not.toThrow();
  });

  test('throws one error with all problems in order', () => {
    const problems = new ProblemCollector();
    problems.add(NODES);
    problems.add(GROUP);

    expect(problems.all).toEqual([NODES, GROUP]);
    expect(thrownBy(() => problems.throwIfAny()).problems).toEqual([NODES, GROUP]);
  });

  test('prefixes the props of nested collectors and adds their problems to the parent', () => {
    const problems = new ProblemCollector();
    problems.within('fileSystem').add({ ...NODES, prop: 'sizeGiB' });
    problems
      .within('groups')
      .within('gpu')
      .add({ ...NODES, prop: 'nodes' });
    problems.add(NODES);

    const { problems: found } = thrownBy(() => problems.throwIfAny());
    expect(found.map(({ prop }) => prop)).toEqual(['fileSystem.sizeGiB', 'groups.gpu.nodes', 'nodes']);
  });

  test('accepts a prefix in the constructor', () => {
    const problems = new ProblemCollector('fileSystem.');
    problems.add({ ...NODES, prop: 'sizeGiB' });

    expect(thrownBy(() => problems.throwIfAny()).problems[0]?.prop).toBe('fileSystem.sizeGiB');
  });
});

describe('ERROR_CODES', () => {
  test.each(Object.entries(ERROR_CODES))('%s is in PascalCase and has a one-sentence meaning', (code, meaning) => {
    expect(code).toMatch(/^([A-Z][a-z]+)+$/);
    expect(meaning).toMatch(/^[A-Z].*[A-Za-z)]\.$/);
  });
});
