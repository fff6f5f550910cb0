import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import layers from './scripts/lint/layers.mjs';

const NAMES_OF_TESTS = ['describe', 'test', 'it'];

export default defineConfig(
  { ignores: ['.cache', 'dist', 'cdk.out', 'cdktf.out', 'coverage', 'test/.artefacts'] },
  {
    // A rule that is wrong somewhere is changed here, for all to see: no comment switches it off.
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
      // Union-like classes have nothing but statics.
      '@typescript-eslint/no-extraneous-class': 'off',
      // `noUncheckedIndexedAccess` is on: an index that is in range by construction is asserted.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // What users pass comes from JavaScript, too: the library checks what the types promise.
      '@typescript-eslint/no-unnecessary-condition': 'off',
    },
  },
  {
    files: ['lib/**/*.ts'],
    // Tables are as long as what they list.
    ignores: ['lib/**/catalog/*.ts', 'lib/core/{error-codes,findings}.ts'],
    rules: {
      'max-lines': ['error', { max: 200, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
    },
  },
  {
    // Loads an optional package, or a command with its tables, and only when it is asked for.
    files: [
      'lib/aws/cluster/installation.ts',
      'lib/kubernetes/to-yaml.ts',
      'lib/cli/commands.ts',
      'lib/terraform/provider.ts',
    ],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    // Loads the planner or the report, whose tables take longer to load than a cluster takes to make, where a workload is declared.
    files: [
      'lib/aws/report/recorded-workload.ts',
      'lib/aws/training/planned-machine.ts',
      'lib/aws/batch/batch-estimate.ts',
      'lib/aws/inference/serving-host.ts',
      'lib/core/planning/{market-rates,serving-planner,training-planner}.ts',
      'lib/google/capacity/committed-cost.ts',
      'lib/google/machine/planned-machine.ts',
      'lib/azure/machine/planned-machine.ts',
      'lib/terraform/recorded-workload.ts',
    ],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    // Merges with the declarations of jest, which are a namespace and have a parameter that this file needs not.
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
      // Templates and matchers are untyped: a test may read them, yet never writes `any` itself.
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
          ['only', 'skip'].map((property) => ({ object, property, message: 'Every test runs, always.' })),
        ),
      ],
    },
  },
);
