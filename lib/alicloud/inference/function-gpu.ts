import type { Prices } from '../../core/catalog/price-override';
import type { Machine } from '../../core/catalog/machines';
import type { AlicloudMachineName } from '../../core/catalog/alicloud-machines';
import type { ServiceOffers } from '../../core/cost-allocation';
import { AlicloudMachine } from '../machine/machine';
import { plannedMachine } from '../machine/planned-machine';

/**
 * A GPU of Function Compute, by its name in the API. An instance has one whole GPU. The Terraform provider up to 1.289 rejects the others, for example
 * `fc.gpu.ada.2` and `fc.gpu.hopper.1`.
 */
export enum FunctionGpu {
  /** Tesla series: one T4 with 16 GB. It does not support BF16. */
  TESLA_1 = 'fc.gpu.tesla.1',
  /** Ada series: one GPU with 48 GB. */
  ADA_1 = 'fc.gpu.ada.1',
}

/** A GPU of Function Compute, and the sizes of its instances. */
export interface FunctionGpuRow {
  /** The ECS machine with one GPU of this type, whose figures apply. */
  readonly like: AlicloudMachineName;
  /** Memory of the GPU in MB. */
  readonly memoryMB: number;
  /** Numbers of vCPUs that an instance can have. */
  readonly vcpus: readonly number[];
  /** Memory of an instance in GiB. The provider up to 1.289 accepts at most 32. */
  readonly memoryGiB: { readonly min: number; readonly max: number };
  /** Defaults of this library. */
  readonly defaults: { readonly vcpus: number; readonly memoryGiB: number };
}

/**
 * Sources, read 2026-11-28: alibabacloud.com, functioncompute, billing FAQ, configuration rules of GPU-accelerated instances; terraform-provider-alicloud,
 * resource_alicloud_fcv3_function.go. The page does not name the GPU of the Ada series: 48 GB and 119 TFLOPS are those of an L20.
 */
const GPUS = {
  'fc.gpu.tesla.1': {
    like: 'ecs.gn6i-c8g1.2xlarge',
    memoryMB: 16_384,
    vcpus: [1, 2, 4, 6, 8],
    memoryGiB: { min: 1, max: 32 },
    defaults: { vcpus: 8, memoryGiB: 32 },
  },
  'fc.gpu.ada.1': {
    like: 'ecs.gn8is.2xlarge',
    memoryMB: 49_152,
    vcpus: [4, 8, 16],
    memoryGiB: { min: 32, max: 32 },
    defaults: { vcpus: 8, memoryGiB: 32 },
  },
} as const satisfies Record<FunctionGpu, FunctionGpuRow>;

/** Returns the row of a GPU. */
export function gpuRow(gpu: FunctionGpu): FunctionGpuRow {
  return GPUS[gpu];
}

/** The size of an instance. */
export interface FunctionSize {
  readonly gpu: FunctionGpu;
  readonly vcpus: number;
  readonly memoryGiB: number;
}

/** Returns the memory of the GPU, in GiB, as far as models can use it. */
export function gpuMemoryGiB(gpu: FunctionGpu): number {
  return AlicloudMachine.fromName(gpuRow(gpu).like).chip.memoryGiB;
}

/** Returns an instance as the planner models it: a machine with one GPU. It has the name of the GPU, so that prices of ECS do not apply. */
export function plannedInstance({ gpu, vcpus, memoryGiB }: FunctionSize): Machine {
  const machine = plannedMachine(AlicloudMachine.fromName(gpuRow(gpu).like));
  return { ...machine, name: gpu, vcpus, memoryGiB, rdma: false, scaleUpDomain: 1 };
}

/** Returns the instances that Function Compute sells, each with the default size of its GPU, except the instance of the function. */
export function functionOffers(own: FunctionSize, prices: Prices | undefined): ServiceOffers {
  const sizes = Object.values(FunctionGpu).map((gpu) => (gpu === own.gpu ? own : { gpu, ...gpuRow(gpu).defaults }));
  return { machines: sizes.map(plannedInstance), markets: ['on-demand'], prices };
}
