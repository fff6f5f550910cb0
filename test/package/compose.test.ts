import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CLOUDS } from '../../scripts/clouds';
import { composingPairs, type Pair } from '../../scripts/pairs';
import { appFolder, COMPILERS, type Compiler, compilerOf, NAME, run, write } from './workspace';

let pairs: ReturnType<typeof composingPairs>;
beforeAll(() => {
  pairs = composingPairs();
}, 120_000);

/** The compiler settings of `cdk init app --language typescript`. */
const INIT = join(dirname(require.resolve('aws-cdk/package.json')), 'lib/init-templates/app/typescript/tsconfig.json');

/** A module that gives each class to each prop and method that accepts it. */
function moduleOf(entryPoint: string, all: readonly Pair[]): string {
  const names = new Set(all.flatMap(({ given, accepting }) => [given, accepting].map(nameIn)));
  const uses = all.map(
    ({ given, accepting, inList }, index) =>
      `declare const given${index}: ${given};\nexport const pair${index}: ${accepting} = ${inList ? `[given${index}]` : `given${index}`};`,
  );
  return [`import type { ${[...names].join(', ')} } from '${entryPoint}';`, ...uses, ''].join('\n');
}

/** The exported name in a type expression. */
function nameIn(type: string): string {
  return /(?:[A-Z]\w*)(?=\[|\.|$)/.exec(type)![0];
}

function compile(name: string, compiler: Compiler, files: Readonly<Record<string, string>>): string {
  const folder = join(appFolder(), name);
  const { compilerOptions } = JSON.parse(readFileSync(INIT, 'utf8')) as { compilerOptions: object };
  const typeRoots = ['../node_modules/@types'];
  write(folder, {
    ...files,
    'tsconfig.json': { compilerOptions: { ...compilerOptions, typeRoots }, files: Object.keys(files) },
  });
  return run(folder, process.execPath, compilerOf(compiler), '--pretty', 'false').output;
}

test('the pairs include the constructs that users connect', () => {
  const of = (cloud: 'aws' | 'azure' | 'google') =>
    pairs[cloud].map(({ given, accepting }) => `${given} -> ${/<(?:Parameters<)?(.*?)>/.exec(accepting)![1]}`);
  expect(of('aws')).toEqual(
    expect.arrayContaining([
      "InferenceEndpoint -> InferenceGatewayProps['endpoint']",
      "DataBucket -> TrainingClusterProps['checkpoints']",
      'LustreFileSystem -> typeof TrainingStorage.fromFileSystem',
    ]),
  );
  expect(of('azure')).toContain("DataBucket -> TrainingClusterProps['checkpoints']");
  expect(of('google')).toContain('ControlPlane -> typeof ClusterSource.fromCluster');
});

test.each(Object.keys(COMPILERS) as Compiler[])(
  '%s: each pair of types that compose compiles in an app of cdk init, in both module systems',
  (compiler) => {
    const files = CLOUDS.flatMap((cloud) =>
      ['mts', 'cts'].map((extension) => [`${cloud}.${extension}`, moduleOf(`${NAME}/${cloud}`, pairs[cloud])]),
    );
    expect(compile(`${compiler}-compose`, compiler, Object.fromEntries(files))).toBe('');
  },
);

test('a pair that does not compose is an error', () => {
  const wrong: Pair = {
    given: 'DataBucket',
    accepting: "NonNullable<InferenceGatewayProps['endpoint']>",
    inList: false,
  };
  const output = compile('wrong-pair', 'typescript-5.9', { 'app.mts': moduleOf(`${NAME}/aws`, [wrong]) });
  expect(output).toMatch(/app\.mts.*TS2/);
});
