import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import type { Capacity } from '../capacity/capacity';
import type { GoogleMachine } from '../machine/machine';
import type { TpuSlice } from '../machine/tpu-topology';
import { regionOf } from '../props/location';
import { ComputeResourcePolicy, type ContainerNodePoolConfig } from '../provider/google';

/** The topology of an NVL72 domain in a workload policy. */
const NVL72_TOPOLOGY = '1x72';

/** Properties of a placement. */
export interface PlacementProps {
  /** Machine type of the nodes. */
  readonly machine: GoogleMachine;
  /** How the nodes are bought. */
  readonly capacity: Capacity;
  /** Zone of the nodes. */
  readonly zone: string;
  /** TPU slice that the nodes form. @default - the nodes have GPUs */
  readonly slice?: TpuSlice;
  /** Whether nodes are placed close to each other if possible. @default true */
  readonly compactPlacement?: boolean;
}

/**
 * The placement of nodes. GPU nodes use compact placement if the machine and the capacity support it. NVL72 domains and TPU7x slices use a workload
 * policy. Other TPU slices use their topology.
 */
export class Placement extends Construct {
  /** Placement policy of the node pool. @default - none; Google Cloud places the nodes */
  public readonly config: ContainerNodePoolConfig['placementPolicy'];
  /** Workload policy. @default - none */
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
    // The API returns an empty type for a TPU7x slice. Any other value would replace the pool in every apply.
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
  compactPlacement: compact = true,
}: PlacementProps): ContainerNodePoolConfig['placementPolicy'] {
  if (slice) return slice.placement && { type: 'COMPACT', tpuTopology: slice.topology };
  return compact && supportsCompactPlacement(machine, capacity) ? { type: 'COMPACT' } : undefined;
}

/**
 * Whether nodes support compact placement. Reserved machines already have a place. Flex-start supports it only on RDMA machines, and never if it is
 * queued.
 */
export function supportsCompactPlacement(machine: GoogleMachine, { market, isQueued }: Capacity): boolean {
  if (machine.spec.placement !== 'compact' || market === 'reservation' || isQueued) return false;
  return market !== 'flex-start' || machine.spec.transport === 'RoCE';
}
