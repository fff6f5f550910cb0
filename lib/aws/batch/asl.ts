import { Aws } from 'aws-cdk-lib';

/** A state of the Amazon States Language, or a part of one. */
export type State = Readonly<Record<string, unknown>>;

/** States by name. */
export type States = Readonly<Record<string, State>>;

/** A JSONata expression as a value. */
export function jsonata(expression: string): string {
  return `{% ${expression} %}`;
}

/** A JSONata object from names and expressions. */
export function objectOf(fields: Readonly<Record<string, string>>): string {
  return `{${Object.entries(fields)
    .map(([name, expression]) => `'${name}': ${expression}`)
    .join(', ')}}`;
}

/** The ARN of a service integration of Step Functions, for example `aws-sdk:s3:putObject`. */
export function resource(action: string): string {
  return `arn:${Aws.PARTITION}:states:::${action}`;
}

/** Retries for throttling and other temporary errors. Only for calls that can safely repeat. */
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

/** A call that can safely repeat. */
export function task(action: string, args: unknown, rest: State): State {
  return { Type: 'Task', Resource: resource(action), Arguments: args, Retry: RETRY, ...rest };
}

/** An inline map. Step Functions runs at most 40 of its items at once. */
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
