import { StatesError } from '../../asl/errors';
import type { Json } from '../../asl/expressions';
import type { FakeS3 } from './fake-s3';

export const TRANSFORM_SECONDS = 7200;

/** SageMaker batch transform in memory. A job fails as a whole if one of its shards fails. */
export class FakeTransform {
  readonly shards: string[][] = [];
  readonly requests: Json[] = [];
  private readonly jobs = new Map<string, Json>();

  constructor(
    private readonly s3: FakeS3,
    private readonly fails: (shard: string) => boolean,
  ) {}

  /** `sagemaker:createTransformJob.sync` */
  create(args: Json): Json {
    const name = args.TransformJobName as string;
    if (!/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/.test(name))
      throw new Error(`${name} is not a valid name of a transform job`);
    if (args.ModelName === 'gone') throw new StatesError('SageMaker.SageMakerException', 'Could not find model');
    this.requests.push(args);
    const manifest = JSON.parse(this.s3.read(args.TransformInput.DataSource.S3DataSource.S3Uri as string)) as [
      { prefix: string },
      ...string[],
    ];
    const [{ prefix }, ...shards] = manifest;
    this.shards.push(shards);
    for (const shard of shards) this.s3.read(prefix + shard);
    const failed = shards.filter(this.fails);
    const job = {
      TransformJobName: name,
      CreationTime: '2026-11-25T10:00:00.000Z',
      TransformStartTime: '2026-11-25T10:05:00.000Z',
      TransformEndTime: '2026-11-25T12:05:00.000Z',
      ...(failed.length > 0 && { FailureReason: `ClientError: ${failed.join(', ')}` }),
    };
    this.jobs.set(name, job);
    if (failed.length > 0) throw new StatesError('States.TaskFailed', JSON.stringify(job));
    for (const shard of shards) this.s3.write(`${args.TransformOutput.S3OutputPath as string}${shard}.out`, 'answer');
    return job;
  }

  /** `aws-sdk:sagemaker:describeTransformJob` */
  describe({ TransformJobName: name }: { TransformJobName: string }): Json {
    const job = this.jobs.get(name);
    if (!job) throw new StatesError('SageMaker.SageMakerException', 'Could not find requested job');
    return job;
  }
}
