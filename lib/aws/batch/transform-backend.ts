import { ArnFormat, Stack, SizeRoundingBehavior, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { record } from '../template/findings';
import type { BoundCompute, ComputeBackend, ComputeContext } from './batch-compute';
import { recordUnpriced } from './batch-estimate';
import { ShardLocations } from './shard-job';
import { transformDefaults, type TransformOptions, TransformSplit } from './transform-options';
import { transformStates } from './transform-states';
import type { ServiceOffers } from '../../core/cost-allocation';
import { ProblemCollector } from '../../core/errors';
import { plannedHost } from '../inference/serving-host';
import { AwsMachine } from '../machine/machine';
import { isKnown } from '../props/tokens';
import { checkTime, checkWhole } from './machine-share';

/** Default number of concurrent jobs. The quotas of a new account are often low. */
const DEFAULT_CONCURRENCY = 4;

/** The backend for SageMaker batch transform. */
export function transformBackend(options: TransformOptions): ComputeBackend {
  return {
    machine: options.machine,
    offers: transformOffers,
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

// botocore 1.44.8, sagemaker 2017-07-24, TransformInstanceType: all sizes of these families except metal; read 2026-11-25.
const FAMILIES = ['g4dn', 'g5', 'g6', 'g6e', 'inf2', 'trn1'];

/** Maximum MiB of all concurrent requests to a machine. @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTransformJob.html */
const MAX_MIB = 100;
// Of `InvocationsTimeoutInSeconds`: botocore 1.44.8, sagemaker 2017-07-24; read 2026-11-25.
const MAX_REQUEST_SECONDS = 3600;
/** Machines of one job, a limit of this library. The API documents no limit, and the quota of the account is often lower. */
const MAX_INSTANCES = 100;

/** Adds a problem for each option that SageMaker rejects. */
export function checkTransform(problems: ProblemCollector, options: TransformOptions, shardsPerTask: number): void {
  checkTransformMachine(problems, options.machine);
  const { requestTimeout, instances, usdPerHour } = options;
  checkWhole(problems, instances, {
    prop: 'instances',
    min: 1,
    max: Math.min(MAX_INSTANCES, shardsPerTask),
    of: 'the shards of one job, because SageMaker assigns each shard to one machine',
    fix: 'Raise shardsPerTask, or leave it out and raise concurrency.',
  });
  checkTime(problems, requestTimeout, {
    prop: 'requestTimeout',
    min: 1,
    max: MAX_REQUEST_SECONDS,
    of: 'the limit of SageMaker for a response',
    fix: 'Use splitBy to split shards into smaller requests.',
  });
  checkPayload(problems, options);
  if (usdPerHour !== undefined && !(Number.isFinite(usdPerHour) && usdPerHour > 0) && !Token.isUnresolved(usdPerHour)) {
    problems.add({
      code: 'PriceInvalid',
      prop: 'usdPerHour',
      allowed: 'a number above 0',
      got: usdPerHour,
      fix: 'Use the price from the SageMaker price list.',
    });
  }
}

function isTransformMachine(name: string): boolean {
  const [family = '', size] = name.split('.');
  return FAMILIES.includes(family) && size !== 'metal';
}

/** Returns the machines of SageMaker transforms. The catalog has no prices of them. */
function transformOffers(): ServiceOffers {
  const machines = AwsMachine.all
    .filter(({ name }) => isTransformMachine(name))
    .flatMap((machine) => plannedHost(new ProblemCollector(), machine) ?? []);
  return { machines, markets: ['on-demand'] };
}

function checkTransformMachine(problems: ProblemCollector, { name }: AwsMachine): void {
  if (isTransformMachine(name)) return;
  problems.add({
    code: 'BatchMachine',
    prop: 'machine',
    allowed: `a machine of ${FAMILIES.join(', ')}, the accelerator families for SageMaker transforms`,
    got: name,
    fix: 'Use one of these families, or BatchCompute.awsBatch for this machine.',
  });
}

function checkPayload(problems: ProblemCollector, options: TransformOptions): void {
  const { maxPayload, concurrentRequests: count } = transformDefaults(options);
  const size = maxPayload.toMebibytes({ rounding: SizeRoundingBehavior.NONE });
  if (!isKnown(problems, 'maxPayload', size) || !isKnown(problems, 'concurrentRequests', count)) return;
  const whole = [size, count].every((value) => Number.isInteger(value) && value >= 1);
  if (whole && size * count <= MAX_MIB) return;
  problems.add({
    code: 'TransformPayload',
    prop: 'maxPayload and concurrentRequests',
    allowed: `whole numbers of at least 1, with a product of at most ${MAX_MIB} MiB`,
    got: `${size} MiB and ${count}`,
    fix: 'Lower one of them.',
  });
}
