import { type Duration } from 'aws-cdk-lib';
import { SAGEMAKER_HOSTING } from '../../core/catalog/sagemaker-hosting';
import type { Problems } from '../../core/errors';
import type { AwsMachine } from '../machine/machine';
import { isWithin } from '../props/bounds';
import type { ServedModel } from './served-model';

/** How long SageMaker waits for a model, in seconds. */
export interface ModelTimes {
  readonly download: number;
  readonly startup: number;
}

/** What a download reaches at most: nothing is measured, so it is what the planner assumes of a cold start. */
const MOST_MBPS = 1_000;
/** Share of the network that a download gets. Our choice. */
const NETWORK_SHARE = 0.5;
/** Reading weights from a disk into accelerators, some of it through one process. Our choice. */
const LOAD_MBPS = 500;
/** A timeout that is hit ends the deployment, and one that is long costs nothing. */
const RESERVE = 2;
const LEAST_SECONDS = 300;

/** Megabytes a second at which a machine downloads a model, as this library assumes it. */
export function downloadMBps({ spec: { networkGbps } }: AwsMachine): number {
  return Math.min(MOST_MBPS, NETWORK_SHARE * networkGbps * 125);
}

/** The timeouts of a model: as they were stated, or by its size. Adds a problem where SageMaker does not wait that long. */
export function modelTimes(problems: Problems, model: ServedModel, machine: AwsMachine): ModelTimes {
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
  problems: Problems,
  prop: 'downloadTimeout' | 'startupTimeout',
  given: Duration | undefined,
  need: { readonly seconds: number; readonly why: string },
): number {
  const { least, most } = SAGEMAKER_HOSTING.timeoutSeconds;
  const wrong = (allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'InferenceTimeout', prop, allowed, got, fix });
  if (given !== undefined) {
    const seconds = given.isUnresolved() ? Number.NaN : given.toSeconds({ integral: false });
    if (!isWithin(seconds, { least, most })) {
      const got = given.isUnresolved() ? 'a token' : given.toHumanString();
      wrong(`a whole number of seconds from ${least} to ${most}`, got, 'Take one of that range, or leave it out.');
    }
    return seconds;
  }
  const seconds = 60 * Math.ceil(Math.max(LEAST_SECONDS, RESERVE * need.seconds) / 60);
  // One that is no number is told with the artefact.
  if (!Number.isFinite(seconds) || seconds <= most) return seconds;
  if (need.seconds > most) {
    wrong(
      `within the ${most} s that SageMaker waits`,
      `${Math.ceil(need.seconds)} s`,
      `Take a smaller model, or a machine with more network: ${need.why}.`,
    );
  }
  return most;
}
