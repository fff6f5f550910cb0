import type * as FastCheck from 'fast-check';

// The CDK's validator takes seconds per test app. The strict synth tests enable it.
process.env.CDK_VALIDATION ??= 'false';

// Tests do not need stack traces of resources, or copies of assets (one is a layer of 37 MB). Templates are the same without them.
process.env.CDK_CONTEXT_JSON ??= JSON.stringify({
  'aws:cdk:disable-creation-stack-traces': true,
  'aws:cdk:disable-stack-trace': true,
  'aws:cdk:disable-asset-staging': true,
});

// Tests do not read the construct tree file of an app.
Object.assign(globalThis, {
  [Symbol.for('@aws-cdk/core.App#initHook')]: (app: { _treeMetadata: boolean }) => {
    app._treeMetadata = false;
  },
});

// CDK for Terraform takes a stack trace for each token, and the CDK for each acknowledged rule. No setting disables them, and they took half of
// the time of the Google and Azure tests. Errors keep their stack traces.
jest.mock('cdktf/lib/tokens/private/stack-trace', () => ({ captureStackTrace: () => [] }));
jest.mock('../node_modules/aws-cdk-lib/core/lib/private/stack-trace', () => ({
  ...jest.requireActual<object>('../node_modules/aws-cdk-lib/core/lib/private/stack-trace'),
  enhancedStackTrace: () => [],
}));

// CDK for Terraform loads the 240 modules of its archiver for a command that creates archives in another process. No test runs it here.
jest.mock('../node_modules/cdktf/node_modules/archiver', () => ({}));

// Property tests use the same seed in every run, so that they do not fail by chance. FC_SEED sets another seed.
jest.mock('fast-check', () => {
  const actual = jest.requireActual<typeof FastCheck>('fast-check');
  actual.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20_261_125) });
  return actual;
});
