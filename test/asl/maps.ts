import { StatesError } from './errors';
import type { Json } from './expressions';
import { limited, type Outcome, type Place, runExecution, runGraph, value } from './interpreter';
import type { State, StateGraph } from './validation';

/** Runs a map: within the execution, or as executions of its own. Items are done one after the other. */
export async function runMap(state: State, place: Place): Promise<Json> {
  const processor = state.ItemProcessor as StateGraph & State;
  const { Mode: mode } = processor.ProcessorConfig as State;
  return mode === 'INLINE' ? runInline(state, processor, place) : runDistributed(state, processor, place);
}

async function runInline(state: State, processor: StateGraph, place: Place): Promise<Json> {
  const items = await itemsOf(state, place);
  const around = new Map([...place.outer, ...place.variables]);
  const results: Json[] = [];
  for (const [index, item] of items.entries()) {
    const input = limited(await selected(state, place, index, item));
    const run = { ...place.run, context: withItem(place, index, item) };
    results.push(await runGraph(processor, run, input, new Map(), around));
  }
  return limited(results);
}

/** What became of the items of a map run. */
interface Tally {
  readonly succeeded: Json[];
  failedItems: number;
}

async function runDistributed(state: State, processor: StateGraph, place: Place): Promise<Json> {
  const items = await itemsOf(state, place);
  const inputs: Json[] = [];
  for (const [index, item] of items.entries()) inputs.push(await selected(state, place, index, item));
  const batches = state.ItemBatcher
    ? await batched(inputs, state.ItemBatcher as State, place)
    : inputs.map((input) => ({ input, items: 1 }));
  const tally: Tally = { succeeded: [], failedItems: 0 };
  const writes = state.ResultWriter as State | undefined;
  const details = writes && (await value(writes.Arguments, place));
  const children: Outcome[] = [];
  for (const [index, batch] of batches.entries()) {
    const outcome = await runChild(processor, place, `${String(state.Label)}-${index}`, limited(batch.input));
    children.push(outcome);
    if (outcome.status === 'SUCCEEDED') tally.succeeded.push(outcome.output);
    else tally.failedItems += batch.items;
    if (!isTolerated(state, tally, items.length)) {
      if (writes) place.run.services.write(actionOf(writes), details, children);
      throw new StatesError(
        'States.ExceedToleratedFailureThreshold',
        `${tally.failedItems} of ${items.length} items failed`,
      );
    }
  }
  if (!writes) return limited(tally.succeeded);
  place.run.services.write(actionOf(writes), details, children);
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

/** A child sees no variables of its parent, and is an execution with a name of its own. */
async function runChild(processor: StateGraph, place: Place, name: string, input: Json): Promise<Outcome> {
  const parent = place.run.context as { Execution: { Id: string; Name: string } };
  const context = {
    ...parent,
    Execution: {
      ...parent.Execution,
      Id: `${parent.Execution.Id}/${name}`,
      Name: `${parent.Execution.Name}-${name}`,
      Input: input,
    },
  };
  return runExecution(processor, { services: place.run.services, context, path: [] }, input);
}

async function itemsOf(state: State, place: Place): Promise<Json[]> {
  const reader = state.ItemReader as State | undefined;
  if (reader) {
    const found = place.run.services.read(actionOf(reader), await value(reader.Arguments, place));
    // What Step Functions does here was not read in a source: a definition must not come to it.
    if (found.length === 0) throw new StatesError('States.ItemReaderFailed', 'the item reader found nothing');
    return found;
  }
  const items: unknown = state.Items === undefined ? place.input : await value(state.Items, place);
  if (!Array.isArray(items)) throw new StatesError('States.QueryEvaluationError', `${String(state.Items)} is no array`);
  return items;
}

function selected(state: State, place: Place, index: number, item: Json): Promise<Json> {
  if (state.ItemSelector === undefined) return Promise.resolve(item);
  return value(state.ItemSelector, place, undefined, undefined, withItem(place, index, item));
}

function withItem(place: Place, index: number, item: Json): Json {
  return { ...(place.run.context as object), Map: { Item: { Index: index, Value: item } } };
}

interface Batch {
  readonly input: { readonly Items: Json[]; readonly BatchInput?: Json };
  readonly items: number;
}

async function batched(inputs: readonly Json[], batcher: State, place: Place): Promise<Batch[]> {
  const { MaxItemsPerBatch: most = Infinity, MaxInputBytesPerBatch: bytes = Infinity } = batcher;
  const shared = batcher.BatchInput === undefined ? {} : { BatchInput: await value(batcher.BatchInput, place) };
  const around = bytesOf({ ...shared, Items: [] });
  const groups: Json[][] = [];
  let size = 0;
  for (const input of inputs) {
    const last = groups.at(-1);
    // A comma stands before each item but the first.
    const added = bytesOf(input);
    if (last && last.length < (most as number) && size + 1 + added <= (bytes as number)) {
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
