// The CDK's own validator costs seconds per test app: the strict synth tests switch it on where they need it.
process.env.CDK_VALIDATION ??= 'false';

// Where in its source each resource was written is of no use to a test and costs a stack trace each, and a copy of each asset, of which
// one is a layer of 37 MB, goes with the app: templates are the same without.
process.env.CDK_CONTEXT_JSON ??= JSON.stringify({
  'aws:cdk:disable-creation-stack-traces': true,
  'aws:cdk:disable-stack-trace': true,
  'aws:cdk:disable-asset-staging': true,
});
