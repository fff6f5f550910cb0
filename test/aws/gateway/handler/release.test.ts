import fc from 'fast-check';
import { type HandlerModules, handlerModules } from './support';

let handler: HandlerModules;
beforeAll(async () => {
  handler = await handlerModules();
});

const event = (content: string, index = 0) =>
  `data: ${JSON.stringify({ id: 'c-1', choices: [{ index, delta: { content } }] })}\n\n`;

/** What got out of a stream, what was judged, and how it ended. */
async function release(parts: readonly string[], window = 400, forbidden = /bad/) {
  const judged: string[][] = [];
  const passes = (texts: string[]) => {
    judged.push(texts);
    return Promise.resolve(!texts.some((text) => forbidden.test(text)));
  };
  const out: string[] = [];
  let fault: unknown;
  try {
    for await (const part of handler.releaseScreened(from(parts), passes, window)) out.push(part);
  } catch (error) {
    fault = error;
  }
  return { out, judged, fault };
}

async function* from(parts: readonly string[]) {
  for (const part of parts) yield await Promise.resolve(part);
}

test('passes on every byte, in order, whatever the pieces are', async () => {
  const pieces = fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(pieces, fc.integer({ min: 201, max: 1000 }), async (parts, window) => {
      const { out, fault } = await release(parts, window, /(?!)/);
      expect([fault, out.join('')]).toEqual([undefined, parts.join('')]);
    }),
    { numRuns: 100 },
  );
});

test('joins the pieces of one text before it judges: tokens cut words', async () => {
  const { fault, out } = await release([event('so b'), event('ad')]);
  expect(fault).toMatchObject({ code: 'screened' });
  expect(out).toEqual([]);
});

test('tells several choices of one stream apart', async () => {
  const { fault, judged } = await release([event('b', 0), event('one', 1), event('ad', 0), event(' two', 1)]);
  expect(fault).toMatchObject({ code: 'screened' });
  expect(judged).toEqual([['bad', 'one two']]);
});

test('sees what lies on the border of two windows', async () => {
  const { fault, out } = await release([event(`${'x'.repeat(199)} b`), event('ad things')]);
  expect(fault).toMatchObject({ code: 'screened' });
  expect(out.join('')).not.toContain('ad things');
  expect(out).toHaveLength(1);
});

test('judges with each window no more than the end of the one before', async () => {
  const { judged } = await release(Array.from({ length: 40 }, () => event('word '.repeat(10))));
  for (const [text] of judged) expect(text!.length).toBeLessThanOrEqual(450);
  expect(judged.length).toBeGreaterThan(5);
});

test('judges lines that are no JSON as they stand, and a stream without lines before it fills the memory', async () => {
  expect((await release(['plain bad words\n'])).fault).toMatchObject({ code: 'screened' });
  const { out, judged } = await release(Array.from({ length: 30 }, () => 'x'.repeat(10_000)));
  expect(judged.length).toBeGreaterThan(2);
  expect(out.join('')).toHaveLength(300_000);
});

test('asks nothing for what says nothing', async () => {
  const { judged, out } = await release([': comment\n\n'.slice(2), 'data: [DONE]\n\n']);
  expect(out.join('')).toContain('[DONE]');
  expect(judged.flat().join('')).not.toContain('DONE');
});
