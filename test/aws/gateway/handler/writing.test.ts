import { PassThrough } from 'node:stream';
import { type HandlerModules, handlerModules } from './support';

let handler: HandlerModules;
beforeAll(async () => {
  handler = await handlerModules();
});

/** Endless parts of a kilobyte, which count how many were asked for, and whether anybody still listens. */
function endless() {
  const told = { asked: 0, ended: false };
  async function* parts() {
    try {
      for (;;) {
        told.asked += 1;
        yield await Promise.resolve('x'.repeat(1024));
      }
    } finally {
      told.ended = true;
    }
  }
  return { told, parts: parts() };
}

async function* three() {
  yield* await Promise.resolve(['a', 'b', 'c']);
}

test('parts are written in order, and the stream ends', async () => {
  const stream = new PassThrough();
  await handler.writeParts(three(), stream);
  expect(stream.writableEnded).toBe(true);
  expect(stream.read()?.toString()).toBe('abc');
});

test('a slow reader is waited for', async () => {
  const stream = new PassThrough({ highWaterMark: 2048 });
  const { told, parts } = endless();
  const written = handler.writeParts(parts, stream);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(told.ended).toBe(false);
  expect(told.asked).toBeLessThan(8);
  stream.destroy();
  await written;
  expect(told.ended).toBe(true);
});

test.each([undefined, new Error('reset')])('a caller who is gone ends the asking (%s)', async (reason) => {
  const stream = new PassThrough({ highWaterMark: 2048 });
  stream.on('error', () => undefined);
  const { told, parts } = endless();
  const written = handler.writeParts(parts, stream);
  await new Promise((resolve) => setTimeout(resolve, 5));
  stream.destroy(reason);
  await written;
  expect(told.ended).toBe(true);
  expect(told.asked).toBeLessThan(5);
});
