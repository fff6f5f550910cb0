import { matches, StatesError } from './errors';
import { evaluateAll, type Json } from './expressions';
import { runMap } from './maps';
import { type State, type StateGraph, validate } from './validation';

/** The services that a state machine calls. */
export interface Services {
  /** Runs a task: an action, for example `aws-sdk:s3:putObject`, and its arguments. */
  readonly call: (action: string, args: Json) => Json;
  /** Returns the items of an item reader. */
  readonly read: (action: string, args: Json) => Json[];
  /** Stores the output of a result writer. */
  readonly write: (action: string, args: Json, results: Json) => void;
}

/** Options of an execution. */
export interface ExecutionOptions {
  readonly name: string;
  readonly services: Services;
  readonly input?: Json;
  /** Start time in milliseconds since 1970. @default - now */
  readonly startTime?: number;
}

/** Result of an execution. */
export interface Outcome {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly output?: Json;
  readonly error?: string;
  readonly cause?: string;
  /** Names of the states, in order, without those of child executions. */
  readonly path: readonly string[];
}

/** Data that the states of one execution share. */
export interface Run {
  readonly services: Services;
  readonly context: Json;
  readonly path: string[];
}

/** Maximum bytes of the input or output of a state. @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const MAX_PAYLOAD_BYTES = 262_144;

/** Executes a state machine like Step Functions. Throws an error if the definition uses a feature that it does not support. */
export async function execute(definition: StateGraph & State, options: ExecutionOptions): Promise<Outcome> {
  validate(definition);
  const { name, services, input = {}, startTime = Date.now() } = options;
  const machine = 'arn:aws:states:us-east-1:111122223333:stateMachine:Machine';
  const context = {
    Execution: {
      Id: `arn:aws:states:us-east-1:111122223333:execution:Machine:${name}`,
      Name: name,
      StartTime: new Date(startTime).toISOString(),
      Input: input,
    },
    StateMachine: { Id: machine, Name: 'Machine' },
  };
  return runExecution(definition, { services, context, path: [] }, input);
}

/** Runs one execution or child execution. */
export async function runExecution(graph: StateGraph, run: Run, input: Json): Promise<Outcome> {
  try {
    return { status: 'SUCCEEDED', output: await runGraph(graph, run, input, new Map()), path: run.path };
  } catch (error) {
    if (!(error instanceof StatesError)) throw error;
    return { status: 'FAILED', error: error.error, cause: error.cause, path: run.path };
  }
}

/** Variables of one scope. An inner graph has its own variables, and can read those of the outer scopes. */
export type Variables = Map<string, unknown>;

/** Runs states until the last one. @returns its output */
export async function runGraph(
  graph: StateGraph,
  run: Run,
  input: Json,
  variables: Variables,
  outer: Variables = new Map(),
): Promise<Json> {
  let name = graph.StartAt;
  let data: Json = input;
  for (;;) {
    run.path.push(name);
    const step = await runState(graph.States[name]!, { run, input: data, variables, outer });
    data = limited(step.output);
    if (step.next === undefined) return data;
    name = step.next;
  }
}

/** Input and variables of a state. */
export interface StateContext {
  readonly run: Run;
  readonly input: Json;
  readonly variables: Variables;
  readonly outer: Variables;
}

interface Step {
  readonly output: Json;
  readonly next?: string;
}

async function runState(state: State, at: StateContext): Promise<Step> {
  switch (state.Type) {
    case 'Pass':
    case 'Wait':
      return finish(state, at, at.input);
    case 'Succeed':
      return { output: await outputOf(state, at, at.input) };
    case 'Fail': {
      const [error, cause] = await Promise.all([value(state.Error, at), value(state.Cause, at)]);
      throw new StatesError(error as string, cause as string);
    }
    case 'Choice':
      return choose(state, at);
    default:
      return attempt(state, at);
  }
}

async function choose(state: State, at: StateContext): Promise<Step> {
  for (const choice of state.Choices as State[]) {
    const met: unknown = await value(choice.Condition, at);
    if (typeof met !== 'boolean')
      throw new StatesError('States.QueryEvaluationError', `${String(choice.Condition)} is not a boolean`);
    if (met) return finish(choice, at, at.input);
  }
  if (state.Default === undefined) throw new StatesError('States.NoChoiceMatched');
  return finish({ ...state, Next: state.Default }, at, at.input);
}

/** Runs a task or a map, with its retriers and catchers. */
async function attempt(state: State, at: StateContext): Promise<Step> {
  const tries = new Map<State, number>();
  for (;;) {
    try {
      const result = state.Type === 'Map' ? await runMap(state, at) : await callTask(state, at);
      return await finish(state, at, result, result);
    } catch (error) {
      if (!(error instanceof StatesError)) throw error;
      const retrier = entries(state.Retry).find(({ ErrorEquals }) => matches(ErrorEquals as string[], error));
      const retries = (retrier && tries.get(retrier)) ?? 0;
      if (retrier && retries < ((retrier.MaxAttempts ?? 3) as number)) {
        tries.set(retrier, retries + 1);
        continue;
      }
      const catcher = entries(state.Catch).find(({ ErrorEquals }) => matches(ErrorEquals as string[], error));
      if (!catcher) throw error;
      const errorOutput = { Error: error.error, Cause: error.cause };
      return finish(catcher, at, errorOutput, undefined, errorOutput);
    }
  }
}

async function callTask(state: State, at: StateContext): Promise<Json> {
  const action = (state.Resource as string).replace(/^arn:aws:states:::/, '');
  const args = limited(await value(state.Arguments ?? {}, at));
  return limited(at.run.services.call(action, args));
}

/** Assigns variables and returns the next state. All assignments read the values before the assignments. */
async function finish(
  state: State,
  at: StateContext,
  otherwise: Json,
  result?: Json,
  errorOutput?: Json,
): Promise<Step> {
  const output: Json = await outputOf(state, at, otherwise, result, errorOutput);
  const assigned = (await value(state.Assign ?? {}, at, result, errorOutput)) as Record<string, unknown>;
  for (const [name, each] of Object.entries(assigned)) {
    if (at.outer.has(name)) throw new StatesError('States.Runtime', `${name} is a variable of an outer scope`);
    at.variables.set(name, limited(each));
  }
  return { output, next: state.Next as string | undefined };
}

function outputOf(state: State, at: StateContext, otherwise: Json, result?: Json, errorOutput?: Json): Promise<Json> {
  return state.Output === undefined ? Promise.resolve(otherwise) : value(state.Output, at, result, errorOutput);
}

/** Evaluates a field of a state. */
export function value(
  field: unknown,
  at: StateContext,
  result?: Json,
  errorOutput?: Json,
  context?: Json,
): Promise<Json> {
  const states = {
    input: at.input,
    context: context ?? at.run.context,
    ...(result !== undefined && { result }),
    ...(errorOutput !== undefined && { errorOutput }),
  };
  return evaluateAll(field, { ...Object.fromEntries(at.outer), ...Object.fromEntries(at.variables), states });
}

/** Returns the value, or throws an error if it exceeds the size limit of a state. */
export function limited<T>(data: T): T {
  const bytes = Buffer.byteLength(JSON.stringify(data ?? null));
  if (bytes <= MAX_PAYLOAD_BYTES) return data;
  throw new StatesError('States.DataLimitExceeded', `${bytes} bytes`);
}

function entries(list: unknown): State[] {
  return (list ?? []) as State[];
}
