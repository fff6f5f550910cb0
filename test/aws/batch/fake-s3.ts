import { createHash } from 'node:crypto';
import { StatesError } from '../../asl/errors';
import type { Json } from '../../asl/expressions';

/** S3 in memory: strongly consistent, with listings in the order of keys. */
export class FakeS3 {
  private readonly objects = new Map<string, string>();

  put(bucket: string, key: string, body: string): void {
    if (Buffer.byteLength(key) > 1024) throw new StatesError('S3.S3Exception', 'the key is longer than 1024 bytes');
    this.objects.set(`${bucket}/${key}`, body);
  }

  get(bucket: string, key: string): string | undefined {
    return this.objects.get(`${bucket}/${key}`);
  }

  /** Keys below a prefix, in order. */
  keys(bucket: string, prefix = ''): string[] {
    const start = `${bucket}/${prefix}`;
    const found = [...this.objects.keys()].filter((path) => path.startsWith(start));
    return found.map((path) => path.slice(bucket.length + 1)).sort((a, b) => (a < b ? -1 : 1));
  }

  /** Reads an object by its URI, like a container. */
  read(uri: string): string {
    const [bucket, key] = partsOf(uri);
    const body = this.get(bucket, key);
    if (body === undefined) throw new Error(`${uri} does not exist`);
    return body;
  }

  /** Writes an object by its URI, like a container. */
  write(uri: string, body: string): void {
    this.put(...partsOf(uri), body);
  }

  etag(bucket: string, key: string): string {
    return createHash('md5')
      .update(this.get(bucket, key) ?? '')
      .digest('hex');
  }

  call(action: string, args: Json): Json {
    const { Bucket: bucket, Key: key, Body: body } = args as { Bucket: string; Key: string; Body: Json };
    switch (action) {
      case 'listObjectsV2':
        return this.list(args as ListArguments);
      case 'getObject': {
        const found = this.get(bucket, key);
        if (found === undefined) throw new StatesError('S3.NoSuchKeyException', key);
        return { Body: found, ContentLength: found.length };
      }
      case 'putObject':
        // Objects and lists are written as JSON. No source documents the format of a string body.
        if (typeof body !== 'object' || body === null) throw new Error(`the body of ${key} is not an object`);
        this.put(bucket, key, JSON.stringify(body));
        return { ETag: `"${this.etag(bucket, key)}"` };
      default:
        throw new Error(`S3 has no ${action} here`);
    }
  }

  private list({ Bucket: bucket, Prefix: prefix, MaxKeys: max = 1000 }: ListArguments): Json {
    const keys = this.keys(bucket, prefix);
    const contents = keys.slice(0, max).map((key) => this.entry(bucket, key, 'ETag'));
    return {
      IsTruncated: keys.length > max,
      KeyCount: contents.length,
      ...(contents.length > 0 && { Contents: contents }),
    };
  }

  /** The items of a distributed map below a prefix. They contain `Etag`, not `ETag`. */
  items({ Bucket: bucket, Prefix: prefix }: ListArguments): Json[] {
    return this.keys(bucket, prefix).map((key) => this.entry(bucket, key, 'Etag'));
  }

  private entry(bucket: string, key: string, etag: 'ETag' | 'Etag'): Json {
    const size = Buffer.byteLength(this.get(bucket, key)!);
    return {
      Key: key,
      [etag]: `"${this.etag(bucket, key)}"`,
      Size: size,
      LastModified: 1_795_000_000,
      StorageClass: 'STANDARD',
    };
  }
}

interface ListArguments {
  readonly Bucket: string;
  readonly Prefix?: string;
  readonly MaxKeys?: number;
}

function partsOf(uri: string): [bucket: string, key: string] {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(uri) ?? [];
  if (bucket === undefined || key === undefined) throw new Error(`${uri} is not an S3 URI`);
  return [bucket, key];
}
