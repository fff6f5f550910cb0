import { Stack } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import fc from 'fast-check';
import {
  AwsMachine,
  type AwsBatchOptions,
  BatchCompute,
  BatchInference,
  BatchInferencePlatform,
  type BatchInferencePlatformProps,
  type BatchInferenceProps,
  BatchObservability,
  type BatchObservabilityProps,
  type TransformOptions,
} from 'ai-infra-constructs/aws';
import { HOSTILE, outcome, type Place, replace, type Subject } from '../hostile';
import { DIGEST } from './world';

const computeIn = ({ vpc }: Place, options: Partial<AwsBatchOptions> = {}) =>
  BatchCompute.awsBatch({ vpc, machine: AwsMachine.G6E_48XLARGE, maxMachines: 2, image: DIGEST, ...options });

const inferenceIn = (place: Place, compute = computeIn(place)): BatchInferenceProps => ({
  input: new Bucket(place.stack, 'Input'),
  inputPrefix: 'requests/',
  results: new Bucket(place.stack, 'Results'),
  compute,
});

const batchInference: Subject<BatchInferenceProps> = {
  make: (...given) => new BatchInference(...given),
  props: inferenceIn,
  kinds: {
    input: 'required',
    inputPrefix: 'required',
    results: 'required',
    resultsPrefix: 'optional',
    compute: 'required',
    shardsPerTask: 'optional',
    concurrency: 'optional',
    toleratedFailurePercent: 'optional',
    timeout: 'optional',
    schedule: 'optional',
    work: 'optional',
  },
};

type PlatformProps = Pick<
  BatchInferencePlatformProps,
  'input' | 'costAllocation' | 'monthlyBudgetUsd' | 'alertEmails' | 'dataClass' | 'workflow'
>;

const platform: Subject<PlatformProps> = {
  make: (...given) => new BatchInferencePlatform(...given),
  props: (place) => ({
    workflow: { compute: computeIn(place) },
    costAllocation: { project: 'atlas', team: 'search', environment: 'prod', costCenter: 'R-17', owner: 'ml' },
    monthlyBudgetUsd: 1000,
  }),
  kinds: {
    input: 'optional',
    costAllocation: 'required',
    monthlyBudgetUsd: 'required',
    alertEmails: 'optional',
    dataClass: 'optional',
    workflow: 'required',
  },
};

const observability: Subject<BatchObservabilityProps> = {
  make: (...given) => new BatchObservability(...given),
  props: (place) => ({ batchInference: new BatchInference(place.stack, 'Watched', inferenceIn(place)) }),
  kinds: { batchInference: 'required', alertTopic: 'optional', dailyUsd: 'optional', maxWait: 'optional' },
};

/** Options of a compute. The workflow validates the values that the factory accepts. */
function ofCompute<P extends object>(
  make: (options: P) => BatchCompute,
  props: (place: Place) => P,
  kinds: Subject<P>['kinds'],
): Subject<P> {
  return {
    make: (scope, id, options) => {
      const compute = make(options);
      const other = new Stack();
      const [input, results] = ['input', 'results'].map((name) => Bucket.fromBucketName(other, name, name)) as [
        IBucket,
        IBucket,
      ];
      return new BatchInference(scope, id, { input, inputPrefix: 'requests/', results, compute });
    },
    props,
    kinds,
  };
}

const awsBatch = ofCompute<AwsBatchOptions>(
  (options) => BatchCompute.awsBatch(options),
  ({ vpc }) => ({ vpc, machine: AwsMachine.G6E_48XLARGE, maxMachines: 2, image: DIGEST }),
  {
    vpc: 'optional',
    subnets: 'optional',
    machine: 'required',
    maxMachines: 'required',
    capacity: 'optional',
    spotPatience: 'optional',
    image: 'required',
    command: 'optional',
    environment: 'optional',
    acceleratorsPerReplica: 'optional',
    sharedMemory: 'optional',
    bootDisk: 'optional',
    bootDiskKey: 'optional',
    taskTimeout: 'optional',
    attempts: 'optional',
    prices: 'optional',
  },
);

const transform = ofCompute<TransformOptions>(
  (options) => BatchCompute.transform(options),
  ({ stack }) => ({
    modelName: 'ranker',
    modelRole: Role.fromRoleArn(stack, 'ModelRole', 'arn:aws:iam::111122223333:role/model'),
    machine: AwsMachine.G5_12XLARGE,
  }),
  {
    modelName: 'required',
    modelRole: 'required',
    machine: 'required',
    instances: 'optional',
    splitBy: 'optional',
    contentType: 'optional',
    accept: 'optional',
    maxPayload: 'optional',
    concurrentRequests: 'optional',
    requestTimeout: 'optional',
    outputKey: 'optional',
    usdPerHour: 'optional',
  },
);

const subjectOf = <P extends object>(subject: Subject<P>) => subject as unknown as Subject<Record<string, unknown>>;

const SUBJECTS = Object.entries({
  BatchInference: subjectOf(batchInference),
  BatchInferencePlatform: subjectOf(platform),
  BatchObservability: subjectOf(observability),
  'BatchCompute.awsBatch': subjectOf(awsBatch),
  'BatchCompute.transform': subjectOf(transform),
});

describe.each(SUBJECTS)('%s', (_name, subject) => {
  const props = Object.entries(subject.kinds);

  test('accepts valid props', () => {
    expect(outcomeOf(subject, (given) => given)).toBe('accepted');
  });

  test.each([
    ['null', null],
    ['a string', 'text'],
    ['a list', []],
  ])('rejects %s as its props', (_value, value) => {
    expect(outcomeOf(subject, () => value)).not.toBe('accepted');
  });

  test('accepts undefined for optional props only', () => {
    for (const [prop, kind] of props) {
      const got = outcomeOf(subject, replace(prop, undefined));
      if (kind === 'required') expect([prop, namesOf(got, prop)]).not.toEqual([prop, []]);
      else expect([prop, got]).toEqual([prop, 'accepted']);
    }
  });

  test.each(props)('names %s in the error for each invalid value', (prop) => {
    for (const [name, value] of HOSTILE) {
      const got = outcomeOf(subject, replace(prop, value));
      if (got !== 'accepted') expect([name, namesOf(got, prop)]).not.toEqual([name, []]);
    }
  });

  test('throws only coded errors for any value', () => {
    const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true });
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(subject.kinds)), anything, (prop, value) => {
        const got = outcomeOf(subject, replace(prop, value));
        if (got !== 'accepted') expect(namesOf(got, prop)).not.toEqual([]);
      }),
      { numRuns: 15 },
    );
  });
});

function outcomeOf(subject: Subject<Record<string, unknown>>, change: (props: Record<string, unknown>) => unknown) {
  return outcome(subject, change);
}

/** The problems that name a prop. */
function namesOf(got: 'accepted' | string[], prop: string): string[] {
  return got === 'accepted' ? [] : got.filter((each) => each.includes(prop));
}
