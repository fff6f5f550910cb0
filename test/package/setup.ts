import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  COMPILERS,
  ROOT,
  appFolder,
  coreAppFolder,
  manifestOf,
  must,
  setProofFolder,
  tarball,
  write,
} from './workspace';

const INSTALL = ['install', '--prefer-offline', '--no-audit', '--no-fund'];

/**
 * Builds, packs and installs the package as two users would: one with the AWS CDK, one with nothing but the core. With `AI_INFRA_BUILT=true` what
 * was built is packed as it is.
 */
export default function setup(): void {
  const folder = mkdtempSync(join(tmpdir(), 'ai-infra-package-'));
  setProofFolder(folder);
  try {
    pack(folder);
    install();
  } catch (error) {
    // Jest tears nothing down after a setup that failed.
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function pack(folder: string): void {
  if (process.env.AI_INFRA_BUILT !== 'true') must(ROOT, 'npm', 'run', 'build');
  const [packed] = JSON.parse(must(ROOT, 'npm', 'pack', '--json', '--silent', '--pack-destination', folder)) as {
    filename: string;
  }[];
  renameSync(join(folder, packed!.filename), tarball());
}

function install(): void {
  // All peers but the layer of kubectl, which no import needs.
  const peers = Object.fromEntries(
    Object.entries(manifestOf(ROOT).peerDependencies).filter(([name]) => name !== '@aws-cdk/lambda-layer-kubectl-v36'),
  );
  const { constructs } = peers;
  const own = { 'ai-infra-constructs': `file:${tarball()}` };
  const compilers = Object.fromEntries(
    Object.entries(COMPILERS).map(([alias, range]) => [alias, `npm:typescript@${range}`]),
  );
  write(appFolder(), {
    'package.json': {
      private: true,
      dependencies: { ...own, ...peers },
      devDependencies: { ...compilers, '@types/node': '^20', '@types/jest': '^30' },
    },
  });
  write(coreAppFolder(), { 'package.json': { private: true, dependencies: { ...own, constructs } } });
  for (const app of [appFolder(), coreAppFolder()]) must(app, 'npm', ...INSTALL);
}
