import { App, CfnOutput, Stack, Validations } from 'aws-cdk-lib';
import { limitStacks, StackLimits } from '../../lib/aws/stack-limits';
import { validated } from './support';

function appOf(limit: number): App {
  const app = new App();
  const stack = new Stack(app, 'Large');
  new CfnOutput(stack, 'Text', { value: 'x'.repeat(500) });
  Validations.of(app).addPlugins(new StackLimits(limit));
  return app;
}

test('a template over the limit fails the synthesis, with its size and a way out', () => {
  validated(() => {
    expect(() => appOf(400).synth()).toThrow(/must be at most 400 bytes, got \d+/);
  });
});

test('one below it passes', () => {
  validated(() => {
    expect(() => appOf(10_000).synth()).not.toThrow();
  });
});

test('the default limit is CloudFormation’s, and an app is checked once however many clusters it has', () => {
  validated(() => {
    const app = new App();
    const stack = new Stack(app, 'Large');
    new CfnOutput(stack, 'Text', { value: 'x'.repeat(1_000_000) });
    limitStacks(stack);
    limitStacks(stack);
    expect(() => app.synth()).toThrow(/must be at most 1000000 bytes/);
  });
});

test('a construct outside an app has no templates to check', () => {
  expect(() => limitStacks(new Stack())).not.toThrow();
});
