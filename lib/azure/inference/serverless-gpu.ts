import type { Machine } from '../../core/catalog/machines';
import { AZURE_MACHINES } from '../../core/catalog/azure-machines';
import type { ServiceOffers } from '../../core/cost-allocation';
import { brand } from '../../core/prop-schema';
import { AzureMachine } from '../machine/machine';
import { plannedMachine } from '../machine/planned-machine';

/** Name of a serverless GPU of Container Apps. */
export type ServerlessGpuName = 'A100' | 'T4';

interface GpuRow {
  /** Name of its workload profile in an environment of this library, at most 15 characters. */
  readonly profile: string;
  readonly type: string;
  readonly vcpus: number;
  readonly memoryGiB: number;
  /** Machine of the catalog with the same accelerator, cores and memory. */
  readonly machine: keyof typeof AZURE_MACHINES;
}

/**
 * Resources of a replica: one whole accelerator, with these cores and this memory.
 *
 * Source: azure-docs, container-apps/gpu-serverless-overview.md and workload-profiles-overview.md; the length of a profile's name:
 * Azure/azure-cli#31239. Read 2026-11-26.
 */
const GPUS = {
  A100: {
    profile: 'gpu-a100',
    type: 'Consumption-GPU-NC24-A100',
    vcpus: 24,
    memoryGiB: 220,
    machine: 'Standard_NC24ads_A100_v4',
  },
  T4: { profile: 'gpu-t4', type: 'Consumption-GPU-NC8as-T4', vcpus: 8, memoryGiB: 56, machine: 'Standard_NC8as_T4_v3' },
} as const satisfies Record<ServerlessGpuName, GpuRow>;

/** A serverless GPU of Container Apps, billed per second. A subscription needs quota for it. */
export class ServerlessGpu {
  /** One A100 with 80 GB, 24 cores and 220 GiB of memory. */
  static readonly A100 = new ServerlessGpu('A100');
  /** One T4 with 16 GB, 8 cores and 56 GiB of memory. It does not support BF16. */
  static readonly T4 = new ServerlessGpu('T4');

  private readonly row: GpuRow;

  private constructor(
    /** Name of the GPU. */
    public readonly name: ServerlessGpuName,
  ) {
    this.row = GPUS[name];
  }

  /** Name of its workload profile in an environment of this library. */
  get profile(): string {
    return this.row.profile;
  }

  /** Type of its workload profile in Azure. */
  get profileType(): string {
    return this.row.type;
  }

  /** Cores of a replica. */
  get vcpus(): number {
    return this.row.vcpus;
  }

  /** Memory of a replica, in GiB. */
  get memoryGiB(): number {
    return this.row.memoryGiB;
  }

  /** Memory of the GPU, in GB. */
  get acceleratorMemoryGB(): number {
    return AZURE_MACHINES[this.row.machine].acceleratorMemoryGB;
  }

  /** Whether the GPU supports BF16: Ampere and later. */
  get hasBf16(): boolean {
    return this.name !== 'T4';
  }

  /** @internal The machine for the planner. It has its own name, so that prices of virtual machines do not apply. */
  get planned(): Machine {
    const machine = plannedMachine(AzureMachine.fromName(this.row.machine));
    return { ...machine, name: this.row.type, rdma: false, scaleUpDomain: 1 };
  }
}

brand(ServerlessGpu, 'azure.ServerlessGpu');

/** Returns the GPUs that Container Apps sells. */
export function containerAppOffers(): ServiceOffers {
  return { machines: [ServerlessGpu.A100.planned, ServerlessGpu.T4.planned], markets: ['on-demand'] };
}
