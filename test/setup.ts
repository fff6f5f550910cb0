import type * as FastCheck from 'fast-check';

// The CDK's own validator costs seconds per test app: the strict synth tests switch it on where they need it.
process.env.CDK_VALIDATION ??= 'false';

// Where in its source each resource was written is of no use to a test and costs a stack trace each, and a copy of each asset, of which
// one is a layer of 37 MB, goes with the app: templates are the same without.
process.env.CDK_CONTEXT_JSON ??= JSON.stringify({
  'aws:cdk:disable-creation-stack-traces': true,
  'aws:cdk:disable-stack-trace': true,
  'aws:cdk:disable-asset-staging': true,
});

// Nor does a test read the tree of an app, which says again what each resource is made of.
Object.assign(globalThis, {
  [Symbol.for('@aws-cdk/core.App#initHook')]: (app: { _treeMetadata: boolean }) => {
    app._treeMetadata = false;
  },
});

// Nor of use is where each token of CDK for Terraform was made, and each acknowledgement of a rule of the CDK: a trace each as well, which no
// setting switches off, and which took half of the time of the tests of Google and Azure. Errors keep their traces.
jest.mock('cdktf/lib/tokens/private/stack-trace', () => ({ captureStackTrace: () => [] }));
jest.mock('../node_modules/aws-cdk-lib/core/lib/private/stack-trace', () => ({
  ...jest.requireActual<object>('../node_modules/aws-cdk-lib/core/lib/private/stack-trace'),
  enhancedStackTrace: () => [],
}));

// Properties are tried with the same values in every run: a change fails for what it breaks, and not by chance. FC_SEED tries others.
jest.mock('fast-check', () => {
  const actual = jest.requireActual<typeof FastCheck>('fast-check');
  actual.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20_261_125) });
  return actual;
});
