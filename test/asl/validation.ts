import { isExpression, parsed } from './expressions';

/** A state, or a part of one. */
export type State = Readonly<Record<string, unknown>>;

/** States, and the first state. */
export interface StateGraph {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

const COMMON = ['Type', 'Comment'];
const MOVES = ['Next', 'End'];
const DATA = ['Output', 'Assign'];

/** Fields that the interpreter supports, by type of state. It rejects all other fields, including valid ones. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Pass: [...COMMON, ...MOVES, ...DATA],
  Task: [...COMMON, ...MOVES, ...DATA, 'Resource', 'Arguments', 'Retry', 'Catch'],
  Choice: [...COMMON, ...DATA, 'Choices', 'Default'],
  Wait: [...COMMON, ...MOVES, ...DATA, 'Seconds'],
  Succeed: [...COMMON, 'Output'],
  Fail: [...COMMON, 'Error', 'Cause'],
  Map: [
    ...[...COMMON, ...MOVES, ...DATA, 'Retry', 'Catch', 'Items', 'ItemReader', 'ItemSelector', 'ItemBatcher'],
    ...[
      'ItemProcessor',
      'MaxConcurrency',
      'ToleratedFailurePercentage',
      'ToleratedFailureCount',
      'Label',
      'ResultWriter',
    ],
  ],
};

const DISTRIBUTED_ONLY = [
  'ItemReader',
  'ItemBatcher',
  'ToleratedFailurePercentage',
  'ToleratedFailureCount',
  'Label',
  'ResultWriter',
];

const MACHINE = ['Comment', 'QueryLanguage', 'TimeoutSeconds', 'StartAt', 'States'];
const RETRIER = ['ErrorEquals', 'IntervalSeconds', 'MaxAttempts', 'BackoffRate', 'MaxDelaySeconds', 'JitterStrategy'];
const CATCHER = ['ErrorEquals', 'Next', 'Assign', 'Output'];
const READER = ['Resource', 'Arguments'];
const BATCHER = ['MaxItemsPerBatch', 'MaxInputBytesPerBatch', 'BatchInput'];

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const LONGEST_NAME = 80;
const LONGEST_LABEL = 40;
const MAX_BYTES = 1_048_576;
const MAX_CONCURRENCY = 10_000;
const LONGEST_RUN_SECONDS = 99_999_999;

/** Throws an error if Step Functions would reject a definition, or if the interpreter does not support it. */
export function validate(definition: StateGraph & State): void {
  check(definition.QueryLanguage === 'JSONata', 'QueryLanguage must be JSONata');
  onlyKnown('the machine', definition, MACHINE);
  check(JSON.stringify(definition).length < MAX_BYTES, 'the definition must be below 1 MB');
  const seconds = definition.TimeoutSeconds;
  check(seconds === undefined || isWhole(seconds, 1, LONGEST_RUN_SECONDS), `TimeoutSeconds is ${String(seconds)}`);
  const names = new Set<string>();
  validateGraph(definition, names);
}

function validateGraph({ StartAt: start, States: states }: StateGraph, names: Set<string>): void {
  const targets = new Set([start]);
  for (const [name, state] of Object.entries(states)) {
    check(name.length > 0 && name.length <= LONGEST_NAME, `the name ${name} is longer than ${LONGEST_NAME}`);
    check(!names.has(name), `two states are named ${name}`);
    names.add(name);
    validateState(name, state, names);
    for (const target of targetsOf(state)) {
      check(Object.hasOwn(states, target), `${name} goes to ${target}, which does not exist`);
      targets.add(target);
    }
  }
  for (const name of Object.keys(states)) check(targets.has(name), `nothing goes to ${name}`);
}

function validateState(name: string, state: State, names: Set<string>): void {
  const fields = FIELDS[String(state.Type)];
  if (!fields) throw new Error(`${name}: the type ${String(state.Type)} is not supported`);
  onlyKnown(name, state, fields);
  if (fields.includes('Next')) check((state.Next === undefined) !== (state.End === undefined), `${name}: Next or End`);
  for (const retrier of listOf(state.Retry)) validateErrors(`${name}.Retry`, retrier, RETRIER);
  for (const catcher of listOf(state.Catch)) validateErrors(`${name}.Catch`, catcher, CATCHER);
  for (const choice of listOf(state.Choices))
    onlyKnown(`${name}.Choices`, choice, ['Condition', 'Next', 'Assign', 'Output']);
  const { ItemProcessor: processor, ...rest } = state;
  validateExpressions(name, rest);
  if (state.Type === 'Map') validateMap(name, state, processor as StateGraph & State, names);
}

function validateMap(name: string, state: State, processor: StateGraph & State, names: Set<string>): void {
  onlyKnown(`${name}.ItemProcessor`, processor, ['ProcessorConfig', 'StartAt', 'States']);
  const { Mode: mode, ExecutionType: type } = processor.ProcessorConfig as State;
  check(
    mode === 'INLINE' || (mode === 'DISTRIBUTED' && type === 'STANDARD'),
    `${name}: mode ${String(mode)} ${String(type)}`,
  );
  const used = DISTRIBUTED_ONLY.filter((field) => field in state);
  check(mode === 'DISTRIBUTED' || used.length === 0, `${name}: an inline map has no ${used.join(', ')}`);
  check(!('Items' in state && 'ItemReader' in state), `${name}: Items or ItemReader`);
  if (state.MaxConcurrency !== undefined) {
    check(
      isWhole(state.MaxConcurrency, 0, MAX_CONCURRENCY),
      `${name}: MaxConcurrency ${JSON.stringify(state.MaxConcurrency)}`,
    );
  }
  const label = (state.Label ?? '') as string;
  check(label.length <= LONGEST_LABEL && /^[\w-]*$/.test(label), `${name}: Label ${label}`);
  for (const [part, known] of [
    ['ItemReader', READER],
    ['ResultWriter', READER],
    ['ItemBatcher', BATCHER],
  ] as const) {
    if (state[part]) onlyKnown(`${name}.${part}`, state[part] as State, known);
  }
  validateGraph(processor, names);
}

function validateErrors(where: string, entry: State, known: readonly string[]): void {
  onlyKnown(where, entry, known);
  const errors = entry.ErrorEquals as string[];
  check(Array.isArray(errors) && errors.length > 0, `${where}: ErrorEquals is empty`);
  check(!errors.includes('States.ALL') || errors.length === 1, `${where}: States.ALL must be the only error`);
}

function validateExpressions(name: string, value: unknown): void {
  if (typeof value === 'string' && isExpression(value)) {
    try {
      parsed(value);
    } catch (error) {
      throw new Error(`${name}: ${value}: ${(error as Error).message}`, { cause: error });
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [field, each] of Object.entries(value)) {
      check(!field.endsWith('.$'), `${name}: ${field} is JSONPath`);
      validateExpressions(name, each);
    }
  }
}

function targetsOf(state: State): string[] {
  const entries = [state, ...listOf(state.Catch), ...listOf(state.Choices)];
  return [...entries.map(({ Next }) => Next), state.Default].filter((next): next is string => next !== undefined);
}

function listOf(value: unknown): State[] {
  return (value ?? []) as State[];
}

function onlyKnown(where: string, value: State, known: readonly string[]): void {
  const unknown = Object.keys(value).filter((field) => !known.includes(field));
  check(unknown.length === 0, `${where}: ${unknown.join(', ')} is not supported`);
}

function isWhole(value: unknown, min: number, max: number): boolean {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}

function check(fine: boolean, message: string): void {
  if (!fine) throw new Error(message);
}
