import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServingModel } from 'ai-infra-constructs/azure';
import { FETCH_OBJECTS } from '../../../lib/kubernetes/serving/model-volume';

const BUCKET = { accountName: 'weights', accountId: '/subscriptions/s/x', containerName: 'models' };

/** An `az` that records its arguments, and downloads from a local folder. */
const AZ = `#!/bin/sh
echo "$@" >> "$LOG"
[ "$1" = login ] && exit 0
while [ $# -gt 0 ]; do
  case "$1" in --blob-url) url="$2";; --file) file="$2";; esac
  shift
done
cp "$STORE/\${url#https://weights.blob.core.windows.net/models/}" "$file"
`;

function fetched(files: Readonly<Record<string, string>>): { target: string; log: string } {
  const root = mkdtempSync(join(tmpdir(), 'fetch-azure-'));
  const at = (name: string) => join(root, name);
  for (const folder of ['bin', 'cache', 'store/llama/v3/deep']) mkdirSync(at(folder), { recursive: true });
  writeFileSync(at('bin/az'), AZ);
  chmodSync(at('bin/az'), 0o755);
  writeFileSync(at('token'), 'the-token');
  const digest = (text: string) => createHash('sha256').update(text).digest('hex');
  const list = Object.entries(files).map(([name, text]) => `${digest(text)}  ${name}\n`);
  for (const [name, text] of Object.entries({ ...files, SHA256SUMS: list.join('') })) {
    writeFileSync(at(`store/llama/v3/${name}`), text);
  }
  const sha256 = digest(list.join(''));
  const source = ServingModel.bucket(BUCKET, { prefix: 'llama/v3', sha256, sizeGiB: 1 }).source();
  if (source.kind !== 'object-storage') throw new Error(source.kind);
  execFileSync('sh', ['-c', FETCH_OBJECTS], {
    env: {
      PATH: `${at('bin')}:${process.env.PATH ?? ''}`,
      ...{ LOG: at('log'), STORE: at('store'), CACHE: at('cache'), HOME: root, POD_UID: 'pod' },
      ...{ SOURCE: source.address, DIGEST: source.sha256, COPY: source.copy },
      ...{ AZURE_CLIENT_ID: 'client', AZURE_TENANT_ID: 'tenant', AZURE_FEDERATED_TOKEN_FILE: at('token') },
    },
  });
  return { target: at(`cache/${sha256}`), log: readFileSync(at('log'), 'utf8') };
}

test('downloads all files with the identity of the pod, into their folders', () => {
  const { target, log } = fetched({ 'config.json': '{}', 'deep/a file.safetensors': 'weights' });
  expect(readFileSync(join(target, 'deep/a file.safetensors'), 'utf8')).toBe('weights');
  expect(readFileSync(join(target, 'config.json'), 'utf8')).toBe('{}');
  expect(existsSync(join(target, '.complete'))).toBe(true);
  expect(log).toContain('login --service-principal -u client -t tenant --federated-token the-token --output none');
  expect(log).toContain('--auth-mode login');
});
