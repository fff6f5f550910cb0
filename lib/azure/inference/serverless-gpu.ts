import type { Machine } from '../../core/catalog/machines';
import { AZURE_MACHINES } from '../../core/catalog/azure-machines';
import { branded, type Kind } from '../../core/shapes';
import { AzureMachine } from '../machine/machine';
import { plannedMachine } from '../machine/planned-machine';

interface GpuRow {
  /** The name that a workload profile of it has here: at most 15 characters. */
  readonly profile: string;
  readonly type: string;
  readonly vcpus: number;
  readonly memoryGiB: number;
  /** The machine of the table with the same accelerator, cores and memory. */
  readonly machine: keyof typeof AZURE_MACHINES;
}

/**
 * What a replica has: one accelerator, whole, with these cores and this memory.
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
} as const satisfies Record<string, GpuRow>;

/** An accelerator that Container Apps has serverless. */
export type ServerlessGpuName = keyof typeof GPUS;

/** An accelerator of Container Apps, paid by the second. A subscription has none before Azure granted a quota. */
export class ServerlessGpu {
  /** One A100 with 80 GB, 24 cores and 220 GiB. */
  static readonly A100 = new ServerlessGpu('A100');
  /** One T4 with 16 GB, 8 cores and 56 GiB. It has no arithmetic of BF16. */
  static readonly T4 = new ServerlessGpu('T4');

  private readonly row: GpuRow;

  private constructor(public readonly name: ServerlessGpuName) {
    this.row = GPUS[name];
  }

  /** The name that its workload profile has in an environment of this library. */
  get profile(): string {
    return this.row.profile;
  }

  /** The type of its workload profile, as Azure calls it. */
  get profileType(): string {
    return this.row.type;
  }

  get vcpus(): number {
    return this.row.vcpus;
  }

  get memoryGiB(): number {
    return this.row.memoryGiB;
  }

  /** Memory of the accelerator, in GB. */
  get acceleratorMemoryGB(): number {
    return AZURE_MACHINES[this.row.machine].acceleratorMemoryGB;
  }

  /** Whether it computes in BF16: from Ampere on. */
  get hasBf16(): boolean {
    return this.name !== 'T4';
  }

  /** @internal In the words of the planner, under its own name, so that no price of a virtual machine counts for it. */
  get planned(): Machine {
    const machine = plannedMachine(AzureMachine.fromName(this.row.machine));
    return { ...machine, name: this.row.type, rdma: false, scaleUpDomain: 1 };
  }
}

/** An accelerator, of whichever copy of the package. */
export const SERVERLESS_GPU: Kind = branded(
  ServerlessGpu,
  'AzureServerlessGpu',
  'a ServerlessGpu',
  'Use ServerlessGpu.A100 or ServerlessGpu.T4.',
);
