import { CLOUD_RUN_GPUS, CLOUD_RUN_PRICES, type CloudRunGpuRow } from '../../core/catalog/cloud-run-gpus';
import type { Machine } from '../../core/catalog/machines';
import type { PriceOverride } from '../../core/catalog/price-override';
import { GoogleMachine } from '../machine/machine';
import { plannedMachine } from '../machine/planned-machine';

/** A GPU that Cloud Run attaches, one to each instance. */
export enum CloudRunGpu {
  /** 24 GB, with at least 4 cores and 16 GiB. */
  L4 = 'nvidia-l4',
  /** 96 GB, with at least 20 cores and 80 GiB. */
  RTX_PRO_6000 = 'nvidia-rtx-pro-6000',
}

/** What an instance has. */
export interface CloudRunSize {
  readonly gpu: CloudRunGpu;
  readonly vcpus: number;
  readonly memoryGiB: number;
  readonly zonalRedundancy: boolean;
  readonly region: string;
}

/** What is known of a GPU on Cloud Run. */
export function gpuRow(gpu: CloudRunGpu): CloudRunGpuRow {
  return CLOUD_RUN_GPUS[gpu];
}

/** Memory of the GPU, in GiB. */
export function gpuMemoryGiB(gpu: CloudRunGpu): number {
  const { spec, chip } = GoogleMachine.fromName(gpuRow(gpu).like);
  return Math.min(spec.acceleratorMemoryGB, chip.memoryGiB);
}

/** An instance in the words of the planner: a machine of one GPU, alone. Prices of your own name it so. */
export function plannedInstance({ gpu, vcpus, memoryGiB }: Pick<CloudRunSize, 'gpu' | 'vcpus' | 'memoryGiB'>): Machine {
  const { spec } = GoogleMachine.fromName(gpuRow(gpu).like);
  // What network an instance has is not published.
  const machine = plannedMachine({ name: instanceName(gpu), spec: { ...spec, networkGbps: undefined } });
  return { ...machine, vcpus, memoryGiB, localNvmeGB: 0 };
}

/** What plans and prices call an instance with a GPU, `cloud-run-nvidia-l4`. */
export function instanceName(gpu: CloudRunGpu): string {
  return `cloud-run-${gpu}`;
}

const SECONDS_PER_HOUR = 3600;

/** What an instance costs an hour, as far as it is known. */
export function instancePrices({ gpu, vcpus, memoryGiB, zonalRedundancy, region }: CloudRunSize): PriceOverride[] {
  const { usdPerVcpuSecond, usdPerGiBSecond, tierOne, date, text } = CLOUD_RUN_PRICES;
  const { usdPerSecond } = gpuRow(gpu);
  if (usdPerSecond === undefined || zonalRedundancy || !(tierOne as readonly string[]).includes(region)) return [];
  const perSecond = usdPerSecond + vcpus * usdPerVcpuSecond + memoryGiB * usdPerGiBSecond;
  const usdPerHour = Number((perSecond * SECONDS_PER_HOUR).toFixed(4));
  return [{ machine: instanceName(gpu), cloud: 'google', market: 'on-demand', usdPerHour, region, date, source: text }];
}
