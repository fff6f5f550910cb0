import { crc32 } from 'node:zlib';

/**
 * A message of `application/vnd.amazon.eventstream`, the stream format of AWS: lengths, headers, payload, and two checksums.
 *
 * @see https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html
 */
export function message(headers: Readonly<Record<string, string>>, payload: Uint8Array): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)));
  const total = 16 + head.length + payload.length;
  const prelude = Buffer.concat([uint32(total), uint32(head.length)]);
  const unchecked = Buffer.concat([prelude, uint32(crc32(prelude)), head, payload]);
  return Buffer.concat([unchecked, uint32(crc32(unchecked))]);
}

function header(name: string, value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(value));
  const typeString = 7;
  return Buffer.concat([
    Buffer.from([name.length]),
    Buffer.from(name),
    Buffer.from([typeString]),
    length,
    Buffer.from(value),
  ]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
