import { StatesError } from '../../asl/errors';
import type { Json } from '../../asl/expressions';
import type { FakeS3 } from './fake-s3';

/** Result of one attempt at a shard. */
export type AttemptResult = 'done' | 'crash' | 'lost' | 'no-capacity' | 'no-marker';

/** Returns the result of an attempt, by shard, number of the attempt (from 1), and queue. */
export type Scenario = (shard: string, attempt: number, queue: string) => AttemptResult;

/** One attempt of a container. */
export interface Work {
  readonly shard: string;
  readonly attempt: number;
  readonly queue: string;
  readonly result: AttemptResult;
}

interface Options {
  readonly s3: FakeS3;
  readonly scenario: Scenario;
  /** Properties of the job definition, as deployed. */
  readonly definition: Json;
}

/** Seconds of a finished attempt, and of an attempt whose machine was reclaimed. */
export const ATTEMPT_SECONDS = { done: 3600, lost: 1800 } as const;
export const WAIT_SECONDS = 120;

const REASONS: Readonly<Record<AttemptResult, { statusReason: string; reason: string }>> = {
  done: { statusReason: 'Essential container in task exited', reason: '' },
  'no-marker': { statusReason: 'Essential container in task exited', reason: '' },
  crash: {
    statusReason: 'Essential container in task exited',
    reason: 'OutOfMemoryError: Container killed due to memory usage',
  },
  lost: { statusReason: 'Host EC2 (instance i-0123456789abcdef0) terminated.', reason: '' },
  'no-capacity': {
    statusReason: 'Canceled by JobStateTimeLimit action due to reason: CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY',
    reason: '',
  },
};

/** AWS Batch in memory: retries jobs like the job definition, and runs a container that follows the contract for shards. */
export class FakeBatch {
  readonly work: Work[] = [];
  private readonly jobs = new Map<string, Json>();
  private clock = 1_795_000_000_000;
  private list: { readonly text: string; readonly shards: readonly Record<string, string>[] } = {
    text: '',
    shards: [],
  };

  constructor(private readonly options: Options) {}

  /** `batch:submitJob.sync` */
  submit(args: Json): Json {
    const { ArrayProperties: array, JobQueue: queue, ContainerOverrides: overrides } = args as Submission;
    const size = array?.Size;
    if (size !== undefined && !(size >= 2 && size <= 10_000))
      throw new StatesError('Batch.ClientException', `array of ${size}`);
    const environment = Object.fromEntries(overrides.Environment.map(({ Name, Value }) => [Name, Value]));
    if (JSON.stringify(overrides).length > 8192)
      throw new StatesError('Batch.ClientException', 'overrides above 8192 bytes');
    const id = `job-${this.jobs.size}`;
    const children = Array.from({ length: size ?? 1 }, (_, index) => {
      const child = size === undefined ? id : `${id}:${index}`;
      return this.run(child, queue, {
        ...environment,
        ...(size !== undefined && { AWS_BATCH_JOB_ARRAY_INDEX: String(index) }),
      });
    });
    const failed = children.filter(({ Status }) => Status === 'FAILED');
    const parent =
      size === undefined
        ? children[0]
        : { JobId: id, JobName: args.JobName, Status: failed.length > 0 ? 'FAILED' : 'SUCCEEDED' };
    if (failed.length > 0) throw new StatesError('States.TaskFailed', JSON.stringify(parent));
    return parent;
  }

  /** `aws-sdk:batch:describeJobs` */
  describe({ Jobs: ids }: { Jobs: string[] }): Json {
    if (ids.length > 100) throw new StatesError('Batch.ClientException', 'more than 100 jobs');
    return { Jobs: ids.map((id) => this.jobs.get(id)) };
  }

  private run(id: string, queue: string, environment: Record<string, string>): Json {
    const created = this.clock;
    const attempts: Json[] = [];
    let result: AttemptResult;
    do {
      result = this.attempt(environment, attempts.length + 1, queue);
      if (result === 'no-capacity') break;
      const started = this.clock + WAIT_SECONDS * 1000;
      this.clock = started + (result === 'lost' ? ATTEMPT_SECONDS.lost : ATTEMPT_SECONDS.done) * 1000;
      attempts.push({ StartedAt: started, StoppedAt: this.clock, StatusReason: REASONS[result].statusReason });
    } while (this.isRetried(result, attempts.length));
    const ended = result === 'done' || result === 'no-marker';
    const job = {
      JobId: id,
      Status: ended ? 'SUCCEEDED' : 'FAILED',
      StatusReason: REASONS[result].statusReason,
      CreatedAt: created,
      ...(attempts.length > 0 && { StartedAt: (attempts.at(-1) as { StartedAt: number }).StartedAt }),
      Attempts: attempts,
      Container: REASONS[result].reason === '' ? {} : { Reason: REASONS[result].reason, ExitCode: 137 },
    };
    this.jobs.set(id, job);
    return job;
  }

  private isRetried(result: AttemptResult, attempts: number): boolean {
    const { Attempts: max, EvaluateOnExit: rules } = this.options.definition.RetryStrategy as RetryStrategy;
    if (result === 'done' || result === 'no-marker' || attempts >= max) return false;
    const { statusReason, reason } = REASONS[result];
    const rule = rules.find(
      ({ OnStatusReason, OnReason }) =>
        (OnStatusReason === undefined || matches(OnStatusReason, statusReason)) &&
        (OnReason === undefined || matches(OnReason, reason)),
    );
    return rule?.Action !== 'EXIT';
  }

  /** The container of a user: finds its shard, continues from its checkpoint, and writes the marker last. */
  private attempt(environment: Record<string, string>, attempt: number, queue: string): AttemptResult {
    const { s3, scenario } = this.options;
    const own = this.shardsIn(s3.read(environment.SHARDS_URI!))[Number(environment.AWS_BATCH_JOB_ARRAY_INDEX ?? '0')]!;
    if (environment.AWS_BATCH_JOB_ARRAY_INDEX === undefined) expect(environment).toMatchObject(own);
    const result = scenario(own.SHARD!, attempt, queue);
    this.work.push({ shard: own.SHARD!, attempt, queue, result });
    const input = s3.read(own.INPUT_URI!);
    if (result === 'lost') s3.write(`${own.CHECKPOINT_URI!}state.json`, JSON.stringify({ attempt }));
    if (result === 'done') {
      s3.write(own.OUTPUT_URI!, `answer to ${input}`);
      s3.write(own.MARKER_URI!, '{}');
    }
    return result;
  }

  /** The shards of a list. The jobs of an array read the same list, so the last list is cached. */
  private shardsIn(text: string): readonly Record<string, string>[] {
    if (text !== this.list.text)
      this.list = { text, shards: (JSON.parse(text) as { shards: Record<string, string>[] }).shards };
    return this.list.shards;
  }
}

interface Submission {
  readonly JobQueue: string;
  readonly ArrayProperties?: { readonly Size: number };
  readonly ContainerOverrides: { readonly Environment: { readonly Name: string; readonly Value: string }[] };
}

interface RetryStrategy {
  readonly Attempts: number;
  readonly EvaluateOnExit: { readonly OnStatusReason?: string; readonly OnReason?: string; readonly Action: string }[];
}

/** Matches like AWS Batch: exactly, or by prefix if the pattern ends with an asterisk. */
function matches(pattern: string, text: string): boolean {
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}
