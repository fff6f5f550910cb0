import { Construct } from 'constructs';
import { judged } from '../../core/shapes';
import { Capacity } from '../capacity/capacity';
import { NewReservation } from '../capacity/new-reservation';
import type { GoogleMachine } from '../machine/machine';
import type { TpuSlice } from '../machine/tpu-topology';
import type { AcceleratorNetwork } from '../network/accelerator-networks';
import { checkZone } from '../props/location';
import { ContainerNodePool, type ContainerNodePoolConfig } from '../provider/google';
import { standingBefore } from '../../terraform/standing-before';
import { nodeConfig } from './node-config';
import { recordNodePoolFindings } from './node-pool-findings';
import type { AcceleratorNodePoolProps } from './node-pool-options';
import { checkedSize, NODE_POOL } from './node-pool-checks';
import type { PoolSize } from './pool-size';
import { NodeServiceAccount } from './node-service-account';
import { Placement } from './placement';

/** Accelerator nodes of one kind on GKE: one zone, one fabric or one TPU slice, every network interface wired. */
export class AcceleratorNodePool extends Construct {
  public readonly resource: ContainerNodePool;
  public readonly placement: Placement;
  public readonly name: string;
  /** What queues count the nodes as, and their label says. */
  public readonly group: string;
  public readonly machine: GoogleMachine;
  public readonly nodes: number;
  /** The slice that the nodes form. @default - they have GPUs */
  public readonly slice?: TpuSlice;
  public readonly capacity: Capacity;
  public readonly zone: string;
  /** Email of the account that the nodes run as. */
  public readonly serviceAccount: string;
  /** Networks of the further interfaces, in the order of the interfaces. */
  public readonly networks: readonly AcceleratorNetwork[];
  /** The reservation made with the nodes. @default - none was asked for */
  public readonly reservation?: NewReservation;

  constructor(scope: Construct, id: string, props: AcceleratorNodePoolProps) {
    super(scope, id);
    this.name = props?.name ?? id.toLowerCase();
    const { nodes, slice } = check(this, this.name, props);
    this.group = props.group ?? this.name;
    const { machine, capacity = Capacity.onDemand(), zone } = props;
    this.nodes = nodes;
    this.slice = slice;
    this.machine = machine;
    this.capacity = capacity;
    this.zone = zone;
    this.networks = props.networks?.networks ?? [];
    this.serviceAccount = props.serviceAccount ?? new NodeServiceAccount(this, 'ServiceAccount').email;
    if (capacity.createsReservation) {
      const { until, commitment } = capacity;
      this.reservation = new NewReservation(this, 'Reservation', { machine, nodes, zone, until, commitment });
    }
    this.placement = new Placement(this, 'Placement', { machine, capacity, zone, slice, compact: props.compact });
    this.resource = this.createPool(props);
    recordNodePoolFindings(this);
  }

  private createPool(props: AcceleratorNodePoolProps): ContainerNodePool {
    const { name, machine, capacity, serviceAccount } = this;
    const reservation = this.reservation?.resource.name ?? capacity.reservationPath;
    return new ContainerNodePool(this, 'Resource', {
      name,
      cluster: props.cluster.name,
      location: props.cluster.location,
      nodeLocations: [this.zone],
      ...this.size(props.leastNodes),
      // Flex-start nodes end by themselves: GKE keeps a strategy of its own for them, and would undo any other at each
      // apply. Source: terraform-google-modules/terraform-google-kubernetes-engine#2352.
      management: { autoRepair: capacity.market !== 'flex-start', autoUpgrade: true },
      upgradeSettings: capacity.market === 'flex-start' ? undefined : NO_SPARE_PLACE,
      queuedProvisioning: capacity.isQueued ? { enabled: true } : undefined,
      placementPolicy: this.placement.config,
      networkConfig: { enablePrivateNodes: true, additionalNodeNetworkConfigs: this.additionalNetworks() },
      nodeConfig: nodeConfig({ ...props, machine, capacity, name, serviceAccount, reservation }),
      // Large pools take longer than the provider's 30 minutes.
      dependsOn: props.after && standingBefore(this, props.after),
      timeouts: { create: '60m', update: '120m', delete: '60m' },
    });
  }

  /** A slice of several machines comes as a whole: GKE wants its size as the limit of its one zone. */
  private size(leastNodes: number | undefined): Partial<ContainerNodePoolConfig> {
    if (leastNodes === undefined && !this.capacity.isElastic) return { nodeCount: this.nodes };
    const least = leastNodes ?? 0;
    const isSlice = this.slice !== undefined && this.slice.nodes > 1;
    const limits = isSlice
      ? { minNodeCount: least, maxNodeCount: this.nodes }
      : { totalMinNodeCount: least, totalMaxNodeCount: this.nodes };
    const autoscaling = { ...limits, locationPolicy: 'ANY' };
    // Another first size would replace the pool: it stands only until the autoscaler, or a hand, moves it.
    return { initialNodeCount: least, autoscaling, lifecycle: { ignoreChanges: ['initial_node_count'] } };
  }

  private additionalNetworks(): NonNullable<ContainerNodePoolConfig['networkConfig']>['additionalNodeNetworkConfigs'] {
    if (this.networks.length === 0) return undefined;
    return this.networks.map(({ network, subnetworkName }) => ({ network: network.name, subnetwork: subnetworkName }));
  }
}

/** Reserved and placed machines have no spare place to start a successor in. */
const NO_SPARE_PLACE = { strategy: 'SURGE', maxSurge: 0, maxUnavailable: 1 };

function check(scope: Construct, name: string, props: AcceleratorNodePoolProps): PoolSize {
  return judged(scope, props, NODE_POOL, (problems) => {
    checkZone(problems, 'zone', props.zone);
    return checkedSize(problems, name, props);
  });
}
