import { CLOUD_RUN } from '../../core/catalog/cloud-run-gpus';
import { STARTUP } from '../../kubernetes/serving/startup';
import type { CloudRunInferenceProps } from './cloud-run-props';

type StartProps = Pick<CloudRunInferenceProps, 'model' | 'network'>;

/** GiB of weights that a start reads in a second: as this library assumes it, and no more than a network of yours lets through. */
export function readGiBPerSecond({ model, network }: StartProps): number {
  const most = network && model.bucket ? (CLOUD_RUN.directVpcGbps * 1e9) / 8 / 2 ** 30 : Number.POSITIVE_INFINITY;
  return Math.min(STARTUP.readGiBPerSecond, most);
}

/** Seconds that a server may take from its start to its first answer, in whole periods of its probe. */
export function startSeconds(props: StartProps): number {
  const seconds = props.model.sizeGiB / readGiBPerSecond(props) + STARTUP.settleSeconds;
  const periods = Math.ceil(seconds / STARTUP.periodSeconds);
  return Math.min(periods * STARTUP.periodSeconds, CLOUD_RUN.startupSeconds);
}
