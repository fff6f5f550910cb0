import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CLOUDS as CLOUDS_OF_CATALOG } from '../../lib/core/catalog/machines';
import {
  CATALOG_CLOUDS,
  CLOUDS,
  entryPointsOfClouds,
  FILES,
  filesOf,
  generatedProviderOf,
  isCloud,
  isGuideOf,
  optionalPeers,
  providerPackageOf,
  TERRAFORM_CLOUDS,
} from '../../scripts/clouds';
import { LAYERS } from '../../scripts/lint/layer-table';
import { mocksOf } from '../../scripts/mocks/provider-mocks';

const ROOT = join(__dirname, '../..');

/** Returns the files that do not exist, and the folders that are empty. */
function missing(files: readonly string[]): string[] {
  return files.filter((file) => {
    const path = join(ROOT, file);
    return !existsSync(path) || (statSync(path).isDirectory() && readdirSync(path).length === 0);
  });
}

const foldersIn = (folder: string) =>
  readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

describe('the table of clouds', () => {
  test.each(CATALOG_CLOUDS)('%s has its files', (cloud) => {
    expect(missing(filesOf(cloud))).toEqual([]);
  });

  test('finds files that are missing', () => {
    expect(missing(['lib/mars/index.ts', 'lib/aws/index.ts', 'examples/mars', 'examples/aws'])).toEqual([
      'lib/mars/index.ts',
      'examples/mars',
    ]);
  });

  test('has a row for each cloud in the catalog', () => {
    expect([...CATALOG_CLOUDS].sort()).toEqual([...CLOUDS_OF_CATALOG].sort());
  });

  test('has a row for each folder of constructs, examples, and verified apps', () => {
    expect(foldersIn('lib').sort()).toEqual(
      Object.keys(LAYERS)
        .filter((layer) => layer !== '.')
        .sort(),
    );
    expect(foldersIn('examples').sort()).toEqual([...CLOUDS].sort());
    expect(foldersIn('scripts/verify').sort()).toEqual([...TERRAFORM_CLOUDS].sort());
  });

  test('has a row for each machine table and each API report of a cloud', () => {
    const names = (folder: string, end: string) =>
      readdirSync(join(ROOT, folder)).flatMap((file) => (file.endsWith(end) ? [file.slice(0, -end.length)] : []));
    const shared = ['index', 'planning', 'testing'];
    expect(names('docs/api', '.api.md').filter((name) => !shared.includes(name))).toEqual([...CLOUDS].sort());
    expect(names('scripts/machines', '.ts').filter((name) => name !== 'table')).toEqual([...CATALOG_CLOUDS].sort());
  });

  test('gives the package its entry points and optional peers', () => {
    const { exports, peerDependencies, peerDependenciesMeta } = JSON.parse(
      readFileSync(join(ROOT, 'package.json'), 'utf8'),
    ) as Record<'exports' | 'peerDependencies' | 'peerDependenciesMeta', Record<string, unknown>>;
    expect(Object.keys(exports)).toEqual(expect.arrayContaining(CLOUDS.map((cloud) => `./${cloud}`)));
    for (const [name, { range }] of Object.entries(optionalPeers())) {
      expect([peerDependencies[name], peerDependenciesMeta[name]]).toEqual([range, { optional: true }]);
    }
  });

  test('names modules with mocks', () => {
    const kinds = ['providers', 'overrides', 'assertions'];
    for (const cloud of TERRAFORM_CLOUDS) {
      expect(Object.keys(mocksOf(cloud)).filter((kind) => !kinds.includes(kind))).toEqual([]);
    }
    expect(Object.keys(mocksOf('azure'))).toEqual(['providers', 'overrides']);
  });

  test('assigns each guide page to one cloud', () => {
    const pages = readdirSync(join(ROOT, 'docs')).filter((file) => file.endsWith('.md'));
    const owners = pages.map((file) => CLOUDS.filter((cloud) => isGuideOf(cloud, file.slice(0, -3))));
    expect(owners.filter((clouds) => clouds.length > 1)).toEqual([]);
    expect(isGuideOf('aws', 'inference')).toBe(true);
    expect(isGuideOf('azure', 'inference')).toBe(false);
  });

  test('recognizes the clouds with constructs', () => {
    expect(isCloud('google')).toBe(true);
    expect(isCloud('mars')).toBe(false);
  });

  test('has a package or a source for each Terraform provider', () => {
    expect(providerPackageOf('google')).toBe('@cdktf/provider-google');
    expect(generatedProviderOf('google')).toBeUndefined();
    expect(providerPackageOf('alicloud')).toBeUndefined();
    expect(generatedProviderOf('alicloud')).toMatchObject({ source: 'aliyun/alicloud' });
    expect(entryPointsOfClouds()).toMatchObject({ './alicloud/provider': 'alicloud/provider/alicloud' });
  });
});

test('the guide for contributors names each file of a cloud', () => {
  const page = readFileSync(join(ROOT, 'docs/contributing/adding-a-cloud.md'), 'utf8');
  const files = Object.values(FILES).flat();
  expect(files.filter((file) => !page.includes(`\`${file}\``))).toEqual([]);
});
