import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { record } from '../template/findings';
import type { BoundCompute, ComputeContext, ComputeWay } from './batch-compute';
import { recordUnpriced } from './batch-findings';
import { ShardPlaces } from './shard-places';
import { checkTransform } from './transform-checks';
import { transformDefaults, type TransformOptions } from './transform-options';
import { transformStates } from './transform-states';

/** Jobs at once, where nothing is said: the quota of a new account is often below that of machines. */
const USUAL_CONCURRENCY = 4;

/** SageMaker batch transform. */
export function transformWay(options: TransformOptions): ComputeWay {
  return {
    kind: 'transform',
    machine: options.machine,
    concurrency: () => USUAL_CONCURRENCY,
    check: (problems, _scope, { shardsPerJob }) => checkTransform(problems.within('compute'), options, shardsPerJob),
    bind: (scope, context) => bind(scope, options, context),
  };
}

function bind(scope: Construct, options: TransformOptions, context: ComputeContext): BoundCompute {
  const { modelName, modelRole, machine, contentType, accept, usdPerHour } = options;
  const { instances, splitBy, payloadMB, concurrentRequests, requestTimeout } = transformDefaults(options);
  // Where SageMaker is told no key, it takes that of S3 itself, and not that of the bucket.
  const outputKey = options.outputKey ?? context.results.encryptionKey;
  options.outputKey?.grantEncryptDecrypt(modelRole);
  recordTransformFindings(scope, options, context);
  return {
    compute: {
      market: 'on-demand',
      states: transformStates({
        places: new ShardPlaces(context),
        instances,
        usdPerHour,
        request: {
          ModelName: modelName,
          MaxConcurrentTransforms: concurrentRequests,
          MaxPayloadInMB: payloadMB,
          BatchStrategy: splitBy === 'None' ? 'SingleRecord' : 'MultiRecord',
          ModelClientConfig: { InvocationsTimeoutInSeconds: requestTimeout.toSeconds() },
          TransformResources: { InstanceType: `ml.${machine.name}`, InstanceCount: instances },
        },
        input: { SplitType: splitBy, ...(contentType !== undefined && { ContentType: contentType }) },
        output: {
          AssembleWith: splitBy === 'Line' ? 'Line' : 'None',
          ...(accept !== undefined && { Accept: accept }),
          ...(outputKey && { KmsKeyId: outputKey.keyArn }),
        },
      }),
    },
    statements: statementsFor(scope, modelName, context),
    about: {
      compute: 'transform',
      machine: machine.name,
      shardsPerMachine: 1,
      prices: [
        usdPerHour === undefined
          ? { market: 'on-demand', reason: 'no usdPerHour was given' }
          : { market: 'on-demand', usdPerHour, source: 'given' },
      ],
    },
    ground: (concurrency) => ({
      machine,
      accelerators: machine.spec.accelerators,
      replicas: concurrency * instances,
      replicasPerMachine: 1,
      rates: [{ market: 'on-demand', usdPerHour }],
    }),
    reader: modelRole,
  };
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/sagemaker-iam.html */
function statementsFor(
  scope: Construct,
  modelName: string,
  { results, resultsPrefix }: ComputeContext,
): PolicyStatement[] {
  const arn = (service: string, resource: string, resourceName: string) =>
    Stack.of(scope).formatArn({ service, resource, resourceName, arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
  return [
    new PolicyStatement({
      sid: 'TransformJobs',
      actions: [
        'sagemaker:CreateTransformJob',
        'sagemaker:DescribeTransformJob',
        'sagemaker:StopTransformJob',
        // A job that is waited for is tagged as one of Step Functions, and refused where that may not be.
        'sagemaker:AddTags',
      ],
      resources: [arn('sagemaker', 'transform-job', 'shards-*'), arn('sagemaker', 'model', modelName)],
    }),
    new PolicyStatement({
      sid: 'TransformEvents',
      actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
      resources: [arn('events', 'rule', 'StepFunctionsGetEventsForSageMakerTransformJobsRule')],
    }),
    // No model writes a marker: the workflow does, once the job is done.
    new PolicyStatement({
      sid: 'Markers',
      actions: ['s3:PutObject'],
      resources: [results.arnForObjects(`${resultsPrefix}done/*`)],
    }),
  ];
}

function recordTransformFindings(
  scope: Construct,
  { usdPerHour }: TransformOptions,
  { shardsPerJob }: ComputeContext,
): void {
  if (usdPerHour === undefined)
    recordUnpriced(scope, 'on-demand', 'the table has no prices of transforms', 'usdPerHour');
  if (shardsPerJob === 1) return;
  record(scope, {
    id: 'batch/coarse-failures',
    level: 'info',
    message: `A transform of ${shardsPerJob} shards that fails marks none of them: the next run does them all anew.`,
    fix: 'Lower shardsPerJob where shards are dear.',
    evidence: 'https://docs.aws.amazon.com/sagemaker/latest/dg/batch-transform.html',
  });
}
