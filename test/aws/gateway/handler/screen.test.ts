import { GuardrailPiiEntityType } from '@aws-sdk/client-bedrock-runtime';
import { PII_TYPES } from '../../../../lib/aws/gateway/pii-types';
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

test('asks for the guardrail at its version, for the side that it stands on', async () => {
  const { calls, screen: judge } = screen();
  expect(await judge.judge('INPUT', ['hello', 'world'])).toEqual({ action: 'pass', policies: [] });
  expect(calls).toEqual([
    {
      guardrailIdentifier: 'g1',
      guardrailVersion: '3',
      source: 'INPUT',
      content: [{ text: { text: 'hello\nworld' } }],
    },
  ]);
});

test('pays for nothing where nothing is said', async () => {
  const { calls, screen: judge } = screen();
  await judge.judge('INPUT', ['', ' \n']);
  expect(calls).toEqual([]);
});

test('judges long texts in windows that overlap: what lies on a border is seen whole', async () => {
  const { calls, screen: judge } = screen();
  const words = `${'x'.repeat(handler.WINDOW - 5)} bad ${'y'.repeat(25_000)}`;
  expect(await judge.judge('INPUT', [words])).toMatchObject({ action: 'block' });
  expect(calls.length).toBeGreaterThan(2);
  for (const call of calls) expect(textIn(call).length).toBeLessThanOrEqual(handler.WINDOW);
});

test.each([0, 1, 9999, 10_000, 10_001, 19_800, 19_801, 50_000])('sees every character of %p', async (length) => {
  const { calls, screen: judge } = screen();
  const text = Array.from({ length }, (_, at) => String.fromCharCode(97 + (at % 26))).join('');
  await judge.judge('INPUT', [text]);
  const seen = calls
    .map(textIn)
    .reduce((whole, part, at) => whole + (at === 0 ? part : part.slice(handler.OVERLAP)), '');
  expect(seen).toBe(text);
});

test('tells the policies that intervened, and never what they found', async () => {
  const { screen: judge } = screen();
  const verdict = await judge.judge('OUTPUT', ['my secret mail']);
  expect(verdict).toEqual({ action: 'mask', policies: ['sensitiveInformationPolicy:EMAIL'] });
});

test('the sternest window decides', async () => {
  const { screen: judge } = screen();
  const text = `mail ${'x'.repeat(30_000)} bad`;
  expect(await judge.judge('OUTPUT', [text])).toMatchObject({ action: 'block' });
});

test('takes for a block what it does not know', async () => {
  const unknown = () =>
    Promise.resolve({ action: 'SOMETHING_NEW', assessments: [{ newPolicy: {} }], outputs: [] } as never);
  expect(await screen(unknown).screen.judge('INPUT', ['hello'])).toMatchObject({ action: 'block' });
});

test.each([
  ['ThrottlingException', 503, 'screening_unavailable'],
  ['AccessDeniedException', 503, 'screening_unavailable'],
  ['ResourceNotFoundException', 503, 'screening_unavailable'],
  ['TimeoutError', 504, 'timeout'],
])('lets nothing through when the guardrail says %s', async (name, status, code) => {
  const failing = screen(() => Promise.reject(named(name))).screen;
  await expect(failing.judge('INPUT', ['hello'])).rejects.toMatchObject({ status, code });
});

describe('masking', () => {
  test('gives the text as the guardrail would have it', async () => {
    expect(await screen().screen.mask('my mail')).toBe('my {EMAIL}');
    expect(await screen().screen.mask('hello')).toBe('hello');
  });

  test.each(['so bad', `mail ${'x'.repeat(10_001)}`])('refuses what it cannot mask for sure', async (text) => {
    await expect(screen().screen.mask(text)).rejects.toMatchObject({ code: 'screened' });
  });
});

test('knows every type of personal data that Bedrock does', () => {
  expect([...PII_TYPES].sort()).toEqual(Object.values(GuardrailPiiEntityType).sort());
});
