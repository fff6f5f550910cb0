// @ts-check

/**
 * Writes parts as fast as a stream accepts them. Stops if the stream closes or fails, because the caller disconnected.
 *
 * @param {AsyncIterable<string>} parts
 * @param {import('node:stream').Writable} stream
 */
export async function writeParts(parts, stream) {
  const closed = new Promise((resolve) => {
    for (const event of ['close', 'error']) stream.once(event, resolve);
  });
  for await (const part of parts) {
    if (stream.destroyed) break;
    if (!stream.write(part)) await Promise.race([new Promise((resolve) => stream.once('drain', resolve)), closed]);
  }
  stream.end();
}
