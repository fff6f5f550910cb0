import { rmSync } from 'node:fs';
import { App, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { STRICT } from '../support';

/** Runs with the CloudFormation validator of the CDK, which the other tests switch off for speed. */
export function validated<T>(run: () => T): T {
  const before = process.env.CDK_VALIDATION;
  process.env.CDK_VALIDATION = 'true';
  try {
    return run();
  } finally {
    process.env.CDK_VALIDATION = before;
  }
}

/** Synthesizes a stack with the template validator of the CDK, and expects no warning. */
export function strictSynth(build: (stack: Stack) => void, props?: StackProps): Template {
  const app = new App(STRICT);
  const stack = new Stack(app, 'Stack', props);
  build(stack);
  validated(() => app.synth());
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  return Template.fromStack(stack);
}

/** Adds four policy packs to an app. */
export function addPacks(app: App): void {
  Validations.of(app).addPlugins(
    new AwsSolutionsChecks(app),
    new NIST80053R5Checks(app),
    new HIPAASecurityChecks(app),
    new PCIDSS321Checks(app),
  );
}

/** Expects no violation of the CloudFormation validator and the policy packs, and no warning. */
export function expectNoViolations({ app, stack }: { readonly app: App; readonly stack: Stack }): void {
  addPacks(app);
  const { directory } = validated(() => app.synth());
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  rmSync(directory, { recursive: true });
}
