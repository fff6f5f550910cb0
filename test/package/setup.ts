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
 * Builds, packs, and installs the package like two users: one with the AWS CDK, one with the core only. With `AI_INFRA_BUILT=true` it packs
 * the existing build.
 */
export default function setup(): void {
  const folder = mkdtempSync(join(tmpdir(), 'ai-infra-package-'));
  setProofFolder(folder);
  try {
    pack(folder);
    install();
  } catch (error) {
    // Jest runs no teardown after a failed setup.
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
  // All peers except the kubectl layer, which no import needs.
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
