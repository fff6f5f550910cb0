import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { STRICT, validated } from './support';

/** A part of a template: untyped, as the CDK gives it. */
export type Json = ReturnType<Template['toJSON']>;

/** A stack that the CDK's own template validator has passed, and that warns of nothing. */
export function strictSynth(build: (stack: Stack) => void, props?: StackProps): Template {
  const app = new App(STRICT);
  const stack = new Stack(app, 'Stack', props);
  build(stack);
  validated(() => app.synth());
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  return Template.fromStack(stack);
}
