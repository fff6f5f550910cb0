import { PassThrough } from 'node:stream';
import { type HandlerModules, handlerModules } from './support';

let handler: HandlerModules;
beforeAll(async () => {
  handler = await handlerModules();
});

/** Endless parts of a kilobyte, with the number of requested parts, and whether the generator has ended. */
function endless() {
  const state = { requested: 0, ended: false };
  async function* parts() {
    try {
      for (;;) {
        state.requested += 1;
        yield await Promise.resolve('x'.repeat(1024));
      }
    } finally {
      state.ended = true;
    }
  }
  return { state, parts: parts() };
}

async function* three() {
  yield* await Promise.resolve(['a', 'b', 'c']);
}

test('writes parts in order, and ends the stream', async () => {
  const stream = new PassThrough();
  await handler.writeParts(three(), stream);
  expect(stream.writableEnded).toBe(true);
  expect(stream.read()?.toString()).toBe('abc');
});

test('waits for a slow reader', async () => {
  const stream = new PassThrough({ highWaterMark: 2048 });
  const { state, parts } = endless();
  const written = handler.writeParts(parts, stream);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(state.ended).toBe(false);
  expect(state.requested).toBeLessThan(8);
  stream.destroy();
  await written;
  expect(state.ended).toBe(true);
});

test.each([undefined, new Error('reset')])(
  'requests no more parts after the caller disconnects (%s)',
  async (reason) => {
    const stream = new PassThrough({ highWaterMark: 2048 });
    stream.on('error', () => undefined);
    const { state, parts } = endless();
    const written = handler.writeParts(parts, stream);
    await new Promise((resolve) => setTimeout(resolve, 5));
    stream.destroy(reason);
    await written;
    expect(state.ended).toBe(true);
    expect(state.requested).toBeLessThan(5);
  },
);
