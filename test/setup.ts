// The CDK's own validator costs seconds per test app: the strict synth tests switch it on where they need it.
process.env.CDK_VALIDATION ??= 'false';
