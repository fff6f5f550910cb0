import { normalQuantile } from '../range';

/** What a replica does per second, step and prompt: from the roofline, corrected by published runs. */
export interface ReplicaSpeed {
  /** Output tokens per second of a saturated replica. */
  readonly tokensPerSecond: number;
  /** Seconds from one token of a sequence to the next, with this number of sequences and no prompts. */
  readonly stepSeconds: (sequences: number) => number;
  /** Seconds of the replica per prompt, and seconds from the start of a prompt to its first token. */
  readonly prefillSeconds: number;
  readonly promptSeconds: number;
  /** Maximum number of sequences. */
  readonly maxSequences: number;
  /** Whether separate accelerators process the prompts, so that prompts do not slow down the steps. @default false */
  readonly separatePrompts?: boolean;
}

/** The requests to one replica: at a rate, or a constant number at a time. */
export interface ReplicaLoad {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly requestsPerSecond?: number;
  readonly concurrency?: number;
}

/** The state of a replica under load. */
export interface LoadedReplica {
  /** Share of the saturated throughput that the load uses. */
  readonly utilization: number;
  /** Average number of requests in progress. */
  readonly sequences: number;
  /** Returns the seconds to the first token, and per token, that a share of requests does not exceed. */
  readonly latency: (share: number) => LoadedLatency;
}

/** Latency of a request. */
export interface LoadedLatency {
  readonly firstTokenSeconds: number;
  readonly perTokenSeconds: number;
}

/** Tokens of a prompt that a server processes in one step: the default of vLLM and TensorRT-LLM. */
const CHUNK_TOKENS = 8192;
/** Squared coefficient of variation of the length of prompts. 1: lengths are exponential, as in mixed traffic. */
const LENGTH_VARIATION = 1;

/**
 * Returns the state of a replica under load, or `undefined` if the load exceeds what it can do. Requests arrive at random (Poisson). Prompts
 * wait for each other like jobs of one server (M/G/1, Pollaczek and Khinchine). Sequences share the steps, so their number is about Poisson
 * (M/G/∞). A request without room for its KV cache waits for a free one of `maxSequences` places (M/M/c, Erlang).
 *
 * @see https://en.wikipedia.org/wiki/Pollaczek%E2%80%93Khinchine_formula and https://en.wikipedia.org/wiki/Erlang_(unit)#Erlang_C_formula
 */
export function loadedReplica(speed: ReplicaSpeed, load: ReplicaLoad): LoadedReplica | undefined {
  const { outputTokens } = load;
  const { maxSequences, prefillSeconds, stepSeconds } = speed;
  const sequences = load.concurrency ?? sequencesAt(speed, load.requestsPerSecond ?? 0, outputTokens);
  if (sequences === undefined || sequences > maxSequences) return undefined;
  const prompting = speed.separatePrompts ? speed.promptSeconds : sequences * prefillSeconds;
  const rate = load.requestsPerSecond ?? sequences / (outputTokens * stepSeconds(sequences) + prompting);
  const prompts = rate * prefillSeconds;
  if (prompts >= 1) return undefined;
  const utilization = (rate * outputTokens) / speed.tokensPerSecond;
  const state: State = { speed, load, rate, prompts, sequences };
  return { utilization, sequences, latency: (share) => latencyAt(state, share) };
}

interface State {
  readonly speed: ReplicaSpeed;
  readonly load: ReplicaLoad;
  readonly rate: number;
  /** Share of the time that prompts take. */
  readonly prompts: number;
  readonly sequences: number;
}

/** Steps of the search: enough for a thousandth of a sequence. */
const STEPS = 12;
const CLOSE = 1e-3;

/** Returns the average number of sequences at a rate (Little 1961). Prompts slow down the steps. `undefined`: the replica cannot keep up. */
function sequencesAt(speed: ReplicaSpeed, rate: number, outputTokens: number): number | undefined {
  if (rate === 0) return 0;
  if (rate * speed.prefillSeconds >= 1) return undefined;
  const free = freeOf(speed, rate * speed.prefillSeconds);
  const excess = (sequences: number) => (rate * outputTokens * speed.stepSeconds(sequences)) / free - sequences;
  let [low, high] = [0, speed.maxSequences];
  let [atLow, atHigh] = [excess(low), excess(high)];
  if (atHigh > 0) return undefined;
  // False position: a step is almost linear, so a few lines to 0 are enough.
  for (let step = 0; step < STEPS && atHigh < -CLOSE; step += 1) {
    const middle = low + (high - low) * (atLow / (atLow - atHigh));
    const atMiddle = excess(middle);
    if (atMiddle > CLOSE) [low, atLow, atHigh] = [middle, atMiddle, atHigh / 2];
    else [high, atHigh] = [middle, atMiddle];
  }
  return high;
}

/** Returns the share of the time that is free for steps. */
function freeOf({ separatePrompts = false }: ReplicaSpeed, prompts: number): number {
  return separatePrompts ? 1 : 1 - prompts;
}

function latencyAt(state: State, share: number): LoadedLatency {
  const { speed, load, prompts, sequences } = state;
  const { promptSeconds, stepSeconds, maxSequences } = speed;
  const most = Math.max(1, Math.min(maxSequences, sequences + deviations(share) * Math.sqrt(sequences)));
  const perTokenSeconds = stepSeconds(most) / freeOf(speed, prompts);
  const step = stepSeconds(Math.max(1, sequences));
  const chunks = Math.ceil(load.inputTokens / CHUNK_TOKENS);
  // A request starts at any time during a step. Its prompt is part of the next steps.
  const alone = share * step + promptSeconds + chunks * step;
  return {
    firstTokenSeconds: alone + promptWait(state, share) + placeWait(state, perTokenSeconds, share),
    perTokenSeconds,
  };
}

/** Returns the standard deviations above the average for a share. Half of the requests find at most the average number of others. */
function deviations(share: number): number {
  return Math.max(0, normalQuantile(share));
}

/** Returns how long a request waits for prompts before it. The tail of the wait is exponential. In a closed loop, only the other clients are ahead. */
function promptWait({ speed, load, prompts }: State, share: number): number {
  const average = (speed.prefillSeconds * (1 + LENGTH_VARIATION)) / 2 / (1 - prompts);
  const ahead = load.concurrency === undefined ? Infinity : Math.max(0, Math.ceil(load.concurrency) - 1);
  return Math.min(exponentialTail(prompts, average, share), ahead * speed.prefillSeconds);
}

const RARE_DEVIATIONS = 5;

/** Returns how long a request waits for room for its KV cache. A closed loop has never more requests than places. */
function placeWait({ speed, load, rate, sequences }: State, perTokenSeconds: number, share: number): number {
  if (load.concurrency !== undefined) return 0;
  const places = Math.max(1, Math.floor(speed.maxSequences));
  const service = load.outputTokens * perTokenSeconds;
  const free = places - sequences;
  if (free <= 0) return Infinity;
  // So far from full, almost no request waits.
  if (free > RARE_DEVIATIONS * Math.sqrt(sequences)) return 0;
  return rate === 0 ? 0 : exponentialTail(erlangC(places, sequences), service / free, share);
}

/** Returns the wait that a share of requests does not exceed, if a part of them waits and their wait is exponential. */
function exponentialTail(waiting: number, average: number, share: number): number {
  return waiting <= 1 - share ? 0 : average * Math.log(waiting / (1 - share));
}

/** Returns the share of requests that find all places taken, for an average number of busy places. */
function erlangC(places: number, busy: number): number {
  let blocked = 1;
  for (let place = 1; place <= places; place += 1) blocked = (busy * blocked) / (place + busy * blocked);
  return blocked / (1 - (busy / places) * (1 - blocked));
}
