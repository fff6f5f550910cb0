import { StatesError } from './errors';
import type { Json } from './expressions';
import { limited, type Outcome, type StateContext, runExecution, runGraph, value } from './interpreter';
import type { State, StateGraph } from './validation';

/** Runs an inline or a distributed map, one item after the other. */
export async function runMap(state: State, at: StateContext): Promise<Json> {
  const processor = state.ItemProcessor as StateGraph & State;
  const { Mode: mode } = processor.ProcessorConfig as State;
  return mode === 'INLINE' ? runInline(state, processor, at) : runDistributed(state, processor, at);
}

async function runInline(state: State, processor: StateGraph, at: StateContext): Promise<Json> {
  const items = await itemsOf(state, at);
  const around = new Map([...at.outer, ...at.variables]);
  const results: Json[] = [];
  for (const [index, item] of items.entries()) {
    const input = limited(await selected(state, at, index, item));
    const run = { ...at.run, context: withItem(at, index, item) };
    results.push(await runGraph(processor, run, input, new Map(), around));
  }
  return limited(results);
}

/** Results of the items of a map run. */
interface Tally {
  readonly succeeded: Json[];
  failedItems: number;
}

async function runDistributed(state: State, processor: StateGraph, at: StateContext): Promise<Json> {
  const items = await itemsOf(state, at);
  const inputs: Json[] = [];
  for (const [index, item] of items.entries()) inputs.push(await selected(state, at, index, item));
  const batches = state.ItemBatcher
    ? await batched(inputs, state.ItemBatcher as State, at)
    : inputs.map((input) => ({ input, items: 1 }));
  const tally: Tally = { succeeded: [], failedItems: 0 };
  const writes = state.ResultWriter as State | undefined;
  const details = writes && (await value(writes.Arguments, at));
  const children: Outcome[] = [];
  for (const [index, batch] of batches.entries()) {
    const outcome = await runChild(processor, at, `${String(state.Label)}-${index}`, limited(batch.input));
    children.push(outcome);
    if (outcome.status === 'SUCCEEDED') tally.succeeded.push(outcome.output);
    else tally.failedItems += batch.items;
    if (!isTolerated(state, tally, items.length)) {
      if (writes) at.run.services.write(actionOf(writes), details, children);
      throw new StatesError(
        'States.ExceedToleratedFailureThreshold',
        `${tally.failedItems} of ${items.length} items failed`,
      );
    }
  }
  if (!writes) return limited(tally.succeeded);
  at.run.services.write(actionOf(writes), details, children);
  return { MapRunArn: 'arn:aws:states:us-east-1:111122223333:mapRun:Machine/Run:0', ResultWriterDetails: details };
}

function isTolerated(
  { ToleratedFailurePercentage: share, ToleratedFailureCount: count }: State,
  { failedItems }: Tally,
  total: number,
): boolean {
  if (failedItems === 0) return true;
  const withinCount = count === undefined || failedItems <= (count as number);
  const withinShare = share === undefined || (failedItems * 100) / total <= (share as number);
  return count === undefined && share === undefined ? false : withinCount && withinShare;
}

/** Runs a child execution. It cannot read the variables of its parent. */
async function runChild(processor: StateGraph, at: StateContext, name: string, input: Json): Promise<Outcome> {
  const parent = at.run.context as { Execution: { Id: string; Name: string } };
  const context = {
    ...parent,
    Execution: {
      ...parent.Execution,
      Id: `${parent.Execution.Id}/${name}`,
      Name: `${parent.Execution.Name}-${name}`,
      Input: input,
    },
  };
  return runExecution(processor, { services: at.run.services, context, path: [] }, input);
}

async function itemsOf(state: State, at: StateContext): Promise<Json[]> {
  const reader = state.ItemReader as State | undefined;
  if (reader) {
    const found = at.run.services.read(actionOf(reader), await value(reader.Arguments, at));
    // No source documents the behavior of Step Functions here, so a definition must avoid it.
    if (found.length === 0) throw new StatesError('States.ItemReaderFailed', 'the item reader found nothing');
    return found;
  }
  const items: unknown = state.Items === undefined ? at.input : await value(state.Items, at);
  if (!Array.isArray(items))
    throw new StatesError('States.QueryEvaluationError', `${String(state.Items)} is not an array`);
  return items;
}

function selected(state: State, at: StateContext, index: number, item: Json): Promise<Json> {
  if (state.ItemSelector === undefined) return Promise.resolve(item);
  return value(state.ItemSelector, at, undefined, undefined, withItem(at, index, item));
}

function withItem(at: StateContext, index: number, item: Json): Json {
  return { ...(at.run.context as object), Map: { Item: { Index: index, Value: item } } };
}

interface Batch {
  readonly input: { readonly Items: Json[]; readonly BatchInput?: Json };
  readonly items: number;
}

async function batched(inputs: readonly Json[], batcher: State, at: StateContext): Promise<Batch[]> {
  const { MaxItemsPerBatch: max = Infinity, MaxInputBytesPerBatch: bytes = Infinity } = batcher;
  const shared = batcher.BatchInput === undefined ? {} : { BatchInput: await value(batcher.BatchInput, at) };
  const around = bytesOf({ ...shared, Items: [] });
  const groups: Json[][] = [];
  let size = 0;
  for (const input of inputs) {
    const last = groups.at(-1);
    // Each item except the first one follows a comma.
    const added = bytesOf(input);
    if (last && last.length < (max as number) && size + 1 + added <= (bytes as number)) {
      last.push(input);
      size += 1 + added;
    } else {
      groups.push([input]);
      size = around + added;
    }
  }
  return groups.map((group) => ({ input: { ...shared, Items: group }, items: group.length }));
}

function bytesOf(data: unknown): number {
  return Buffer.byteLength(JSON.stringify(data));
}

function actionOf({ Resource: arn }: State): string {
  return (arn as string).replace(/^arn:aws:states:::/, '');
}
