import { GuardrailPiiEntityType } from '@aws-sdk/client-bedrock-runtime';
import { PII_TYPES } from '../../../../lib/aws/gateway/prompt-screening';
import {
  guardrail,
  type GuardrailInput,
  type GuardrailOutput,
  type HandlerModules,
  handlerModules,
  named,
  textIn,
} from './support';

let handler: HandlerModules;
beforeAll(async () => {
  handler = await handlerModules();
});

function screen(apply: (input: GuardrailInput) => Promise<GuardrailOutput> = guardrail) {
  const calls: GuardrailInput[] = [];
  const counted = (input: GuardrailInput) => {
    calls.push(input);
    return apply(input);
  };
  return { calls, screen: new handler.Screen(counted, { id: 'g1', version: '3' }) };
}

test('applies the version of the guardrail to the given source', async () => {
  const { calls, screen: subject } = screen();
  expect(await subject.check('INPUT', ['hello', 'world'])).toEqual({ action: 'pass', policies: [] });
  expect(calls).toEqual([
    {
      guardrailIdentifier: 'g1',
      guardrailVersion: '3',
      source: 'INPUT',
      content: [{ text: { text: 'hello\nworld' } }],
    },
  ]);
});

test('does not call the guardrail without text', async () => {
  const { calls, screen: subject } = screen();
  await subject.check('INPUT', ['', ' \n']);
  expect(calls).toEqual([]);
});

test('screens long texts in overlapping windows, and finds a match at the border', async () => {
  const { calls, screen: subject } = screen();
  const words = `${'x'.repeat(handler.WINDOW - 5)} bad ${'y'.repeat(25_000)}`;
  expect(await subject.check('INPUT', [words])).toMatchObject({ action: 'block' });
  expect(calls.length).toBeGreaterThan(2);
  for (const call of calls) expect(textIn(call).length).toBeLessThanOrEqual(handler.WINDOW);
});

test.each([0, 1, 9999, 10_000, 10_001, 19_800, 19_801, 50_000])('screens every character of %p', async (length) => {
  const { calls, screen: subject } = screen();
  const text = Array.from({ length }, (_, at) => String.fromCharCode(97 + (at % 26))).join('');
  await subject.check('INPUT', [text]);
  const seen = calls
    .map(textIn)
    .reduce((whole, part, at) => whole + (at === 0 ? part : part.slice(handler.OVERLAP)), '');
  expect(seen).toBe(text);
});

test('returns the policies that intervened, without the match', async () => {
  const { screen: subject } = screen();
  const verdict = await subject.check('OUTPUT', ['my secret mail']);
  expect(verdict).toEqual({ action: 'mask', policies: ['sensitiveInformationPolicy:EMAIL'] });
});

test('uses the strictest result of all windows', async () => {
  const { screen: subject } = screen();
  const text = `mail ${'x'.repeat(30_000)} bad`;
  expect(await subject.check('OUTPUT', [text])).toMatchObject({ action: 'block' });
});

test('treats an unknown intervention as a block', async () => {
  const unknown = () =>
    Promise.resolve({ action: 'SOMETHING_NEW', assessments: [{ newPolicy: {} }], outputs: [] } as never);
  expect(await screen(unknown).screen.check('INPUT', ['hello'])).toMatchObject({ action: 'block' });
});

test.each([
  ['ThrottlingException', 503, 'screening_unavailable'],
  ['AccessDeniedException', 503, 'screening_unavailable'],
  ['ResourceNotFoundException', 503, 'screening_unavailable'],
  ['TimeoutError', 504, 'timeout'],
])('refuses the request if the guardrail fails with %s', async (name, status, code) => {
  const failing = screen(() => Promise.reject(named(name))).screen;
  await expect(failing.check('INPUT', ['hello'])).rejects.toMatchObject({ status, code });
});

test('refuses the request if the guardrail returns no action', async () => {
  const empty = screen(() => Promise.resolve({} as never)).screen;
  await expect(empty.check('INPUT', ['hello'])).rejects.toMatchObject({ code: 'screening_unavailable' });
});

test.each<[string, () => Promise<GuardrailOutput>]>([
  ['an empty answer', () => Promise.resolve({} as never)],
  ['half an answer', () => Promise.reject(named('SyntaxError'))],
  ['an aborted connection', () => Promise.reject(named('Error', { code: 'ECONNRESET' }))],
])('reports a timeout if the aborted call ends with %s', async (_, apply) => {
  const subject = new handler.Screen(apply, { id: 'g1', version: '3' }, AbortSignal.abort());
  await expect(subject.check('OUTPUT', ['hello'])).rejects.toMatchObject({ status: 504, code: 'timeout' });
});

describe('masking', () => {
  test('returns the text with the placeholders of the guardrail', async () => {
    expect(await screen().screen.mask('my mail')).toBe('my {EMAIL}');
    expect(await screen().screen.mask('hello')).toBe('hello');
  });

  test.each(['so bad', `mail ${'x'.repeat(10_001)}`])('refuses texts that it cannot mask reliably', async (text) => {
    await expect(screen().screen.mask(text)).rejects.toMatchObject({ code: 'screened' });
  });
});

test('lists every type of personal data of Bedrock', () => {
  expect([...PII_TYPES].sort()).toEqual(Object.values(GuardrailPiiEntityType).sort());
});
