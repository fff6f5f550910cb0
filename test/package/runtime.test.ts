import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CLOUDS, ENGINES, rowOf, TERRAFORM_CLOUDS, terraformRowOf } from '../../scripts/clouds';
import { ENTRY_POINTS, MATCHERS, NAME, appFolder, coreAppFolder, must, run, valuesOf } from './workspace';

/** Returns the packages that are loaded with a module, and after its exports are read if `isRead`. */
function packagesLoadedBy(folder: string, entryPoint: string, isRead = false): string[] {
  const load = isRead ? `Object.values(require('${entryPoint}'))` : `require('${entryPoint}')`;
  const script = `${load}; process.stdout.write(JSON.stringify(Object.keys(require.cache)))`;
  const modules = JSON.parse(must(folder, process.execPath, '-e', script)) as string[];
  const names = modules.map((file) => /node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1] ?? file);
  return [...new Set(names)].sort();
}

describe('importing an entry point', () => {
  test('loads no other package for the core', () => {
    expect(packagesLoadedBy(appFolder(), NAME)).toEqual([NAME]);
  });

  test.each(CLOUDS)('loads no other package than the SDK of %s', (cloud) => {
    const own = [NAME, 'constructs', 'yaml', ...Object.keys(ENGINES[rowOf(cloud).engine].peers)];
    const loaded = packagesLoadedBy(appFolder(), `${NAME}/${cloud}`, true);

    expect(loaded.length).toBeGreaterThan(1);
    expect(loaded.filter((name) => !own.includes(name) && !name.startsWith('@aws-cdk/'))).toEqual([]);
  });
});

describe.each(TERRAFORM_CLOUDS)('the entry point of %s', (cloud) => {
  const { provider, smallest } = terraformRowOf(cloud);
  const loadedBy = (code: string) =>
    JSON.parse(
      must(
        appFolder(),
        process.execPath,
        '-e',
        `${code}; process.stdout.write(JSON.stringify(Object.keys(require.cache)))`,
      ),
    ) as string[];
  const folder = provider.source === undefined ? `provider-${provider.name}/lib` : 'provider/generated';
  const resourcesIn = (files: readonly string[]) =>
    files
      .map((file) => new RegExp(`/${folder}/([^/.]+)`).exec(file.replaceAll('\\', '/'))?.[1])
      .filter((name) => name !== undefined && name !== 'source');

  test('loads nothing before first use, and never a provider resource', () => {
    expect(packagesLoadedBy(appFolder(), `${NAME}/${cloud}`)).toEqual([NAME]);
    const files = loadedBy(`Object.values(require('${NAME}/${cloud}'))`);
    expect(files.some((file) => /node_modules[\\/]cdktf/.test(file))).toBe(true);
    expect(resourcesIn(files)).toEqual([]);
  });

  test('loads only the resource that is created', () => {
    const files = loadedBy(
      `const { App, TerraformStack } = require('cdktf'); ` +
        `const { ${smallest.construct}: Smallest } = require('${NAME}/${cloud}');` +
        `new Smallest(new TerraformStack(new App(), 'S'), 'Smallest', ${JSON.stringify(smallest.props)})`,
    );
    expect([...new Set(resourcesIn(files))].sort()).toEqual(smallest.modules);
  });
});

describe('architectures', () => {
  test('are read without a cloud SDK or another package', () => {
    const template = "{ Resources: { Data: { Type: 'AWS::S3::Bucket' } } }";
    const script = `console.log(require('${NAME}/testing').architectureOf(${template}).stacks[0].storage[0].name)`;

    expect(packagesLoadedBy(coreAppFolder(), `${NAME}/testing`)).toEqual([NAME]);
    expect(must(coreAppFolder(), process.execPath, '-e', script)).toBe('Data\n');
  });

  test('have matchers that register themselves in a test runner', () => {
    const runner =
      'globalThis.expect = { extend: (all) => console.log(Object.keys(all).join()), addSnapshotSerializer() {} };';

    expect(must(coreAppFolder(), process.execPath, '-e', `${runner} require('${MATCHERS}')`)).toBe(
      'toMatchArchitecture,toMatchArchitectureFile\n',
    );
    expect(run(coreAppFolder(), process.execPath, '-e', `require('${MATCHERS}')`).output).toContain(
      '[ArchitectureMatcher]',
    );
  });
});

describe('an app with the core only', () => {
  test('has no cloud SDK', () => {
    expect(existsSync(join(coreAppFolder(), 'node_modules/aws-cdk-lib'))).toBe(false);
    expect(packagesLoadedBy(coreAppFolder(), NAME)).toEqual([NAME]);
  });

  test('reads the catalog', () => {
    const script = `const { AWS_MACHINES } = require('${NAME}'); console.log(AWS_MACHINES['p5.48xlarge'].efaInterfaces)`;

    expect(must(coreAppFolder(), process.execPath, '-e', script)).toBe('32\n');
  });
});

describe.each(ENTRY_POINTS)('%s', (entryPoint) => {
  test('has named exports for ES modules', () => {
    const names = valuesOf(entryPoint);
    const script = `import { ${names.map((name, index) => `${name} as _${index}`).join(', ')} } from '${entryPoint}';
      import * as all from '${entryPoint}';
      console.log(Object.keys(all).filter((name) => name !== 'default' && name !== 'module.exports' && name !== '__esModule').sort().join())`;

    expect(must(appFolder(), process.execPath, '--input-type=module', '-e', script)).toBe(
      `${[...names].sort().join()}\n`,
    );
  });
});

test('a deep path is not an entry point', () => {
  const { status, output } = run(appFolder(), process.execPath, '-e', `require('${NAME}/dist/index.js')`);

  expect(output).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
  expect(status).not.toBe(0);
});
