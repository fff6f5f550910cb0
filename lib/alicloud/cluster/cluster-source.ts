import type { Construct } from 'constructs';
import type { ProblemCollector } from '../../core/errors';
import { assertProps, brand, required } from '../../core/prop-schema';
import { isUnknown } from '../../terraform/tokens';
import { type IMlNetwork, zonesOf } from '../network/network-attributes';
import { SystemNodePool } from '../nodes/system-node-pool';
import type { IEncryptionKey } from '../operations/encryption-key';
import { ACK_CLUSTER } from '../props/prop-types';
import { EXISTING_CLUSTER_OPTIONS, NEW_CLUSTER_OPTIONS } from '../prop-schemas';
import { checkNewCluster, ControlPlane, type NewClusterOptions } from './control-plane';
import { checkClusterNetwork, checkZoneIn, checkZones } from './zone-checks';

/** An ACK cluster: a new `ControlPlane` or an existing cluster. */
export interface IAckCluster {
  /** ID of the cluster. */
  readonly id: string;
  /** Network of the cluster. */
  readonly network: IMlNetwork;
  /** Kubernetes version. @default - unknown; versions are not validated */
  readonly kubernetesVersion?: string;
  /** ARN of the OIDC identity provider of the cluster. Jobs that access data need it. @default - unknown */
  readonly oidcProviderArn?: string;
  /** Issuer URL of the tokens of its pods. Jobs that access data need it. @default - unknown */
  readonly oidcIssuerUrl?: string;
}

/** Attributes of an existing ACK cluster. */
export interface ControlPlaneAttributes extends Omit<IAckCluster, 'id'> {
  /** ID of the cluster: `c` and 32 hexadecimal digits. */
  readonly clusterId: string;
}

/** Software that an existing cluster can run already. */
export type SharedChart =
  'jobset' | 'keda' | 'kube-prometheus-stack' | 'kubeflow-trainer' | 'kueue' | 'lws' | 'picker-kinds';

/** Options for an existing ACK cluster. */
export interface ExistingClusterOptions {
  /** Labels of the nodes that run controllers. These nodes must not have a taint. @default - the labels of a `SystemNodePool` */
  readonly systemLabels?: Readonly<Record<string, string>>;
  /** Charts that the cluster runs already, so that they are not installed again. @default - none */
  readonly existingCharts?: readonly SharedChart[];
}

/** The nodes and the network that a construct adds to its cluster. */
export interface ClusterUse {
  /** Zone of the nodes. */
  readonly zone: string;
  /** Network of the nodes. @default - the network of the cluster */
  readonly network?: IMlNetwork;
  /** Key of a new cluster without a key. @default - a new key */
  readonly encryptionKey?: IEncryptionKey;
}

/** The cluster of a construct. */
export interface ProvidedCluster {
  /** The new or existing cluster. */
  readonly cluster: IAckCluster;
  /** The new control plane. @default - the cluster existed already */
  readonly controlPlane?: ControlPlane;
  /** The new system nodes. @default - the cluster existed already */
  readonly systemNodes?: SystemNodePool;
}

/**
 * The ACK cluster that a construct runs on: a new one or an existing one.
 *
 * @example
 * ```ts
 * import { ClusterSource, UpgradeChannel } from 'ai-infra-constructs/alicloud';
 *
 * const cluster = ClusterSource.create({
 *   zones: ['cn-hangzhou-i', 'cn-hangzhou-j'],
 *   upgradeChannel: UpgradeChannel.STABLE,
 * });
 * ```
 */
export class ClusterSource {
  /** A new cluster with system nodes, in the network of the construct. */
  static create(options: NewClusterOptions = {}): ClusterSource {
    assertProps(options, NEW_CLUSTER_OPTIONS, { name: 'options' });
    return new ClusterSource(options);
  }

  /** An existing cluster with Terway, RRSA, and its own system nodes. */
  static fromCluster(cluster: IAckCluster, options: ExistingClusterOptions = {}): ClusterSource {
    assertProps({ cluster }, { cluster: required(ACK_CLUSTER) });
    assertProps(options, EXISTING_CLUSTER_OPTIONS, { name: 'options' });
    return new ClusterSource({}, cluster, options);
  }

  private constructor(
    /** @internal Options for the new cluster. Empty for an existing cluster. */
    readonly newCluster: NewClusterOptions,
    /** @internal The existing cluster. @default - the construct creates one */
    readonly existing?: IAckCluster,
    private readonly options: ExistingClusterOptions = {},
  ) {}

  /** Labels of the nodes that run controllers. @default - none are set: the labels of a `SystemNodePool` apply */
  get systemLabels(): Readonly<Record<string, string>> | undefined {
    return this.options.systemLabels;
  }

  /** Charts that the existing cluster runs already. @default - none */
  get existingCharts(): readonly SharedChart[] | undefined {
    return this.options.existingCharts;
  }

  /** @internal The network of the construct, or of the existing cluster. @default - a new network */
  networkFor(network: IMlNetwork | undefined): IMlNetwork | undefined {
    return network ?? this.existing?.network;
  }

  /** @internal Zones of a new network: that of the nodes first, because it has the NAT gateway. */
  zonesFor(zone: string): readonly string[] {
    return [...new Set([zone, ...(this.newCluster.zones ?? [])])];
  }

  /** @internal The cluster as far as it is known before it is created. */
  planned({ zone, network }: ClusterUse): IAckCluster {
    if (this.existing) return this.existing;
    const { kubernetesVersion } = this.newCluster;
    return { id: 'new', network: network ?? plannedNetwork(this.zonesFor(zone)), kubernetesVersion };
  }

  /** @internal Adds each problem of the cluster, with paths that start with `cluster.`, and of its network. */
  check(problems: ProblemCollector, { zone, network }: ClusterUse): void {
    const within = problems.within('cluster');
    const known = this.networkFor(network);
    if (known) checkZoneIn(problems, 'zone', zone, known);
    if (this.existing) {
      checkCluster(within, 'id', this.existing);
      checkOwnNetwork(problems, network, this.existing);
      return;
    }
    checkNewCluster(within, this.newCluster);
    checkClusterNetwork(problems, network);
    checkZones(within, network ? this.newCluster.zones : this.zonesFor(zone), network);
  }

  /** @internal The existing cluster, or a new control plane with system nodes, as children of `scope`. */
  provide(scope: Construct, { zone, network, encryptionKey: key }: ClusterUse): ProvidedCluster {
    if (this.existing) return { cluster: this.existing };
    const { systemNodes, encryptionKey = key, ...options } = this.newCluster;
    const zones = network ? options.zones : this.zonesFor(zone);
    const controlPlane = new ControlPlane(scope, 'ControlPlane', { ...options, encryptionKey, zones, network });
    const { encryptionKey: bootDiskKey } = controlPlane;
    const nodes = new SystemNodePool(scope, 'System', {
      ...systemNodes,
      zones,
      cluster: controlPlane,
      bootDiskKey,
    });
    return { cluster: controlPlane, controlPlane, systemNodes: nodes };
  }
}

brand(ClusterSource, 'alicloud.ClusterSource');

/** A network that does not exist yet, with a vSwitch of each kind in every zone. */
function plannedNetwork(zones: readonly string[]): IMlNetwork {
  const vswitches = zones.map((zone) => ({ zone, vswitchId: 'new' }));
  return { vpcId: 'new', region: 'new', securityGroupId: 'new', vswitches, podVswitches: vswitches };
}

/** Nodes of a cluster are in its VPC. */
function checkOwnNetwork(problems: ProblemCollector, network: IMlNetwork | undefined, cluster: IAckCluster): void {
  if (!network || network === cluster.network || isUnknown([network.vpcId, cluster.network.vpcId])) return;
  if (network.vpcId === cluster.network.vpcId) return;
  problems.add({
    code: 'ClusterOption',
    prop: 'network',
    allowed: `a network in ${cluster.network.vpcId}, the VPC of the cluster`,
    got: network.vpcId,
    fix: 'Leave out network to use the network of the cluster.',
  });
}

const CLUSTER_ID = /^c[0-9a-f]{32}$/;

/** Adds a problem if the ID of a cluster is malformed. */
export function checkCluster(problems: ProblemCollector, prop: string, { id }: Pick<IAckCluster, 'id'>): void {
  if (isUnknown(id) || CLUSTER_ID.test(id)) return;
  problems.add({
    code: 'ResourceIdInvalid',
    prop,
    allowed: 'the ID of a cluster: c and 32 hexadecimal digits',
    got: id,
    fix: 'Copy the ID from `aliyun cs DescribeClustersV1`, not the name.',
  });
}

const ADMIN = /^(role\/)?\d{10,20}$/;

/** Adds a problem for each administrator that is not the ID of a RAM user or role, or that is listed twice. */
export function checkAdmins(problems: ProblemCollector, admins: readonly string[] = []): void {
  admins.forEach((admin, index) => {
    const isUnique = admins.indexOf(admin) === index;
    if (ADMIN.test(admin) && isUnique) return;
    problems.add({
      code: 'AdminInvalid',
      prop: `admins[${index}]`,
      allowed: isUnique
        ? 'the ID of a RAM user, or role/<ID of a RAM role>'
        : 'an identity that is not in the list yet',
      got: isUnknown(admin) ? 'a token' : admin,
      fix: isUnique ? 'Copy the ID from `aliyun ram GetUser` or `aliyun ram GetRole`.' : 'Remove it.',
    });
  });
}

/** Adds a problem if pods access data with a RAM role, but the identity provider of the cluster is unknown. */
export function checkOidc(problems: ProblemCollector, cluster: IAckCluster | undefined): void {
  if (!cluster) return;
  for (const prop of ['oidcProviderArn', 'oidcIssuerUrl'] as const) {
    if (cluster[prop] !== undefined) continue;
    problems.add({
      code: 'ValueMissing',
      prop: `cluster.${prop}`,
      allowed: 'set, because pods access the bucket with a RAM role',
      got: undefined,
      fix: 'Copy it from the RRSA section of the basic information of the cluster in the console.',
    });
  }
}

/** Zones of the nodes of a cluster. */
export function zonesOfCluster({ network }: IAckCluster): readonly string[] {
  return zonesOf(network);
}

/** Whether two clusters are the same. Undefined if that is unknown, as with IDs that are set at deployment. */
export function isSameCluster(one: IAckCluster, other: IAckCluster): boolean | undefined {
  if (one === other) return true;
  if (!isUnknown([one.id, other.id])) return one.id === other.id;
  return 'resource' in one && 'resource' in other ? false : undefined;
}
