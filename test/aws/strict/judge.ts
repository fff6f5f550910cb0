import { rmSync } from 'node:fs';
import { App, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { STRICT } from '../support';

/** Runs with the CDK's CloudFormation validator on, which the other tests switch off for speed. */
export function validated<T>(run: () => T): T {
  const before = process.env.CDK_VALIDATION;
  process.env.CDK_VALIDATION = 'true';
  try {
    return run();
  } finally {
    process.env.CDK_VALIDATION = before;
  }
}

/** A stack that the CDK's own template validator has passed, and that warns of nothing. */
export function strictSynth(build: (stack: Stack) => void, props?: StackProps): Template {
  const app = new App(STRICT);
  const stack = new Stack(app, 'Stack', props);
  build(stack);
  validated(() => app.synth());
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  return Template.fromStack(stack);
}

/** Has four policy packs judge an app when it is synthesized. */
export function addPacks(app: App): void {
  Validations.of(app).addPlugins(
    new AwsSolutionsChecks(app),
    new NIST80053R5Checks(app),
    new HIPAASecurityChecks(app),
    new PCIDSS321Checks(app),
  );
}

/** Neither the CloudFormation validator nor a policy pack finds anything in a stack, and it warns of nothing. */
export function expectNothingFound({ app, stack }: { readonly app: App; readonly stack: Stack }): void {
  addPacks(app);
  const { directory } = validated(() => app.synth());
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  rmSync(directory, { recursive: true });
}
