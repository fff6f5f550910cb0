import { Construct, type IConstruct } from 'constructs';
import { brand, validated } from '../../core/prop-schema';
import type { Taint } from '../../kubernetes';
import { POOL_LABEL } from '../../kubernetes/pool';
import { existingDependencies } from '../../terraform/existing-dependencies';
import { record } from '../../terraform/findings';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { Capacity, NewPrivatePool } from '../capacity/capacity';
import type { ControlPlane } from '../cluster/control-plane';
import { type AlicloudMachine, recordMachineFindings } from '../machine/machine';
import { vswitchIn } from '../network/network-attributes';
import { ACCELERATOR_NODE_POOL_PROPS } from '../prop-schemas';
import { CsKubernetesNodePool, type CsKubernetesNodePoolConfig, EcsDeploymentSet } from '../provider/alicloud';
import { poolTaints } from './accelerator-pool';
import { MEMLOCK_SCRIPT } from './fabric-pod';
import { DRIVER_LABEL, driverOf } from './gpu-driver';
import { SHARING_ADD_ON, SHARING_LABEL } from './gpu-sharing';
import { instanceConfig, NodeRole, poolConfig } from './node-config';
import { checkedNodes } from './node-pool-checks';
import { type AcceleratorNodePoolProps, OsHardening } from './node-pool-options';
import { kubeletConfig } from './node-settings';
import { claimPoolName } from './pool-names';

const BOOT_DISK_GIB = 500;

/**
 * An ACK node pool of accelerator nodes in one zone.
 *
 * @example
 * ```ts
 * import { AcceleratorNodePool, AlicloudMachine, Capacity, ControlPlane } from 'ai-infra-constructs/alicloud';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const cluster = new ControlPlane(stack, 'ControlPlane', { zones: ['cn-hangzhou-i', 'cn-hangzhou-j'] });
 * new AcceleratorNodePool(stack, 'Nodes', {
 *   cluster,
 *   machine: AlicloudMachine.ECS_GN8IS_8X_32XLARGE,
 *   nodes: 4,
 *   zone: 'cn-hangzhou-i',
 *   capacity: Capacity.spot({ fallback: Capacity.onDemand() }),
 *   bootDiskKey: cluster.encryptionKey,
 * });
 * ```
 */
export class AcceleratorNodePool extends Construct {
  /** The node pool in Terraform. */
  public readonly resource: CsKubernetesNodePool;
  /** Name of the node pool. */
  public readonly name: string;
  /** Group that queues count the nodes in, and the value of the pool label. */
  public readonly group: string;
  /** Machine type of the nodes. */
  public readonly machine: AlicloudMachine;
  /** Maximum number of nodes. */
  public readonly nodes: number;
  /** How the nodes are bought. */
  public readonly capacity: Capacity;
  /** Zone of the nodes. */
  public readonly zone: string;
  /** Version of the NVIDIA driver. @default - the image of Lingjun nodes has it */
  public readonly driver?: string;
  /** Additional taints. */
  public readonly extraTaints: readonly Taint[];
  /** Maximum number of pods on a node. @default - the limit of Terway */
  public readonly maxPodsPerNode?: number;
  /** The new capacity reservation or elasticity assurance. @default - none */
  public readonly privatePool?: NewPrivatePool;
  /** The new deployment set. @default - none */
  public readonly deploymentSet?: EcsDeploymentSet;

  constructor(scope: Construct, id: string, props: AcceleratorNodePoolProps) {
    super(scope, id);
    checkProviders(this);
    this.name = props?.name ?? id.toLowerCase();
    this.nodes = validated(this, props, ACCELERATOR_NODE_POOL_PROPS, (problems) =>
      checkedNodes(problems, this.name, props),
    );
    claimPoolName(this, props.cluster, this.name);
    const { machine, capacity = Capacity.onDemand(), zone } = props;
    this.group = props.group ?? this.name;
    this.machine = machine;
    this.capacity = capacity;
    this.zone = zone;
    this.driver = capacity.lingjunNodes ? undefined : driverOf(machine, props.driver);
    this.extraTaints = props.taints ?? [];
    this.maxPodsPerNode = props.maxPodsPerNode;
    if (capacity.buys)
      this.privatePool = new NewPrivatePool(this, 'PrivatePool', { machine, nodes: this.nodes, zone, capacity });
    if (props.compactPlacement === true) {
      this.deploymentSet = new EcsDeploymentSet(this, 'DeploymentSet', {
        strategy: 'LowLatency',
        deploymentSetName: physicalName(this),
        description: 'Nodes that are close to each other',
      });
    }
    this.resource = this.createPool(props);
    this.prepareCluster(props);
    recordNodePoolFindings(this, props);
  }

  /** Whether the autoscaler changes the number of nodes. */
  private isScaled({ minNodes }: AcceleratorNodePoolProps): boolean {
    const min = minNodes ?? (this.capacity.isElastic ? 0 : this.nodes);
    return min < this.nodes;
  }

  private createPool(props: AcceleratorNodePoolProps): CsKubernetesNodePool {
    const { cluster, after = [], group } = props;
    const { name, capacity } = this;
    const labels = {
      [POOL_LABEL]: group ?? name,
      ...(this.driver === undefined ? {} : { [DRIVER_LABEL]: this.driver }),
      ...(props.gpuSharing === undefined ? {} : { [SHARING_LABEL]: props.gpuSharing }),
      ...props.labels,
    };
    return new CsKubernetesNodePool(this, 'Resource', {
      ...poolConfig({ cluster, name, labels, taints: poolTaints(this) }),
      ...(capacity.lingjunNodes ? this.lingjun() : this.instances(props)),
      tags: this.isScaled(props) && this.machine.hasErdma ? { ...ERDMA_OF_NEW_NODES } : undefined,
      kubeletConfiguration: kubeletConfig(props),
      // A repair can restart a node in the middle of a run, so it only replaces failed system components.
      management: {
        enable: true,
        autoRepair: true,
        autoRepairPolicy: { restartNode: false },
        autoUpgrade: false,
        autoVulFix: false,
        maxUnavailable: 1,
      },
      dependsOn: after.length > 0 ? existingDependencies(this, after) : undefined,
      // Bare metal starts in 10 to 20 minutes.
      timeouts: { create: '90m', update: '120m', delete: '60m' },
    });
  }

  /** Nodes of a contract join the pool later. */
  private lingjun(): Partial<CsKubernetesNodePoolConfig> {
    const { clusterId, nodeGroupId } = this.capacity.lingjunNodes!;
    return { type: 'lingjun', efloNodeGroup: { clusterId, groupId: nodeGroupId } };
  }

  private instances(props: AcceleratorNodePoolProps): Partial<CsKubernetesNodePoolConfig> {
    const { cluster, bootDiskKey, bootDiskGiB = BOOT_DISK_GIB } = props;
    return {
      ...instanceConfig({ cluster }, { bootDiskGiB, bootDiskKey }),
      ...hardeningOf(props.hardening),
      ...this.size(props),
      ...this.market(),
      vswitchIds: [vswitchIn(cluster.network, this.zone)!.vswitchId],
      instanceTypes: [this.machine.name],
      instanceChargeType: 'PostPaid',
      ramRoleName: props.workerRole ?? new NodeRole(this, 'Role').roleName,
      deploymentSetId: this.deploymentSet?.id,
      privatePoolOptions: this.privatePoolOptions(),
      preUserData: this.machine.hasErdma ? Buffer.from(MEMLOCK_SCRIPT).toString('base64') : undefined,
    };
  }

  private size(props: AcceleratorNodePoolProps): Partial<CsKubernetesNodePoolConfig> {
    if (!this.isScaled(props)) return { desiredSize: `${this.nodes}` };
    const type = this.capacity.market === 'spot' ? 'spot' : props.gpuSharing === undefined ? 'gpu' : 'gpushare';
    return { scalingConfig: { enable: true, minSize: props.minNodes ?? 0, maxSize: this.nodes, type } };
  }

  private market(): Partial<CsKubernetesNodePoolConfig> {
    const { market, fallback, maxPricePerHour: price } = this.capacity;
    // The provider keeps the value of the state for what is left out, so a pool that was spot would stay spot.
    if (market !== 'spot') return { multiAzPolicy: 'PRIORITY', spotStrategy: 'NoSpot' };
    return {
      multiAzPolicy: 'COST_OPTIMIZED',
      spotStrategy: price === undefined ? 'SpotAsPriceGo' : 'SpotWithPriceLimit',
      spotPriceLimit: price === undefined ? undefined : [{ instanceType: this.machine.name, priceLimit: `${price}` }],
      spotInstancePools: 1,
      spotInstanceRemedy: true,
      compensateWithOnDemand: fallback !== undefined,
      onDemandBaseCapacity: '0',
      onDemandPercentageAboveBaseCapacity: '0',
    };
  }

  private privatePoolOptions(): CsKubernetesNodePoolConfig['privatePoolOptions'] {
    const privatePoolOptionsId = this.privatePool?.resource.id ?? this.capacity.privatePoolId;
    // Without it, a pool stays in the private pool that it had.
    if (privatePoolOptionsId === undefined) return { privatePoolOptionsMatchCriteria: 'None' };
    return { privatePoolOptionsId, privatePoolOptionsMatchCriteria: 'Target' };
  }

  /** A new cluster gets what the pool needs: the autoscaler, and the scheduler of parts of GPUs. */
  private prepareCluster(props: AcceleratorNodePoolProps): void {
    const { cluster } = props;
    if (!('startAutoscaler' in cluster)) return;
    const controlPlane = cluster as ControlPlane;
    if (this.isScaled(props)) controlPlane.startAutoscaler(this.resource);
    if (props.gpuSharing !== undefined) controlPlane.addAddOn(SHARING_ADD_ON, { after: [this.resource] });
  }
}

/**
 * Says that a new node has eRDMA. For a pool without nodes, the autoscaler only considers CPUs, memory, pods, and GPUs.
 * The page has the form of the tag, but no name with a slash, so this one is unverified.
 *
 * @see https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/faq-about-node-auto-scaling
 */
const ERDMA_OF_NEW_NODES = { 'k8s.io/cluster-autoscaler/node-template/resource/aliyun/erdma': '1' };

brand(AcceleratorNodePool, 'alicloud.AcceleratorNodePool');

function hardeningOf(hardening: OsHardening | undefined): Partial<CsKubernetesNodePoolConfig> {
  if (hardening === OsHardening.MLPS) return { socEnabled: true };
  return hardening === OsHardening.ALIBABA_CLOUD ? { securityHardeningOs: true } : {};
}

/** Records the findings of a pool of accelerator nodes. */
function recordNodePoolFindings(pool: AcceleratorNodePool, props: AcceleratorNodePoolProps): void {
  const { machine, capacity, zone } = pool;
  recordMachineFindings(pool, machine);
  recordAllowlist(pool);
  if (pool.deploymentSet) {
    record(pool, {
      id: 'placement/unlisted',
      level: 'warning',
      message: `ECS lists ${machine.name} for low-latency deployment sets, but ACK lists no machine with GPUs.`,
      fix: 'Test it with one node, and acknowledge this finding.',
      evidence:
        'https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/best-practices-for-associating-deployment-sets-with-node-pools',
    });
  }
  if (capacity.buys === 'assurance') {
    record(pool, {
      id: 'cost/commitment',
      level: 'warning',
      message: `The elasticity assurance for ${pool.nodes} ${machine.name} in ${zone} is paid for ${capacity.months} months and cannot be canceled.`,
      fix: 'Check the number of nodes and the zone, and acknowledge this finding.',
      evidence: 'https://www.alibabacloud.com/help/en/ecs/user-guide/overview-of-elasticity-assurances',
    });
  }
  if (capacity.market === 'spot' && !capacity.fallback) {
    record(pool, {
      id: 'spot/no-fallback',
      level: 'info',
      message: 'Nodes are spot instances only, so no node starts while Alibaba Cloud has no spare capacity.',
      fix: 'Use Capacity.spot({ fallback: Capacity.onDemand() }).',
      evidence: 'https://www.alibabacloud.com/help/en/ecs/user-guide/what-are-preemptible-instances',
    });
  }
  if (props.bootDiskKey && !capacity.lingjunNodes) recordDiskKey(pool);
  if (props.workerRole === undefined && !capacity.lingjunNodes) recordRole(pool);
}

/** Families that most zones sell only on request. Source: aliyun-computenest/quickstart-robot-solution; read 2026-11. */
const ALLOWLISTED = /^(ebm)?gn8v|^ebmgn9|^(ebm)?gn8is/;

function recordAllowlist(pool: AcceleratorNodePool): void {
  const { machine, capacity } = pool;
  if (!capacity.lingjunNodes && !ALLOWLISTED.test(machine.family)) return;
  record(pool, {
    id: 'capacity/allowlist',
    level: 'warning',
    message: capacity.lingjunNodes
      ? 'ACK adds Lingjun nodes only in accounts on an allowlist.'
      : `The quota for ${machine.name} is 0 in most accounts and zones until Alibaba Cloud raises it.`,
    fix: 'Ask your account team, and acknowledge this finding when the account has the quota.',
    evidence: 'https://www.alibabacloud.com/help/en/ecs/user-guide/view-and-increase-resource-quotas',
  });
}

function recordDiskKey(pool: AcceleratorNodePool): void {
  record(pool, {
    id: 'encryption/disk-key',
    level: 'info',
    message:
      'Nodes start only if the account has the role AliyunECSDiskEncryptDefaultRole, which lets ECS use the key.',
    fix: 'Create a disk with a key in the console of ECS once, and confirm the authorization.',
    evidence: 'https://www.alibabacloud.com/help/en/ecs/user-guide/encrypt-disks',
  });
}

function recordRole(pool: IConstruct): void {
  record(pool, {
    id: 'access/node-role',
    level: 'info',
    message: 'Nodes have a RAM role without permissions. No source shows that each add-on of ACK works with it.',
    fix: 'If an add-on fails on these nodes, set workerRole to a role with the permissions that it needs.',
    evidence:
      'https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/use-custom-worker-ram-roles',
  });
}
