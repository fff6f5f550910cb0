import { Aws } from 'aws-cdk-lib';

/** A state of the Amazon States Language, or a part of one. */
export type State = Readonly<Record<string, unknown>>;

/** States by name. */
export type States = Readonly<Record<string, State>>;

/** An expression of JSONata in place of a value. */
export function jsonata(expression: string): string {
  return `{% ${expression} %}`;
}

/** An object of JSONata: names to expressions. */
export function objectOf(fields: Readonly<Record<string, string>>): string {
  return `{${Object.entries(fields)
    .map(([name, expression]) => `'${name}': ${expression}`)
    .join(', ')}}`;
}

/** A call of a service through Step Functions, e.g. `aws-sdk:s3:putObject`. */
export function resource(action: string): string {
  return `arn:${Aws.PARTITION}:states:::${action}`;
}

/** Throttling and the like pass. Only for calls that may be made twice. */
export const RETRY = [
  {
    ErrorEquals: ['States.TaskFailed'],
    IntervalSeconds: 2,
    BackoffRate: 2,
    MaxAttempts: 6,
    MaxDelaySeconds: 60,
    JitterStrategy: 'FULL',
  },
];

/** A call that may be made twice. */
export function task(action: string, args: unknown, rest: State): State {
  return { Type: 'Task', Resource: resource(action), Arguments: args, Retry: RETRY, ...rest };
}

/** Does something for each item within the execution. Step Functions runs 40 of them at once, whatever is asked. */
export function forEach(items: string, states: States, rest: State): State {
  const [startAt] = Object.keys(states);
  return {
    Type: 'Map',
    Items: jsonata(items),
    MaxConcurrency: INLINE_CONCURRENCY,
    ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: startAt, States: states },
    ...rest,
  };
}

const INLINE_CONCURRENCY = 40;
