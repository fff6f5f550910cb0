import { readFileSync } from 'node:fs';
import { github, JsonFile, TextFile, javascript } from 'projen';
import { addIssueForms, PULL_REQUEST_TEMPLATE } from './projenrc/forms';
import { addWorkflows } from './projenrc/workflows';
import { CATALOG_CLOUDS, entryPointsOfClouds, optionalPeers, titleOf } from './scripts/clouds';

/**
 * The package's entry points: public subpath to source module. It generates the exports map, the `typesVersions` fallback for `node10`
 * resolution, the `paths` that let examples run from source, and jest's module map.
 */
const ENTRY_POINTS: Record<string, string> = {
  '.': 'index',
  './planning': 'planning',
  ...entryPointsOfClouds(),
  './testing': 'testing/index',
  './testing/jest': 'testing/jest',
};

const NAME = 'ai-infra-constructs';
/** Not a dependency: only releases need it, and it requires Node.js 22. See decision 0031. */
const CHANGESETS = 'npx --yes --package @changesets/cli@3.0.3 -- changeset';

/** Packages that only users of one cloud need. The kubectl layer and the Helm provider are needed only to install software on a cluster. */
const OPTIONAL_PEERS = Object.entries(optionalPeers());

const project = new javascript.NodeProject({
  name: NAME,
  description:
    'Infrastructure-as-code constructs for AI workloads: GPU training and inference, wired in full and checked at synth',
  license: 'Apache-2.0',
  copyrightOwner: 'The ai-infra-constructs authors',
  authorName: 'The ai-infra-constructs authors',
  keywords: ['aws-cdk', 'cdk', 'gpu', 'efa', 'eks', 'fsx-lustre', 'machine-learning', 'infrastructure-as-code'],
  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.0.0',
  entrypoint: 'dist/index.js',
  projenrcJsOptions: { filename: '.projenrc.ts' },
  // Generated below, or not used.
  jest: false,
  release: false,
  package: false,
  buildWorkflow: false,
  npmignoreEnabled: false,
  githubOptions: {
    mergify: false,
    pullRequestLint: false,
    dependencyReview: true,
    dependencyReviewOptions: { commentSummaryInPr: 'never', failOnSeverity: 'moderate' },
  },
  pullRequestTemplateContents: PULL_REQUEST_TEMPLATE,
  // Updates the lockfile only: ranges are in this file. A new version waits a week, so that others find its faults first.
  dependabot: true,
  dependabotOptions: {
    scheduleInterval: github.DependabotScheduleInterval.WEEKLY,
    groups: { all: { patterns: ['*'], appliesTo: github.DependabotGroupAppliesTo.VERSION_UPDATES } },
    cooldown: { defaultDays: 7 },
  },
  deps: ['commander@^14.0.3', 'jsonc-parser@^3.3.1', 'yaml@^2.8.0'],
  peerDeps: ['constructs@^10.5.0', ...OPTIONAL_PEERS.map(([name, { range }]) => `${name}@${range}`)],
  peerDependencyOptions: { pinnedDevDependency: false },
  devDeps: [
    'constructs@^10.5.0',
    ...OPTIONAL_PEERS.map(([name, { installed }]) => `${name}@${installed}`),
    'aws-cdk@^2.1148.0',
    'cdk-nag@^3.0.2',
    // Lambda's Node runtime includes them: only our types and tests install them.
    '@aws-sdk/client-bedrock-runtime@^3.900.0',
    '@aws-sdk/client-sagemaker-runtime@^3.900.0',
    'playwright-core@^1.65.0',
    'axe-core@^4.14.1',
    // The compiler API of version 5 serves the linter, the scripts and the published build. Version 7 is faster: it type-checks.
    'typescript@~5.9.0',
    'typescript-7@npm:typescript@^7.0.2',
    '@types/node@^20',
    '@types/jest@^30',
    'jest@^30',
    '@swc/core@^1.16.0',
    '@swc/jest@^0.2.39',
    'tsx@^4.23.0',
    'fast-check@^4.10.0',
    'jsonata@~2.0.6',
    'ajv@^8.20.0',
    'eslint@^10',
    'typescript-eslint@^8',
    'prettier@^3',
    'publint@^0.3.0',
    '@arethetypeswrong/cli@^0.18.0',
    // For the prose lint in scripts/lint/prose.ts.
    '@textlint/kernel@^15.8.0',
    '@textlint/textlint-plugin-markdown@^15.8.0',
    '@textlint/ast-node-types@^15.8.0',
    '@textlint/types@^15.8.0',
    'sentence-splitter@^5.0.1',
    // For the API report in scripts/api-report.ts.
    '@microsoft/api-extractor@^7.60.1',
    'diff@^8.0.2',
    // For the mutation tests in test/mutation.
    '@stryker-mutator/api@^9.6.1',
    '@stryker-mutator/core@^9.6.1',
    '@stryker-mutator/jest-runner@^9.6.1',
    'projen@^0.103.0',
  ],
  gitignore: [
    '/dist/',
    '/cdk.out/',
    '/cdktf.out/',
    '/coverage/',
    '/bench.json',
    '/test/.artifacts/',
    '/.schemas/',
    'cdk.context.json',
  ],
});

const distOf = (module: string, extension: string) => `./dist/${module}.${extension}`;

project.package.addField('main', 'dist/index.js');
project.package.addField('types', 'dist/index.d.ts');
project.package.addField('type', 'commonjs');
// `changeset version` writes it. Projen would reset it to 0.0.0.
project.package.addField('version', (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version);
// Only the entry point that registers matchers has side effects on import.
project.package.addField('sideEffects', ['./dist/testing/jest.js']);
project.package.addBin({ 'ai-infra': 'dist/cli/main.js' });
project.package.addField('files', ['dist', 'CHANGELOG.md']);
project.package.addField('exports', {
  ...Object.fromEntries(
    Object.entries(ENTRY_POINTS).map(([subpath, module]) => [
      subpath,
      { types: distOf(module, 'd.ts'), default: distOf(module, 'js') },
    ]),
  ),
  './package.json': './package.json',
});
project.package.addField('typesVersions', {
  '*': Object.fromEntries(
    Object.entries(ENTRY_POINTS)
      .filter(([subpath]) => subpath !== '.')
      .map(([subpath, module]) => [subpath.slice(2), [distOf(module, 'd.ts')]]),
  ),
});
project.package.addField(
  'peerDependenciesMeta',
  Object.fromEntries(OPTIONAL_PEERS.map(([name]) => [name, { optional: true }])),
);

const publicName = (subpath: string) => NAME + subpath.slice(1);
const compilerOptions = {
  target: 'ES2022',
  module: 'Node16',
  lib: ['ES2023'],
  types: ['node', 'jest'],
  strict: true,
  noImplicitOverride: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noImplicitReturns: true,
  noFallthroughCasesInSwitch: true,
  esModuleInterop: true,
  resolveJsonModule: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  isolatedModules: true,
};

new JsonFile(project, 'tsconfig.json', {
  allowComments: true,
  obj: {
    compilerOptions: {
      ...compilerOptions,
      noEmit: true,
      // Lambda handlers are JavaScript with types in comments: `// @ts-check` type-checks them.
      allowJs: true,
      paths: Object.fromEntries(
        Object.entries(ENTRY_POINTS).map(([subpath, module]) => [publicName(subpath), [`./lib/${module}.ts`]]),
      ),
    },
    include: ['lib', 'examples', 'test', 'scripts', 'projenrc', '.projenrc.ts'],
    exclude: ['test/.artifacts'],
  },
});

new JsonFile(project, 'tsconfig.build.json', {
  allowComments: true,
  obj: {
    compilerOptions: {
      ...compilerOptions,
      types: ['node'],
      rootDir: 'lib',
      outDir: 'dist',
      declaration: true,
      stripInternal: true,
    },
    include: ['lib'],
  },
});

// Lambda handlers are `.mjs`: jest transforms them like the other files.
const transformWith = (transformer: string) => ({
  '^.+\\.(ts|mjs)$': [
    transformer,
    { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
  ],
});
const swcTransform = transformWith('@swc/jest');
const moduleNames = Object.fromEntries(
  Object.entries(ENTRY_POINTS).map(([subpath, module]) => [`^${publicName(subpath)}$`, `<rootDir>/lib/${module}.ts`]),
);
/** Folders of tests with their own configuration. */
const OWN_CONFIG = ['package', 'browser', 'fit', 'emulator'];
/** Tests of the repository instead of the library: its scripts and guides, the apps that `verify:terraform` applies, and the policy packs. */
const REPOSITORY_TESTS = ['lint', 'docs', 'scripts', 'terraform/options', 'aws/strict'].map((path) => `test/${path}`);
project.package.addField('jest', {
  testEnvironment: 'node',
  // Jest leaves one core free by default. On two cores, all files would run in a single process.
  maxWorkers: '100%',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...OWN_CONFIG.map((folder) => `<rootDir>/test/${folder}/`)],
  transform: transformWith('<rootDir>/test/lazy-transform.mjs'),
  moduleNameMapper: moduleNames,
  globalSetup: '<rootDir>/test/temporary-folder.setup.ts',
  globalTeardown: '<rootDir>/test/temporary-folder.teardown.ts',
  setupFiles: ['<rootDir>/test/setup.ts'],
  collectCoverageFrom: ['lib/**/*.{ts,mjs}', '!**/*.generated.ts'],
  coverageDirectory: 'coverage',
  coverageReporters: ['text-summary', 'lcov'],
  coverageThreshold: { global: { statements: 95, branches: 88, functions: 95, lines: 95 } },
});

new JsonFile(project, 'test/package/jest.config.json', {
  obj: {
    rootDir: '../..',
    testEnvironment: 'node',
    maxWorkers: '100%',
    roots: ['<rootDir>/test/package'],
    testMatch: ['**/*.test.ts'],
    transform: swcTransform,
    globalSetup: '<rootDir>/test/package/setup.ts',
    globalTeardown: '<rootDir>/test/package/teardown.ts',
    testTimeout: 300_000,
  },
});

new JsonFile(project, 'test/browser/jest.config.json', {
  obj: {
    rootDir: '../..',
    testEnvironment: 'node',
    roots: ['<rootDir>/test/browser'],
    testMatch: ['**/*.test.ts'],
    transform: swcTransform,
    testTimeout: 60_000,
  },
});

new JsonFile(project, 'test/emulator/jest.config.json', {
  obj: {
    rootDir: '../..',
    testEnvironment: 'node',
    roots: ['<rootDir>/test/emulator'],
    testMatch: ['**/*.test.ts'],
    transform: swcTransform,
    moduleNameMapper: moduleNames,
    setupFiles: ['<rootDir>/test/setup.ts'],
    globalSetup: '<rootDir>/test/emulator/setup.ts',
    testTimeout: 120_000,
  },
});

new JsonFile(project, 'test/fit/jest.config.json', {
  obj: {
    rootDir: '../..',
    testEnvironment: 'node',
    roots: ['<rootDir>/test/fit'],
    testMatch: ['**/*.test.ts'],
    transform: swcTransform,
    testTimeout: 600_000,
  },
});

new JsonFile(project, 'cdk.json', {
  obj: {
    app: 'node --import tsx examples/aws/training.ts',
    output: 'cdk.out/training',
    context: {
      '@aws-cdk/core:validateAgainstDefaultRules': true,
      '@aws-cdk/core:strictCfnValidateErrors': true,
    },
  },
});

addTextFile('.npmrc', ['omit-lockfile-registry-resolved=true', 'fund=false', 'audit=false']);

new JsonFile(project, 'cdktf.json', {
  obj: {
    language: 'typescript',
    app: 'node --import tsx examples/google/training.ts',
    output: 'cdktf.out/google-training',
    projectId: '6d6f1f8c-0a52-4f5e-9f0b-3a7f0c1f2d10',
    sendCrashReports: 'false',
  },
});

new JsonFile(project, '.changeset/config.json', {
  obj: { commit: false, access: 'public', baseBranch: 'main', format: false },
});

// Prettier warns about unknown keys, and JSON has no comments.
new JsonFile(project, '.prettierrc.json', {
  marker: false,
  obj: { singleQuote: true, printWidth: 120, trailingComma: 'all' },
});
addTextFile('.prettierignore', [
  ...['dist', 'cdk.out', 'cdktf.out', 'coverage', 'node_modules', 'test/.artifacts', 'bench.json'],
  ...['.projen', '.github', '.changeset', 'package-lock.json', 'tsconfig*.json', 'test/*/jest.config.json'],
  ...[
    'lib/**/catalog/*.ts',
    '**/*.generated.ts',
    'lib/*/provider/generated',
    '*.md',
    '**/__snapshots__',
    '**/*.golden.json',
  ],
  ...['docs/report-schema.json', 'data/*.json'],
]);

/** Adds a file whose comments start with `#`. */
function addTextFile(path: string, lines: readonly string[]): void {
  const file = new TextFile(project, path);
  for (const line of [`# ${file.marker!}`, ...lines, '']) file.addLine(line);
}

project.defaultTask?.reset('tsx .projenrc.ts');
// Removes modules that were renamed or deleted, so that the tarball does not contain them.
project.compileTask.reset(`node -e "fs.rmSync('dist', { recursive: true, force: true })"`);
project.compileTask.exec('node node_modules/typescript/bin/tsc --project tsconfig.build.json');
project.compileTask.exec('tsx scripts/lazy-exports.ts');
// Copies Lambda handlers unchanged, so that an asset has the same hash in the sources and in the tarball.
project.compileTask.exec(
  `node -e "fs.cpSync('lib', 'dist', { recursive: true, filter: (f) => fs.statSync(f).isDirectory() || f.endsWith('.mjs') })"`,
);
const elsewhere = [...OWN_CONFIG.map((folder) => `test/${folder}/`), ...REPOSITORY_TESTS];
// The first option takes every word up to the next option.
project.testTask.reset(
  `jest --testPathIgnorePatterns ${['/node_modules/', ...elsewhere.map((path) => `'<rootDir>/${path}'`)].join(' ')} --maxWorkers=100%`,
  { receiveArgs: true },
);
project.addTask('test:repository', {
  description: 'Test the scripts, the guides and their snippets, and run policy packs on the AWS constructs',
  exec: `jest ${REPOSITORY_TESTS.join(' ')}`,
  receiveArgs: true,
});
project.addTask('test:package', {
  description: 'Test the packed tarball in a temporary app',
  exec: 'jest --config test/package/jest.config.json',
  receiveArgs: true,
});
project.addTask('test:emulator', {
  description: 'Deploy the inference gateway to an AWS emulator, and call it as a client',
  exec: 'jest --config test/emulator/jest.config.json',
  receiveArgs: true,
});
project.addTask('test:browser', {
  description: 'Test the report page in Chromium, and keep its screenshots in `test/.artifacts`',
  exec: 'jest --config test/browser/jest.config.json',
  receiveArgs: true,
});
project.addTask('test:fit', {
  description: 'Fit the planner to the runs in `data/` again, and compare. Takes over a minute',
  exec: 'jest --config test/fit/jest.config.json',
  receiveArgs: true,
});
project.addTask('mutation', {
  description: 'Change the code of lib/core in many places, and report the changes that no test notices',
  exec: 'stryker run test/mutation/stryker.config.mjs',
  receiveArgs: true,
});
project.addTask('lint', {
  description: 'Layers, lint rules, formatting and prose',
  steps: [
    { exec: 'eslint --max-warnings 0 .' },
    { exec: 'prettier --check .' },
    { exec: 'tsx scripts/lint/prose.ts', receiveArgs: true },
  ],
});
project.addTask('format', {
  description: 'Format every source file',
  steps: [{ exec: 'eslint --fix .' }, { exec: 'prettier --write .' }],
});
project.addTask('types', {
  description: 'Type-check sources, tests and examples',
  exec: 'node node_modules/typescript-7/bin/tsc --noEmit',
});
project.addTask('synth', { description: 'Synthesize every example', exec: 'tsx scripts/synth.ts', receiveArgs: true });
project.addTask('verify:terraform', {
  description: 'Validate every Terraform stack of the examples, and apply it to mocks',
  exec: 'tsx scripts/verify-terraform.ts',
  receiveArgs: true,
});
project.addTask('verify:kubernetes', {
  description:
    'Run the charts, objects and jobs of synthesized apps on a Kubernetes control plane. Builds it on the first run',
  exec: 'tsx scripts/verify-kubernetes.ts',
  receiveArgs: true,
});
project.addTask('docs', {
  description: 'Generate the pages, tables and pictures from the code',
  exec: 'tsx scripts/docs.ts',
});
project.addTask('changeset', {
  description: 'Describe a change that users notice, for CHANGELOG.md. Needs Node.js 22',
  exec: CHANGESETS,
  receiveArgs: true,
});
project.addTask('release:version', {
  description: 'Set the next version, and move the changesets to CHANGELOG.md. Needs Node.js 22',
  steps: [
    { exec: `${CHANGESETS} version` },
    { exec: 'npm install --package-lock-only --ignore-scripts' },
    { exec: 'tsx .projenrc.ts' },
  ],
});
project.addTask('props', {
  description: 'Generate the runtime schemas of props from the interfaces',
  exec: 'tsx scripts/prop-schemas.ts',
  receiveArgs: true,
});
project.addTask('bindings', {
  description: 'Generate the classes of Terraform providers without a package. Needs tofu on the PATH',
  exec: 'tsx scripts/bindings.ts',
});
project.addTask('schemas', {
  description: 'Download the schemas that some tests compare with to .schemas',
  exec: 'tsx scripts/schemas.ts',
  receiveArgs: true,
});
project.addTask('api', {
  description: 'Write the API reports of the build to docs/api',
  exec: 'tsx scripts/api-report.ts --update',
});
project.addTask('api:check', {
  description: 'Compare the build with the API reports',
  exec: 'tsx scripts/api-report.ts',
});
project.addTask('bench', {
  description: 'Run the benchmarks and write bench.json',
  exec: 'tsx scripts/bench.ts',
  receiveArgs: true,
});

// Projen's build task regenerates files and runs every test: `npm run build` only compiles.
project.setScript('build', 'projen compile');
for (const script of ['clobber', 'default', 'eject', 'package', 'post-compile', 'pre-compile'])
  project.removeScript(script);

addWorkflows(project.github!);
addIssueForms(project, CATALOG_CLOUDS.map(titleOf));

project.synth();
