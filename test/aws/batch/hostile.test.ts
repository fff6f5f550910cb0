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
  BatchCompute.awsBatch({ vpc, machine: AwsMachine.G6E_48XLARGE, mostMachines: 2, image: DIGEST, ...options });

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
    shardsPerJob: 'optional',
    concurrency: 'optional',
    toleratedFailurePercent: 'optional',
    timeout: 'optional',
  },
};

// What a platform shares with its workflow is judged by the same rules: a few stand for all.
type OfPlatform = Pick<
  BatchInferencePlatformProps,
  'input' | 'schedule' | 'costAllocation' | 'monthlyBudgetUsd' | 'alertEmails' | 'dataClass' | 'compute'
>;

const platform: Subject<OfPlatform> = {
  make: (...given) => new BatchInferencePlatform(...given),
  props: (place) => ({
    compute: computeIn(place),
    costAllocation: { project: 'atlas', team: 'search', environment: 'prod', costCenter: 'R-17', owner: 'ml' },
    monthlyBudgetUsd: 1000,
  }),
  kinds: {
    input: 'optional',
    schedule: 'optional',
    costAllocation: 'required',
    monthlyBudgetUsd: 'required',
    alertEmails: 'optional',
    dataClass: 'optional',
    compute: 'required',
  },
};

const observability: Subject<BatchObservabilityProps> = {
  make: (...given) => new BatchObservability(...given),
  props: (place) => ({ inference: new BatchInference(place.stack, 'Watched', inferenceIn(place)) }),
  kinds: { inference: 'required', topic: 'optional', dailyUsd: 'optional', longestWait: 'optional' },
};

/** Options of a compute, within the workflow that judges what the factory lets through. */
function ofCompute<P extends object>(
  make: (options: P) => BatchCompute,
  props: (place: Place) => P,
  kinds: Subject<P>['kinds'],
): Subject<P> {
  return {
    make: (scope, id, options) => {
      const compute = make(options);
      const elsewhere = new Stack();
      const [input, results] = ['input', 'results'].map((name) => Bucket.fromBucketName(elsewhere, name, name)) as [
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
  ({ vpc }) => ({ vpc, machine: AwsMachine.G6E_48XLARGE, mostMachines: 2, image: DIGEST }),
  {
    vpc: 'optional',
    subnets: 'optional',
    machine: 'required',
    mostMachines: 'required',
    capacity: 'optional',
    spotPatience: 'optional',
    image: 'required',
    command: 'optional',
    environment: 'optional',
    gpusPerShard: 'optional',
    sharedMemoryGiB: 'optional',
    rootVolumeGiB: 'optional',
    volumeKey: 'optional',
    shardTimeout: 'optional',
    attempts: 'optional',
    prices: 'optional',
    pricesAsOf: 'optional',
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
    payloadMB: 'optional',
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

  test('takes the props that the others depart from', () => {
    expect(outcomeOf(subject, (given) => given)).toBe('accepted');
  });

  test.each([
    ['null', null],
    ['text', 'text'],
    ['a list', []],
  ])('refuses %s for its props', (_value, value) => {
    expect(outcomeOf(subject, () => value)).not.toBe('accepted');
  });

  test('goes without what is optional, and not without what is required', () => {
    for (const [prop, kind] of props) {
      const got = outcomeOf(subject, replace(prop, undefined));
      if (kind === 'required') expect([prop, namesOf(got, prop)]).not.toEqual([prop, []]);
      else expect([prop, got]).toEqual([prop, 'accepted']);
    }
  });

  test.each(props)('%s: what is not taken whole is refused by name', (prop) => {
    for (const [name, value] of HOSTILE) {
      const got = outcomeOf(subject, replace(prop, value));
      if (got !== 'accepted') expect([name, namesOf(got, prop)]).not.toEqual([name, []]);
    }
  });

  test('whatever stands for a prop, nothing but a coded error is thrown', () => {
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

/** The demands that name a prop. */
function namesOf(got: 'accepted' | string[], prop: string): string[] {
  return got === 'accepted' ? [] : got.filter((each) => each.includes(prop));
}
