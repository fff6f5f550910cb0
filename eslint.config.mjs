import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import layers from './scripts/lint/layers.mjs';

const NAMES_OF_TESTS = ['describe', 'test', 'it'];

export default defineConfig(
  {
    ignores: [
      ...['.cache', 'dist', 'cdk.out', 'cdktf.out', 'coverage', 'test/.artifacts'],
      ...['**/*.generated.ts', 'lib/*/provider/generated'],
    ],
  },
  {
    // Change a rule here if it does not fit: comments cannot switch rules off.
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' },
  },
  {
    files: ['**/*.{ts,mts,cts,mjs,js}'],
    plugins: { layers },
    rules: {
      'layers/imports': 'error',
      eqeqeq: 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'] }],
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/consistent-type-exports': ['error', { fixMixedExportsWithInlineTypeSpecifier: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // Union-like classes have only static members.
      '@typescript-eslint/no-extraneous-class': 'off',
      // `noUncheckedIndexedAccess` is on: an assertion marks an index that is always in range.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // JavaScript callers bypass the types: the library validates values at run time.
      '@typescript-eslint/no-unnecessary-condition': 'off',
    },
  },
  {
    files: ['lib/**/*.ts'],
    // Tables can be long.
    ignores: ['lib/**/catalog/*.ts', 'lib/*/prop-schemas.ts', 'lib/core/{error-codes,findings}.ts', 'lib/*/index.ts'],
    rules: {
      'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
    },
  },
  {
    // The only file of the core that reads a file: users name a price file by its path.
    files: ['lib/core/catalog/price-file.ts'],
    rules: { 'layers/imports': 'off' },
  },
  {
    // These load an optional package, or a command with its tables, on first use.
    files: [
      'lib/*/cluster/installation.ts',
      'lib/kubernetes/bundle.ts',
      'lib/cli/program.ts',
      'lib/terraform/provider.ts',
    ],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    // These load the planner or the report on first use: its tables take longer to load than a cluster takes to create.
    files: [
      'lib/core/**/{market-rates,serving-planner,training-findings}.ts',
      'lib/!(core)/**/{batch-estimate,commitment,job-plan,planned-machine,recorded-workload,serving-host}.ts',
    ],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    // Augments the jest types: a namespace with a type parameter that this file does not use.
    files: ['lib/testing/jest.ts'],
    rules: {
      '@typescript-eslint/no-namespace': 'off',
      '@typescript-eslint/no-empty-object-type': 'off',
      '@typescript-eslint/no-unused-vars': 'off',
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // Templates and matchers are untyped: a test can read them, but does not declare `any`.
      ...Object.fromEntries(
        ['argument', 'assignment', 'call', 'member-access', 'return'].map((use) => [
          `@typescript-eslint/no-unsafe-${use}`,
          'off',
        ]),
      ),
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      'no-restricted-properties': [
        'error',
        ...NAMES_OF_TESTS.flatMap((object) =>
          ['only', 'skip'].map((property) => ({ object, property, message: 'Every test must run.' })),
        ),
      ],
    },
  },
);
