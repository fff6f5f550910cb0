// @ts-check
import { createServer } from 'node:http';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';

/*
 * Streams like API Gateway and Lambda, which the emulator does not support. The handler writes a prelude of JSON, eight zero bytes, and
 * the body. The API returns the status and headers of the prelude, and streams the body. The header `x-time-limit` of a request is its time limit
 * in seconds.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 */

const DELIMITER = Buffer.alloc(8);

/** The stream API of the Node.js runtime of Lambda. */
const awslambda = {
  /** @param {unknown} handler */
  streamifyResponse: (handler) => handler,
  HttpResponseStream: {
    /**
     * Like the runtime, writes the prelude before the first part. A stream without parts has no prelude.
     *
     * @param {Writable} stream
     * @param {unknown} prelude
     */
    from(stream, prelude) {
      const write = stream.write.bind(stream);
      stream.write = (/** @type {any[]} */ ...part) => {
        stream.write = write;
        write(JSON.stringify(prelude));
        write(DELIMITER);
        return write(.../** @type {[any]} */ (part));
      };
      return stream;
    },
  },
};
Object.assign(globalThis, { awslambda });

/** @param {import('node:http').ServerResponse} response */
function integrationInto(response) {
  let head = Buffer.alloc(0);
  return new Writable({
    write(chunk, _encoding, done) {
      if (response.headersSent) return void (response.write(chunk) ? done() : response.once('drain', done));
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf(DELIMITER);
      if (end < 0) return void done();
      const { statusCode, headers } = JSON.parse(head.subarray(0, end).toString());
      response.writeHead(statusCode, headers);
      response.write(head.subarray(end + DELIMITER.length), () => done());
    },
    final(done) {
      if (!response.headersSent) response.writeHead(502);
      response.end(done);
    },
  });
}

const [, , handlerFile = ''] = process.argv;
const { handler } = await import(pathToFileURL(handlerFile).href);

const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const until = Date.now() + Number(request.headers['x-time-limit']) * 1000;
  const event = { body, headers: request.headers, requestContext: { requestId: 'request-1' } };
  const stream = integrationInto(response);
  response.once('close', () => stream.destroy());
  await handler(event, stream, { getRemainingTimeInMillis: () => until - Date.now() });
});
server.listen(0, '127.0.0.1', () => {
  process.stderr.write(`listening ${/** @type {import('node:net').AddressInfo} */ (server.address()).port}\n`);
});
