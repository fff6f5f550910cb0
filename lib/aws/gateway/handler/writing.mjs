// @ts-check

/**
 * Writes parts as fast as a stream takes them. Where the stream is closed or fails, it asks for no more of them: the caller is gone.
 *
 * @param {AsyncIterable<string>} parts
 * @param {import('node:stream').Writable} stream
 */
export async function writeParts(parts, stream) {
  const gone = new Promise((resolve) => {
    for (const event of ['close', 'error']) stream.once(event, resolve);
  });
  for await (const part of parts) {
    if (stream.destroyed) break;
    if (!stream.write(part)) await Promise.race([new Promise((resolve) => stream.once('drain', resolve)), gone]);
  }
  stream.end();
}
