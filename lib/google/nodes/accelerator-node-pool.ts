import type { Taint } from '../../kubernetes';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { brand, validated } from '../../core/prop-schema';
import { Capacity, NewReservation } from '../capacity/capacity';
import { type GoogleMachine, recordMachineFindings } from '../machine/machine';
import type { TpuSlice } from '../machine/tpu-topology';
import type { AcceleratorNetwork } from '../network/accelerator-networks';
import { checkZone } from '../props/location';
import { ContainerNodePool, type ContainerNodePoolConfig } from '../provider/google';
import { existingDependencies } from '../../terraform/existing-dependencies';
import { nodeConfig, NodeServiceAccount } from './node-config';
import { type AcceleratorNodePoolProps, type PoolSize, Placement } from './node-pool-options';
import { checkedSize } from './node-pool-checks';
import { ServiceAgent } from '../operations/current-project';
import { ACCELERATOR_NODE_POOL_PROPS } from '../prop-schemas';
import { reservationEnds } from '../../core/machine-findings';
import { record } from '../../terraform/findings';
import { claimPoolName } from './pool-names';
import { checkProviders } from '../../terraform/provider-checks';

/**
 * A GKE node pool of accelerator nodes in one zone: one fabric or one TPU slice, with every network interface attached.
 *
 * @example
 * ```ts
 * import { AcceleratorNodePool, Capacity, ControlPlane, GoogleMachine } from 'ai-infra-constructs/google';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const cluster = new ControlPlane(stack, 'ControlPlane', { region: 'us-central1' });
 * new AcceleratorNodePool(stack, 'Nodes', {
 *   cluster,
 *   machine: GoogleMachine.G2_STANDARD_48,
 *   nodes: 4,
 *   zone: 'us-central1-b',
 *   capacity: Capacity.spot(),
 *   bootDiskKey: cluster.encryptionKey,
 * });
 * ```
 */
export class AcceleratorNodePool extends Construct {
  /** The node pool in Terraform. */
  public readonly resource: ContainerNodePool;
  /** Placement of the nodes. */
  public readonly placement: Placement;
  /** Name of the node pool. */
  public readonly name: string;
  /** Group that queues count the nodes in, and the value of the pool label. */
  public readonly group: string;
  /** Machine type of the nodes. */
  public readonly machine: GoogleMachine;
  /** Maximum number of nodes. */
  public readonly nodes: number;
  /** TPU slice that the nodes form. @default - the nodes have GPUs */
  public readonly slice?: TpuSlice;
  /** How the nodes are bought. */
  public readonly capacity: Capacity;
  /** Zone of the nodes. */
  public readonly zone: string;
  /** Email of the service account of the nodes. */
  public readonly serviceAccount: string;
  /** VPC networks of the additional network interfaces, in the order of the interfaces. */
  public readonly networks: readonly AcceleratorNetwork[];
  /** Additional taints. */
  public readonly extraTaints: readonly Taint[];
  /** The new reservation for the nodes. @default - none */
  public readonly reservation?: NewReservation;

  constructor(scope: Construct, id: string, props: AcceleratorNodePoolProps) {
    super(scope, id);
    checkProviders(this);
    this.name = props?.name ?? id.toLowerCase();
    const { nodes, slice } = check(this, this.name, props);
    claimPoolName(this, props.cluster, this.name);
    this.group = props.group ?? this.name;
    const { machine, capacity = Capacity.onDemand(), zone } = props;
    this.nodes = nodes;
    this.slice = slice;
    this.machine = machine;
    this.capacity = capacity;
    this.zone = zone;
    this.networks = props.networks?.networks ?? [];
    this.extraTaints = props.taints ?? [];
    this.serviceAccount = props.serviceAccount ?? new NodeServiceAccount(this, 'ServiceAccount').email;
    if (capacity.createsReservation) {
      const { until, commitment } = capacity;
      this.reservation = new NewReservation(this, 'Reservation', { machine, nodes, zone, until, commitment });
    }
    this.placement = new Placement(this, 'Placement', {
      machine,
      capacity,
      zone,
      slice,
      compactPlacement: props.compactPlacement,
    });
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
      maxPodsPerNode: props.maxPodsPerNode,
      ...this.size(props.minNodes),
      // Flex-start nodes end automatically. GKE uses its own upgrade strategy for them, and would revert any other after each
      // apply. Source: terraform-google-modules/terraform-google-kubernetes-engine#2352.
      management: { autoRepair: capacity.market !== 'flex-start', autoUpgrade: true },
      upgradeSettings: capacity.market === 'flex-start' ? undefined : WITHOUT_SURGE,
      queuedProvisioning: capacity.isQueued ? { enabled: true } : undefined,
      placementPolicy: this.placement.config,
      networkConfig: { enablePrivateNodes: true, additionalNodeNetworkConfigs: this.additionalNetworks() },
      nodeConfig: nodeConfig({ ...props, machine, capacity, name, serviceAccount, reservation }),
      dependsOn: dependenciesOf(this, props),
      // Large pools take longer than the default of 30 minutes.
      timeouts: { create: '60m', update: '120m', delete: '60m' },
    });
  }

  /** A slice of several nodes scales as a whole. GKE requires its size as a limit per zone. */
  private size(minNodes: number | undefined): Partial<ContainerNodePoolConfig> {
    if (minNodes === undefined && !this.capacity.isElastic) return { nodeCount: this.nodes };
    const min = minNodes ?? 0;
    const isSlice = this.slice !== undefined && this.slice.nodes > 1;
    const limits = isSlice
      ? { minNodeCount: min, maxNodeCount: this.nodes }
      : { totalMinNodeCount: min, totalMaxNodeCount: this.nodes };
    const autoscaling = { ...limits, locationPolicy: 'ANY' };
    // A change of the initial size would replace the pool, and the autoscaler changes the size anyway.
    return { initialNodeCount: min, autoscaling, lifecycle: { ignoreChanges: ['initial_node_count'] } };
  }

  private additionalNetworks(): NonNullable<ContainerNodePoolConfig['networkConfig']>['additionalNodeNetworkConfigs'] {
    if (this.networks.length === 0) return undefined;
    return this.networks.map(({ network, subnetworkName }) => ({ network: network.name, subnetwork: subnetworkName }));
  }
}

brand(AcceleratorNodePool, 'google.AcceleratorNodePool');

/** The permission to use the key of the boot disks, and the resources that the caller names. */
function dependenciesOf(
  scope: Construct,
  { bootDiskKey, after = [] }: Pick<AcceleratorNodePoolProps, 'bootDiskKey' | 'after'>,
): ITerraformDependable[] | undefined {
  const all = new Set([...(bootDiskKey?.grantTo(ServiceAgent.COMPUTE, scope) ?? []), ...after]);
  return all.size > 0 ? existingDependencies(scope, [...all]) : undefined;
}

/** Reserved and placed machines have no spare capacity for a surge node. */
const WITHOUT_SURGE = { strategy: 'SURGE', maxSurge: 0, maxUnavailable: 1 };

function check(scope: Construct, name: string, props: AcceleratorNodePoolProps): PoolSize {
  return validated(scope, props, ACCELERATOR_NODE_POOL_PROPS, (problems) => {
    checkZone(problems, 'zone', props.zone);
    return checkedSize(problems, name, props);
  });
}

/** Records the findings of a pool of accelerator nodes. */
export function recordNodePoolFindings(pool: AcceleratorNodePool): void {
  recordMachineFindings(pool, pool.machine, pool.zone);
  recordAllowlist(pool);
  recordQueuedSlice(pool);
  recordEnd(pool);
}

/** In calendar mode, and for a new reservation with an end, the machines are no longer reserved after a date. */
function recordEnd(pool: AcceleratorNodePool): void {
  const { machine, capacity, nodes } = pool;
  const { until, createsReservation } = capacity;
  if (!until) return;
  const machines = `${nodes} ${machine.name}`;
  const found = createsReservation
    ? reservationEnds(machines, until)
    : {
        ...reservationEnds(
          machines,
          until,
          '. Google then deletes the machines',
          'Finish jobs, and remove the nodes, before that date.',
        ),
        evidence: 'until of Capacity.calendarReservation',
      };
  record(pool, found);
}

function recordAllowlist(pool: AcceleratorNodePool): void {
  const { machine, capacity } = pool;
  if (!machine.spec.allowlisted?.includes(capacity.market)) return;
  record(pool, {
    id: 'capacity/allowlist',
    level: 'warning',
    message: `Google offers ${machine.name} as ${capacity.market} only to projects on an allowlist.`,
    fix: 'Ask your account team, and acknowledge this finding after the project is on the allowlist.',
    evidence: 'https://cloud.google.com/kubernetes-engine/docs/concepts/tpu-ironwood',
  });
}

/** Of two tools from Google, one rejects this combination and the other uses it. */
function recordQueuedSlice(pool: AcceleratorNodePool): void {
  const { machine, capacity, slice } = pool;
  if (!machine.isTpu || !capacity.isQueued || slice === undefined) return;
  record(pool, {
    id: 'capacity/queued-slice',
    level: 'warning',
    message: `Sources disagree whether a node pool of ${machine.name} supports flex-start with queued provisioning.`,
    fix: 'Remove `queued`, because a slice scales as a whole anyway, or test it on one slice and acknowledge this finding.',
    evidence:
      'AI-Hypercomputer/xpk#900 rejects it; GoogleCloudPlatform/cluster-toolkit v1.95.0 has gke-tpu-v6e with both',
  });
}
