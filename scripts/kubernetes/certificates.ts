import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files and secrets that the programs of a control plane trust. */
export interface Credentials {
  /** Certificate of the authority, in PEM. */
  readonly authority: string;
  /** File with the certificate of the authority. */
  readonly authorityFile: string;
  /** File with the certificate of the API server and of all webhooks, for the loopback address. */
  readonly certificateFile: string;
  /** File with the private key of that certificate. */
  readonly keyFile: string;
  /** File with the private key that signs the tokens of service accounts. */
  readonly accountKeyFile: string;
  /** File with the public key that verifies the tokens of service accounts. */
  readonly accountPublicKeyFile: string;
  /** File with the token of the administrator, for the API server. */
  readonly tokenFile: string;
  /** Token of the administrator. */
  readonly token: string;
}

/** Creates an authority, a certificate for the loopback address, the keys of service accounts, and an administrator. Needs OpenSSL 3. */
export function createCredentials(folder: string): Credentials {
  const file = (name: string) => join(folder, name);
  const [authorityFile, authorityKey] = [file('authority.crt'), file('authority.key')];
  const [certificateFile, keyFile] = [file('tls.crt'), file('tls.key')];
  const self = ['-subj', '/CN=ai-infra-constructs', '-out', authorityFile, '-keyout', authorityKey];
  const signed = ['-CA', authorityFile, '-CAkey', authorityKey, '-out', certificateFile, '-keyout', keyFile];
  request([...self, '-addext', 'basicConstraints=critical,CA:TRUE']);
  request([...signed, '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost']);

  const [accountKeyFile, accountPublicKeyFile] = [file('accounts.key'), file('accounts.pub')];
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(accountKeyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(accountPublicKeyFile, publicKey.export({ type: 'spki', format: 'pem' }));

  const [tokenFile, token] = [file('tokens.csv'), randomBytes(24).toString('hex')];
  writeFileSync(tokenFile, `${token},administrator,administrator,"system:masters"\n`);
  for (const secret of [authorityKey, keyFile, accountKeyFile, tokenFile]) chmodSync(secret, 0o600);
  const authority = readFileSync(authorityFile, 'utf8');
  return {
    ...{ authority, authorityFile, certificateFile, keyFile },
    ...{ accountKeyFile, accountPublicKeyFile, tokenFile, token },
  };
}

function request(args: readonly string[]): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...key, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Returns a configuration file for a client with a token. JSON is valid YAML. */
export function clientConfig(url: string, { authority }: Credentials, token: string): string {
  const cluster = { server: url, 'certificate-authority-data': Buffer.from(authority).toString('base64') };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'local', cluster }],
    users: [{ name: 'user', user: { token } }],
    contexts: [{ name: 'local', context: { cluster: 'local', user: 'user' } }],
    'current-context': 'local',
  });
}
