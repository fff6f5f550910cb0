import fc from 'fast-check';
import { type HandlerModules, handlerModules } from './support';

let handler: HandlerModules;
beforeAll(async () => {
  handler = await handlerModules();
});

const event = (content: string, index = 0) =>
  `data: ${JSON.stringify({ id: 'c-1', choices: [{ index, delta: { content } }] })}\n\n`;

/** The released parts, the screened texts, and the error of a stream. */
async function release(parts: readonly string[], window = 400, forbidden = /bad/) {
  const screened: string[][] = [];
  const passes = (texts: string[]) => {
    screened.push(texts);
    return Promise.resolve(!texts.some((text) => forbidden.test(text)));
  };
  const out: string[] = [];
  let fault: unknown;
  try {
    for await (const part of handler.releaseScreened(from(parts), passes, window)) out.push(part);
  } catch (error) {
    fault = error;
  }
  return { out, screened, fault };
}

async function* from(parts: readonly string[]) {
  for (const part of parts) yield await Promise.resolve(part);
}

test('releases every byte in order, for any pieces', async () => {
  const pieces = fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(pieces, fc.integer({ min: 201, max: 1000 }), async (parts, window) => {
      const { out, fault } = await release(parts, window, /(?!)/);
      expect([fault, out.join('')]).toEqual([undefined, parts.join('')]);
    }),
    { numRuns: 100 },
  );
});

test('joins the pieces of split text before it is screened', async () => {
  const { fault, out } = await release([event('so b'), event('ad')]);
  expect(fault).toMatchObject({ code: 'screened' });
  expect(out).toEqual([]);
});

test('keeps the choices of a stream separate', async () => {
  const { fault, screened } = await release([event('b', 0), event('one', 1), event('ad', 0), event(' two', 1)]);
  expect(fault).toMatchObject({ code: 'screened' });
  expect(screened).toEqual([['bad', 'one two']]);
});

test('finds a match at the border of two windows', async () => {
  const { fault, out } = await release([event(`${'x'.repeat(199)} b`), event('ad things')]);
  expect(fault).toMatchObject({ code: 'screened' });
  expect(out.join('')).not.toContain('ad things');
  expect(out).toHaveLength(1);
});

test('adds only the end of the previous window to each window', async () => {
  const { screened } = await release(Array.from({ length: 40 }, () => event('word '.repeat(10))));
  for (const [text] of screened) expect(text!.length).toBeLessThanOrEqual(450);
  expect(screened.length).toBeGreaterThan(5);
});

test('screens plain text, and a stream without line breaks before it fills the memory', async () => {
  expect((await release(['plain bad words\n'])).fault).toMatchObject({ code: 'screened' });
  const { out, screened } = await release(Array.from({ length: 30 }, () => 'x'.repeat(10_000)));
  expect(screened.length).toBeGreaterThan(2);
  expect(out.join('')).toHaveLength(300_000);
});

test('does not screen markers without text', async () => {
  const { screened, out } = await release([': comment\n\n'.slice(2), 'data: [DONE]\n\n']);
  expect(out.join('')).toContain('[DONE]');
  expect(screened.flat().join('')).not.toContain('DONE');
});
