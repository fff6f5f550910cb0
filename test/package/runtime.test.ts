import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ENTRY_POINTS, MATCHERS, NAME, appFolder, coreAppFolder, must, run, valuesOf } from './workspace';

/** Returns the packages that are loaded with a module. */
function packagesLoadedBy(folder: string, entryPoint: string): string[] {
  const script = `require('${entryPoint}'); process.stdout.write(JSON.stringify(Object.keys(require.cache)))`;
  const modules = JSON.parse(must(folder, process.execPath, '-e', script)) as string[];
  const names = modules.map((file) => /node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1] ?? file);
  return [...new Set(names)].sort();
}

describe('importing an entry point', () => {
  test('loads no other package for the core', () => {
    expect(packagesLoadedBy(appFolder(), NAME)).toEqual([NAME]);
  });

  test('loads the AWS CDK and no Terraform SDK for the AWS entry point', () => {
    const loaded = packagesLoadedBy(appFolder(), `${NAME}/aws`);

    expect(loaded.filter((name) => /cdktf|cdktn/.test(name))).toEqual([]);
    expect(
      loaded.filter(
        (name) => ![NAME, 'aws-cdk-lib', 'constructs', 'yaml'].includes(name) && !name.startsWith('@aws-cdk/'),
      ),
    ).toEqual([]);
  });
});

describe.each([
  {
    cloud: 'azure',
    provider: 'azurerm',
    made: `new ResourceGroup(stack, 'Group', { location: 'swedencentral' })`,
    resources: ['resource-group'],
  },
  {
    cloud: 'google',
    provider: 'google',
    made: `new EncryptionKey(stack, 'Key', { region: 'us-central1' })`,
    resources: ['kms-crypto-key', 'kms-key-ring'],
  },
])('the entry point of $cloud', ({ cloud, provider, made, resources }) => {
  const loadedBy = (code: string) =>
    JSON.parse(
      must(
        appFolder(),
        process.execPath,
        '-e',
        `${code}; process.stdout.write(JSON.stringify(Object.keys(require.cache)))`,
      ),
    ) as string[];
  const resourcesIn = (files: readonly string[]) =>
    files.flatMap((file) => new RegExp(`provider-${provider}[\\\\/]lib[\\\\/]([^\\\\/]+)`).exec(file)?.[1] ?? []);

  test('loads nothing before first use, and never a provider resource', () => {
    expect(packagesLoadedBy(appFolder(), `${NAME}/${cloud}`)).toEqual([NAME]);
    const files = loadedBy(`Object.values(require('${NAME}/${cloud}'))`);
    expect(files.some((file) => /node_modules[\\/]cdktf/.test(file))).toBe(true);
    expect(files.some((file) => file.includes('aws-cdk-lib'))).toBe(false);
    expect(resourcesIn(files)).toEqual([]);
  });

  test('loads only the resource that is created', () => {
    const files = loadedBy(
      `const { App, TerraformStack } = require('cdktf'); ` +
        `const { EncryptionKey, ResourceGroup } = require('${NAME}/${cloud}');` +
        `const stack = new TerraformStack(new App(), 'S'); ${made}`,
    );
    expect([...new Set(resourcesIn(files))].sort()).toEqual(resources);
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
