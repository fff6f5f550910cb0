import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { record } from '../template/findings';
import type { BoundCompute, ComputeBackend, ComputeContext } from './batch-compute';
import { recordUnpriced } from './batch-findings';
import { ShardLocations } from './shard-locations';
import { checkTransform } from './transform-checks';
import { transformDefaults, type TransformOptions, TransformSplit } from './transform-options';
import { transformStates } from './transform-states';

/** Default number of concurrent jobs. The quotas of a new account are often low. */
const DEFAULT_CONCURRENCY = 4;

/** The backend for SageMaker batch transform. */
export function transformBackend(options: TransformOptions): ComputeBackend {
  return {
    machine: options.machine,
    concurrency: () => DEFAULT_CONCURRENCY,
    check: (problems, _scope, { shardsPerTask }) => checkTransform(problems.within('compute'), options, shardsPerTask),
    estimateInput: (_scope, { concurrency = DEFAULT_CONCURRENCY }) => ({
      machine: options.machine,
      accelerators: options.machine.spec.accelerators,
      replicas: concurrency * transformDefaults(options).instances,
      replicasPerMachine: 1,
      rates: [{ market: 'on-demand', usdPerHour: options.usdPerHour }],
    }),
    bind: (scope, context) => bind(scope, options, context),
  };
}

function bind(scope: Construct, options: TransformOptions, context: ComputeContext): BoundCompute {
  const { modelName, modelRole, machine, contentType, accept, usdPerHour } = options;
  const { instances, splitBy, maxPayload, concurrentRequests, requestTimeout } = transformDefaults(options);
  // Without a key SageMaker uses the key of S3, not the key of the bucket.
  const outputKey = options.outputKey ?? context.results.encryptionKey;
  options.outputKey?.grantEncryptDecrypt(modelRole);
  recordTransformFindings(scope, options, context);
  return {
    compute: {
      market: 'on-demand',
      states: transformStates({
        locations: new ShardLocations(context),
        instances,
        usdPerHour,
        request: {
          ModelName: modelName,
          MaxConcurrentTransforms: concurrentRequests,
          MaxPayloadInMB: maxPayload.toMebibytes(),
          BatchStrategy: splitBy === TransformSplit.NONE ? 'SingleRecord' : 'MultiRecord',
          ModelClientConfig: { InvocationsTimeoutInSeconds: requestTimeout.toSeconds() },
          TransformResources: { InstanceType: `ml.${machine.name}`, InstanceCount: instances },
        },
        input: { SplitType: splitBy, ...(contentType !== undefined && { ContentType: contentType }) },
        output: {
          AssembleWith: splitBy === TransformSplit.LINE ? 'Line' : 'None',
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
          ? { market: 'on-demand', reason: 'usdPerHour is not set' }
          : { market: 'on-demand', usdPerHour, source: 'usdPerHour' },
      ],
    },
    existingRole: modelRole,
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
        // Step Functions tags the jobs that it waits for.
        'sagemaker:AddTags',
      ],
      resources: [arn('sagemaker', 'transform-job', 'shards-*'), arn('sagemaker', 'model', modelName)],
    }),
    new PolicyStatement({
      sid: 'TransformEvents',
      actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
      resources: [arn('events', 'rule', 'StepFunctionsGetEventsForSageMakerTransformJobsRule')],
    }),
    // The workflow writes the markers, because a model does not.
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
  { shardsPerTask }: ComputeContext,
): void {
  if (usdPerHour === undefined)
    recordUnpriced(scope, 'on-demand', 'the catalog has no prices of transforms', 'usdPerHour');
  if (shardsPerTask === 1) return;
  record(scope, {
    id: 'batch/coarse-failures',
    level: 'info',
    message: `A failed transform marks none of its ${shardsPerTask} shards, so the next run processes all of them again.`,
    fix: 'Lower shardsPerTask if shards are expensive.',
    evidence: 'https://docs.aws.amazon.com/sagemaker/latest/dg/batch-transform.html',
  });
}
