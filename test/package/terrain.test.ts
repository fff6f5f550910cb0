import { cpSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { TERRAFORM_CLOUDS } from '../../scripts/clouds';
import { ROOT, appFolder, must, proofFolder, write } from './workspace';

/** The successor of CDK for Terraform, and its package name: https://github.com/open-constructs/cdk-terrain */
const SUCCESSOR = { cdktf: 'npm:cdktn@0.24.0', constructs: '>=10.6.0 <10.8.0' };

/** The examples with CDK for Terraform. */
const EXAMPLES = TERRAFORM_CLOUDS.flatMap((cloud) =>
  readdirSync(join(ROOT, 'examples', cloud)).map((file) => `${cloud}/${file}`),
).filter((file) => file.endsWith('.ts'));

const terrainFolder = () => join(proofFolder(), 'terrain');

/** An app with the successor instead of CDK for Terraform, and otherwise identical. */
beforeAll(() => {
  write(terrainFolder(), { 'package.json': { private: true, dependencies: SUCCESSOR } });
  must(terrainFolder(), 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund');
  const modules = (folder: string) => join(folder, 'node_modules');
  const present = readdirSync(modules(terrainFolder()));
  for (const name of ['@cdktf', 'ai-infra-constructs', 'yaml', 'commander']) {
    expect(present).not.toContain(name);
    cpSync(join(modules(appFolder()), name), join(modules(terrainFolder()), name), { recursive: true });
  }
});

/** The output of an example by file, without the version that wrote it. */
function written(folder: string, example: string): Record<string, unknown> {
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true };
  const source = readFileSync(join(ROOT, 'examples', example), 'utf8');
  write(folder, { 'example.js': transpileModule(source, { compilerOptions }).outputText });
  const out = mkdtempSync(join(folder, 'out-'));
  must(folder, process.execPath, '-e', `process.env.CDKTF_OUTDIR = ${JSON.stringify(out)}; require('./example.js')`);
  const files = readdirSync(out, { recursive: true, encoding: 'utf8', withFileTypes: true }).filter((one) =>
    one.isFile(),
  );
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const file = join(parentPath, name);
      const text = withoutVersion(readFileSync(file, 'utf8').replaceAll(folder, '<app>'));
      // One of them writes an empty list on two lines, the other on one line.
      return [file.slice(out.length + 1), file.endsWith('.json') ? (JSON.parse(text) as unknown) : text];
    }),
  );
}

function withoutVersion(text: string): string {
  return text.replace(/"version": "(0\.21|0\.24|stubbed)[^"]*"/g, '"version": "…"');
}

test('the app uses the successor instead of CDK for Terraform', () => {
  const manifest = readFileSync(join(terrainFolder(), 'node_modules/cdktf/package.json'), 'utf8');
  expect(JSON.parse(manifest)).toMatchObject({ name: 'cdktn', version: '0.24.0' });
});

test.each(EXAMPLES)('%s: the successor writes the same output as CDK for Terraform', (example) => {
  const files = written(appFolder(), example);
  expect(Object.keys(files)).toContain('manifest.json');
  expect(written(terrainFolder(), example)).toEqual(files);
});
