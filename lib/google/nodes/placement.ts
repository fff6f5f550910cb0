import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import type { Capacity } from '../capacity/capacity';
import type { GoogleMachine } from '../machine/machine';
import type { TpuSlice } from '../machine/tpu-topology';
import { regionOf } from '../props/location';
import { ComputeResourcePolicy, type ContainerNodePoolConfig } from '../provider/google';

/** Machines of one NVL72 domain, in the words of a workload policy. */
const NVL72_TOPOLOGY = '1x72';

/** What a placement depends on. */
export interface PlacementProps {
  readonly machine: GoogleMachine;
  readonly capacity: Capacity;
  readonly zone: string;
  /** @default - GPUs */
  readonly slice?: TpuSlice;
  /** Whether machines stand near each other where they may. @default true */
  readonly compact?: boolean;
}

/**
 * How near each other the nodes stand: compact where the machine takes it and its capacity was not placed before, one NVL72 domain or a
 * slice of TPU7x by a workload policy, another TPU slice by its topology.
 */
export class Placement extends Construct {
  /** What the node pool says. @default - nothing: Google places the nodes as the capacity has them */
  public readonly config: ContainerNodePoolConfig['placementPolicy'];
  /** @default - none is needed */
  public readonly policy?: ComputeResourcePolicy;

  constructor(scope: Construct, id: string, props: PlacementProps) {
    super(scope, id);
    const topology = workloadTopology(props);
    if (topology === undefined) {
      this.config = simplePlacement(props);
      return;
    }
    this.policy = new ComputeResourcePolicy(this, 'Policy', {
      name: physicalName(this),
      region: regionOf(props.zone),
      workloadPolicy: { type: 'HIGH_THROUGHPUT', acceleratorTopology: topology },
    });
    // The API keeps no type for a slice of TPU7x, so that any other than the empty one would replace the pool at each apply.
    this.config = { type: props.slice ? '' : 'COMPACT', policyName: this.policy.name };
  }
}

function workloadTopology({ machine, slice }: PlacementProps): string | undefined {
  if (slice?.placement === 'workload') return slice.topology;
  return machine.spec.placement === '1x72' ? NVL72_TOPOLOGY : undefined;
}

function simplePlacement({
  machine,
  capacity,
  slice,
  compact = true,
}: PlacementProps): ContainerNodePoolConfig['placementPolicy'] {
  if (slice) return slice.placement && { type: 'COMPACT', tpuTopology: slice.topology };
  return compact && takesCompact(machine, capacity) ? { type: 'COMPACT' } : undefined;
}

/**
 * Whether nodes can be asked to stand near each other. Reserved machines stand where they were reserved. Flex-start is compact on RDMA machines
 * only, and queued never.
 */
export function takesCompact(machine: GoogleMachine, { market, isQueued }: Capacity): boolean {
  if (machine.spec.placement !== 'compact' || market === 'reservation' || isQueued) return false;
  return market !== 'flex-start' || machine.spec.transport === 'RoCE';
}
