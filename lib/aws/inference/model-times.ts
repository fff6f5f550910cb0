import { type Duration } from 'aws-cdk-lib';
import { SAGEMAKER_HOSTING } from '../../core/catalog/sagemaker-hosting';
import type { ProblemCollector } from '../../core/errors';
import type { AwsMachine } from '../machine/machine';
import { isWithin } from '../props/bounds';
import type { ServedModel } from './served-model';

/** Timeouts of a model, in seconds. */
export interface ModelTimes {
  readonly download: number;
  readonly startup: number;
}

/** Maximum download rate. Not measured: the planner assumes the same for a cold start. */
const MAX_MBPS = 1_000;
/** Share of the network bandwidth for a download. Our choice. */
const NETWORK_SHARE = 0.5;
/** Rate at which weights load from a disk into accelerators, partly through one process. Our choice. */
const LOAD_MBPS = 500;
/** Factor of safety: a timeout that is too short fails the deployment, a long one costs nothing. */
const SAFETY_FACTOR = 2;
const MIN_SECONDS = 300;

/** Download rate that this library assumes for a machine, in megabytes per second. */
export function downloadMBps({ spec: { networkGbps } }: AwsMachine): number {
  return Math.min(MAX_MBPS, NETWORK_SHARE * networkGbps * 125);
}

/** Timeouts of a model, from its options or its size. Adds a problem for a timeout that SageMaker does not support. */
export function modelTimes(problems: ProblemCollector, model: ServedModel, machine: AwsMachine): ModelTimes {
  const megabytes = 1_000 * model.artifact.sizeGB;
  const rate = downloadMBps(machine);
  const why = `a model of ${model.artifact.sizeGB} GB`;
  return {
    download: timeout(problems, 'downloadTimeout', model.downloadTimeout, {
      seconds: megabytes / rate,
      why: `${why} at ${Math.round(rate)} MB/s on ${machine.name}`,
    }),
    startup: timeout(problems, 'startupTimeout', model.startupTimeout, {
      seconds: model.container.startupSeconds + megabytes / LOAD_MBPS,
      why: `${model.container.row.title} with ${why}`,
    }),
  };
}

function timeout(
  problems: ProblemCollector,
  prop: 'downloadTimeout' | 'startupTimeout',
  given: Duration | undefined,
  need: { readonly seconds: number; readonly why: string },
): number {
  const { min, max } = SAGEMAKER_HOSTING.timeoutSeconds;
  const wrong = (allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'InferenceTimeout', prop, allowed, got, fix });
  if (given !== undefined) {
    const seconds = given.isUnresolved() ? Number.NaN : given.toSeconds({ integral: false });
    if (!isWithin(seconds, { min, max })) {
      const got = given.isUnresolved() ? 'a token' : given.toHumanString();
      wrong(`a whole number of seconds from ${min} to ${max}`, got, 'Use a timeout in that range, or leave it out.');
    }
    return seconds;
  }
  const seconds = 60 * Math.ceil(Math.max(MIN_SECONDS, SAFETY_FACTOR * need.seconds) / 60);
  // The artifact reports a size that is not a number.
  if (!Number.isFinite(seconds) || seconds <= max) return seconds;
  if (need.seconds > max) {
    wrong(
      `at most ${max} s, the limit of SageMaker`,
      `${Math.ceil(need.seconds)} s`,
      `Use a smaller model, or a machine with more network bandwidth. This is ${need.why}.`,
    );
  }
  return max;
}
