import { CLOUD_RUN } from '../../core/catalog/cloud-run-gpus';
import { STARTUP } from '../../kubernetes/serving/startup';
import type { CloudRunInferenceProps } from './cloud-run-props';

type StartProps = Pick<CloudRunInferenceProps, 'model' | 'network'>;

/** Returns the assumed rate at which an instance reads weights, in GiB/s, within the limit of Direct VPC egress. */
export function readGiBPerSecond({ model, network }: StartProps): number {
  const max = network && model.bucket ? (CLOUD_RUN.directVpcGbps * 1e9) / 8 / 2 ** 30 : Number.POSITIVE_INFINITY;
  return Math.min(STARTUP.readGiBPerSecond, max);
}

/** Returns the allowed start time in seconds, a multiple of the probe period. */
export function startSeconds(props: StartProps): number {
  const seconds = props.model.sizeGiB / readGiBPerSecond(props) + STARTUP.initializationSeconds;
  const periods = Math.ceil(seconds / STARTUP.periodSeconds);
  return Math.min(periods * STARTUP.periodSeconds, CLOUD_RUN.startupSeconds);
}
