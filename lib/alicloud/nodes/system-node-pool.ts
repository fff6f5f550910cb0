import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { SYSTEM_LABELS } from '../../kubernetes/pool';
import { existingDependencies } from '../../terraform/existing-dependencies';
import { checkNodeRange } from '../../terraform/pool-checks';
import { checkProviders } from '../../terraform/provider-checks';
import { isKnown } from '../../terraform/tokens';
import type { IAckCluster } from '../cluster/cluster-source';
import type { ControlPlane } from '../cluster/control-plane';
import { checkZoneIn } from '../cluster/zone-checks';
import { vswitchIn, zonesOf } from '../network/network-attributes';
import type { IEncryptionKey } from '../operations/encryption-key';
import { SYSTEM_NODE_POOL_PROPS } from '../prop-schemas';
import { CsKubernetesNodePool } from '../provider/alicloud';
import { instanceConfig, poolConfig } from './node-config';
import { checkAckPoolName, MAX_NODES } from './node-pool-checks';
import { claimPoolName } from './pool-names';

/** Machine types and number of system nodes. */
export interface SystemNodeOptions {
  /** Instance types, in the order of preference: at most 10, without GPUs. @default ['ecs.g8i.2xlarge', 'ecs.g7.2xlarge'] */
  readonly machineTypes?: readonly string[];
  /** Minimum number of nodes. A cluster with Lingjun nodes needs 3. @default 2 */
  readonly minNodes?: number;
  /** Maximum number of nodes, up to 1,000. @default 5 */
  readonly maxNodes?: number;
}

/** Properties for `SystemNodePool`. */
export interface SystemNodePoolProps extends SystemNodeOptions {
  /** Cluster that the nodes join. */
  readonly cluster: IAckCluster;
  /** Zones of the nodes. @default - the zones of the network of the cluster */
  readonly zones?: readonly string[];
  /** Key for the boot disks, in the region of the provider. @default - the key of ECS in the account */
  readonly bootDiskKey?: IEncryptionKey;
  /** Resources that must exist before the nodes. @default - only the resources that the nodes refer to */
  readonly after?: readonly ITerraformDependable[];
  /** Name of the node pool: 1 to 63 lower-case letters, digits and hyphens. @default - the id of the construct, in lower case */
  readonly name?: string;
}

const MACHINE_TYPES = ['ecs.g8i.2xlarge', 'ecs.g7.2xlarge'];
const [DEFAULT_MIN_NODES, DEFAULT_MAX_NODES] = [2, 5];
const BOOT_DISK_GIB = 120;

/**
 * Nodes for the software of the cluster: DNS, queues, and controllers. They keep accelerator nodes free for jobs.
 *
 * The first pool of a new cluster installs the autoscaler of the cluster.
 *
 * @example
 * ```ts
 * import { ControlPlane, SystemNodePool } from 'ai-infra-constructs/alicloud';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const cluster = new ControlPlane(stack, 'ControlPlane', { zones: ['cn-hangzhou-i', 'cn-hangzhou-j'] });
 * new SystemNodePool(stack, 'System', { cluster, bootDiskKey: cluster.encryptionKey });
 * ```
 */
export class SystemNodePool extends Construct {
  /** The node pool in Terraform. */
  public readonly resource: CsKubernetesNodePool;
  /** Name of the node pool. */
  public readonly name: string;

  constructor(scope: Construct, id: string, props: SystemNodePoolProps) {
    super(scope, id);
    checkProviders(this);
    this.name = props?.name ?? id.toLowerCase();
    const { name } = this;
    check(this, name, props);
    claimPoolName(this, props.cluster, name);
    const { cluster, bootDiskKey, after = [] } = props;
    const { minNodes = DEFAULT_MIN_NODES, maxNodes = DEFAULT_MAX_NODES } = props;
    const zones = props.zones ?? zonesOf(cluster.network);
    // The autoscaler changes a range. Equal limits are a fixed size.
    const size =
      minNodes < maxNodes
        ? { scalingConfig: { enable: true, minSize: minNodes, maxSize: maxNodes, type: 'cpu' } }
        : { desiredSize: `${minNodes}` };
    this.resource = new CsKubernetesNodePool(this, 'Resource', {
      ...poolConfig({ cluster, name, labels: SYSTEM_LABELS, taints: [] }),
      ...instanceConfig({ cluster }, { bootDiskGiB: BOOT_DISK_GIB, bootDiskKey }),
      vswitchIds: zones.map((zone) => vswitchIn(cluster.network, zone)!.vswitchId),
      instanceTypes: [...(props.machineTypes ?? MACHINE_TYPES)],
      instanceChargeType: 'PostPaid',
      multiAzPolicy: 'BALANCE',
      ...size,
      management: {
        enable: true,
        autoRepair: true,
        autoRepairPolicy: { restartNode: true },
        autoUpgrade: true,
        autoUpgradePolicy: { autoUpgradeKubelet: true },
        autoVulFix: true,
        autoVulFixPolicy: { vulLevel: 'asap', restartNode: false },
        maxUnavailable: 1,
      },
      dependsOn: after.length > 0 ? existingDependencies(this, after) : undefined,
      timeouts: { create: '30m', update: '60m', delete: '30m' },
    });
    if ('startAutoscaler' in cluster) (cluster as ControlPlane).startAutoscaler(this.resource);
  }
}

/** Maximum number of instance types of a pool. @see https://registry.terraform.io/providers/aliyun/alicloud/1.285.0/docs/resources/cs_kubernetes_node_pool */
const MAX_TYPES = 10;
/** An instance type without GPUs: GPU families start with `gn`, `vgn`, `sgn`, or `ebmgn`. */
const CPU_TYPE = /^ecs\.(?!(?:ebm|v|s)?gn\d)[a-z][a-z0-9-]*\.[a-z0-9]+$/;

/** Adds a problem if the machine types or the range of the number of nodes are invalid. */
export function checkSystemNodes(problems: ProblemCollector, options: SystemNodeOptions): void {
  const { minNodes = DEFAULT_MIN_NODES, maxNodes = DEFAULT_MAX_NODES, machineTypes = MACHINE_TYPES } = options;
  checkNodeRange(problems, { minNodes, maxNodes }, MAX_NODES);
  const add = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'MachineUnsupported', prop, allowed, got, fix });
  if (machineTypes.length === 0 || machineTypes.length > MAX_TYPES)
    add('machineTypes', `a list of 1 to ${MAX_TYPES} instance types`, machineTypes, 'List the preferred types first.');
  machineTypes.forEach((type, index) => {
    if (!isKnown(problems, `machineTypes[${index}]`, type) || CPU_TYPE.test(type)) return;
    const allowed = 'an instance type of ECS without GPUs, for example ecs.g8i.2xlarge';
    add(`machineTypes[${index}]`, allowed, type, 'Create an AcceleratorNodePool for machines with GPUs.');
  });
}

function check(scope: Construct, name: string, props: SystemNodePoolProps): void {
  const problems = new ProblemCollector();
  if (validateProps(problems, props, SYSTEM_NODE_POOL_PROPS)) {
    checkAckPoolName(problems, name);
    checkSystemNodes(problems, props);
    props.zones?.forEach((zone, index) => {
      checkZoneIn(problems, `zones[${index}]`, zone, props.cluster.network);
    });
  }
  problems.throwIfAny(scope);
}
