import { StatesError, isFor } from './errors';
import { evaluateAll, type Json } from './expressions';
import { runMap } from './maps';
import { type State, type StateGraph, validate } from './validation';

/** What a state machine calls. */
export interface Services {
  /** A task: the action, e.g. `aws-sdk:s3:putObject`, and its arguments. */
  readonly call: (action: string, args: Json) => Json;
  /** What an item reader finds. */
  readonly read: (action: string, args: Json) => Json[];
  /** What a result writer writes. */
  readonly write: (action: string, args: Json, results: Json) => void;
}

/** How an execution begins. */
export interface ExecutionOptions {
  readonly name: string;
  readonly services: Services;
  readonly input?: Json;
  /** In milliseconds since 1970. @default - now */
  readonly startTime?: number;
}

/** How an execution ended. */
export interface Outcome {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly output?: Json;
  readonly error?: string;
  readonly cause?: string;
  /** Names of the states that were entered, in order, those of child executions left out. */
  readonly path: readonly string[];
}

/** What the states of one execution share. */
export interface Run {
  readonly services: Services;
  readonly context: Json;
  readonly path: string[];
}

/** Most bytes of what goes into a state or comes out of it. @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const MOST_PAYLOAD_BYTES = 262_144;

/** Executes a state machine, as Step Functions would. It refuses a definition with anything that it does not know. */
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

/** One execution, be it a child. */
export async function runExecution(graph: StateGraph, run: Run, input: Json): Promise<Outcome> {
  try {
    return { status: 'SUCCEEDED', output: await runGraph(graph, run, input, new Map()), path: run.path };
  } catch (error) {
    if (!(error instanceof StatesError)) throw error;
    return { status: 'FAILED', error: error.error, cause: error.cause, path: run.path };
  }
}

/** Variables: those of an inner graph are its own, and it sees those around it. */
export type Variables = Map<string, unknown>;

/** Runs states until one ends. @returns its output */
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

/** Where a state stands. */
export interface Place {
  readonly run: Run;
  readonly input: Json;
  readonly variables: Variables;
  readonly outer: Variables;
}

interface Step {
  readonly output: Json;
  readonly next?: string;
}

async function runState(state: State, place: Place): Promise<Step> {
  switch (state.Type) {
    case 'Pass':
    case 'Wait':
      return finish(state, place, place.input);
    case 'Succeed':
      return { output: await outputOf(state, place, place.input) };
    case 'Fail': {
      const [error, cause] = await Promise.all([value(state.Error, place), value(state.Cause, place)]);
      throw new StatesError(error as string, cause as string);
    }
    case 'Choice':
      return choose(state, place);
    default:
      return attempt(state, place);
  }
}

async function choose(state: State, place: Place): Promise<Step> {
  for (const choice of state.Choices as State[]) {
    const met: unknown = await value(choice.Condition, place);
    if (typeof met !== 'boolean')
      throw new StatesError('States.QueryEvaluationError', `${String(choice.Condition)} is no boolean`);
    if (met) return finish(choice, place, place.input);
  }
  if (state.Default === undefined) throw new StatesError('States.NoChoiceMatched');
  return finish({ ...state, Next: state.Default }, place, place.input);
}

/** A task or a map: again where a retrier says so, on where a catcher does. */
async function attempt(state: State, place: Place): Promise<Step> {
  const tries = new Map<State, number>();
  for (;;) {
    try {
      const result = state.Type === 'Map' ? await runMap(state, place) : await callTask(state, place);
      return await finish(state, place, result, result);
    } catch (error) {
      if (!(error instanceof StatesError)) throw error;
      const retrier = entries(state.Retry).find(({ ErrorEquals }) => isFor(ErrorEquals as string[], error));
      const made = (retrier && tries.get(retrier)) ?? 0;
      if (retrier && made < ((retrier.MaxAttempts ?? 3) as number)) {
        tries.set(retrier, made + 1);
        continue;
      }
      const catcher = entries(state.Catch).find(({ ErrorEquals }) => isFor(ErrorEquals as string[], error));
      if (!catcher) throw error;
      const errorOutput = { Error: error.error, Cause: error.cause };
      return finish(catcher, place, errorOutput, undefined, errorOutput);
    }
  }
}

async function callTask(state: State, place: Place): Promise<Json> {
  const action = (state.Resource as string).replace(/^arn:aws:states:::/, '');
  const args = limited(await value(state.Arguments ?? {}, place));
  return limited(place.run.services.call(action, args));
}

/** Assigns, and moves on. All assignments see the variables as they were. */
async function finish(state: State, place: Place, otherwise: Json, result?: Json, errorOutput?: Json): Promise<Step> {
  const output: Json = await outputOf(state, place, otherwise, result, errorOutput);
  const assigned = (await value(state.Assign ?? {}, place, result, errorOutput)) as Record<string, unknown>;
  for (const [name, each] of Object.entries(assigned)) {
    if (place.outer.has(name)) throw new StatesError('States.Runtime', `${name} is a variable of an outer scope`);
    place.variables.set(name, limited(each));
  }
  return { output, next: state.Next as string | undefined };
}

function outputOf(state: State, place: Place, otherwise: Json, result?: Json, errorOutput?: Json): Promise<Json> {
  return state.Output === undefined ? Promise.resolve(otherwise) : value(state.Output, place, result, errorOutput);
}

/** What a field is worth at a place. */
export function value(field: unknown, place: Place, result?: Json, errorOutput?: Json, context?: Json): Promise<Json> {
  const states = {
    input: place.input,
    context: context ?? place.run.context,
    ...(result !== undefined && { result }),
    ...(errorOutput !== undefined && { errorOutput }),
  };
  return evaluateAll(field, { ...Object.fromEntries(place.outer), ...Object.fromEntries(place.variables), states });
}

/** The same value; throws where it is larger than a state takes. */
export function limited<T>(data: T): T {
  const bytes = Buffer.byteLength(JSON.stringify(data ?? null));
  if (bytes <= MOST_PAYLOAD_BYTES) return data;
  throw new StatesError('States.DataLimitExceeded', `${bytes} bytes`);
}

function entries(list: unknown): State[] {
  return (list ?? []) as State[];
}
