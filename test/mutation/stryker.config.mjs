import { ONE_IN } from './sample.mjs';

const REPORT = 'test/.artifacts/mutation';

/** Changes the code of lib/core, and runs the tests of test/core that cover each change. */
export default {
  mutate: [
    'lib/core/**/*.ts',
    // Tables.
    '!lib/core/**/catalog/**',
    '!lib/core/{error-codes,findings}.ts',
  ],
  coverageAnalysis: 'perTest',
  testRunner: 'jest-files',
  plugins: [
    '@stryker-mutator/jest-runner',
    ...['runner', 'sample'].map((name) => new URL(`${name}.mjs`, import.meta.url).pathname),
  ],
  jest: {
    config: { roots: ['<rootDir>/test/core'], testEnvironment: './test/mutation/environment.cjs' },
    enableFindRelatedTests: false,
  },
  ignorers: ['sample'],
  // A block contains several pieces of code, so a sample does not choose blocks.
  mutator: { excludedMutations: ONE_IN === 1 ? [] : ['BlockStatement'] },
  ignorePatterns: ['.cache', 'cdk.out', 'cdktf.out', 'coverage', 'dist', 'test/.artifacts'],
  tempDirName: '.cache/mutation',
  // Jest strips the types.
  disableTypeChecks: false,
  concurrency: Number(process.env.MUTATE_CONCURRENCY ?? 1),
  timeoutMS: 30_000,
  reporters: ['clear-text', 'json', 'html'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportMutants: false, skipFull: true },
  jsonReporter: { fileName: `${REPORT}.json` },
  htmlReporter: { fileName: `${REPORT}.html` },
};
