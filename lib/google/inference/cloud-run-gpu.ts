import { CLOUD_RUN_GPUS, CLOUD_RUN_PRICES, type CloudRunGpuRow } from '../../core/catalog/cloud-run-gpus';
import type { Machine } from '../../core/catalog/machines';
import type { PriceOverride } from '../../core/catalog/price-override';
import { GoogleMachine } from '../machine/machine';
import { plannedMachine } from '../machine/planned-machine';

/** A GPU of Cloud Run. Each instance has one. */
export enum CloudRunGpu {
  /** NVIDIA L4 with 24 GB. Needs at least 4 vCPUs and 16 GiB. */
  L4 = 'nvidia-l4',
  /** NVIDIA RTX PRO 6000 with 96 GB. Needs at least 20 vCPUs and 80 GiB. */
  RTX_PRO_6000 = 'nvidia-rtx-pro-6000',
}

/** The size of an instance. */
export interface CloudRunSize {
  readonly gpu: CloudRunGpu;
  readonly vcpus: number;
  readonly memoryGiB: number;
  readonly zonalRedundancy: boolean;
  readonly region: string;
}

/** Returns the catalog row of a GPU on Cloud Run. */
export function gpuRow(gpu: CloudRunGpu): CloudRunGpuRow {
  return CLOUD_RUN_GPUS[gpu];
}

/** Returns the memory of the GPU, in GiB. */
export function gpuMemoryGiB(gpu: CloudRunGpu): number {
  const { spec, chip } = GoogleMachine.fromName(gpuRow(gpu).like);
  return Math.min(spec.acceleratorMemoryGB, chip.memoryGiB);
}

/** Returns an instance as the planner models it: a machine with one GPU. */
export function plannedInstance({ gpu, vcpus, memoryGiB }: Pick<CloudRunSize, 'gpu' | 'vcpus' | 'memoryGiB'>): Machine {
  const { spec } = GoogleMachine.fromName(gpuRow(gpu).like);
  // The network bandwidth of an instance is not published.
  const machine = plannedMachine({ name: instanceName(gpu), spec: { ...spec, networkGbps: undefined } });
  return { ...machine, vcpus, memoryGiB, localNvmeGB: 0 };
}

/** Returns the machine name of an instance in plans and prices: `cloud-run-nvidia-l4`. */
export function instanceName(gpu: CloudRunGpu): string {
  return `cloud-run-${gpu}`;
}

const SECONDS_PER_HOUR = 3600;

/** Returns the hourly price of an instance, or nothing if it is unknown. */
export function instancePrices({ gpu, vcpus, memoryGiB, zonalRedundancy, region }: CloudRunSize): PriceOverride[] {
  const { usdPerVcpuSecond, usdPerGiBSecond, tierOne, date, text } = CLOUD_RUN_PRICES;
  const { usdPerSecond } = gpuRow(gpu);
  if (usdPerSecond === undefined || zonalRedundancy || !(tierOne as readonly string[]).includes(region)) return [];
  const perSecond = usdPerSecond + vcpus * usdPerVcpuSecond + memoryGiB * usdPerGiBSecond;
  const usdPerHour = Number((perSecond * SECONDS_PER_HOUR).toFixed(4));
  return [{ machine: instanceName(gpu), cloud: 'google', market: 'on-demand', usdPerHour, region, date, source: text }];
}
