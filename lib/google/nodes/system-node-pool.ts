import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { SYSTEM_LABELS } from '../../kubernetes/pool';
import { checkNodeRange } from '../../terraform/pool-checks';
import type { IGkeCluster } from '../cluster/cluster-source';
import type { IEncryptionKey } from '../operations/encryption-key';
import { ContainerNodePool } from '../provider/google';
import { existingDependencies } from '../../terraform/existing-dependencies';
import { claimPoolName } from './pool-names';
import { checkProviders } from '../../terraform/provider-checks';
import { checkGkePoolName } from './node-pool-checks';
import { NodeServiceAccount } from './node-config';
import { MAX_NODES } from './node-pool-options';
import { ServiceAgent } from '../operations/current-project';
import { SYSTEM_NODE_POOL_PROPS } from '../prop-schemas';

/** Machine type and number of system nodes. */
export interface SystemNodeOptions {
  /** Machine type of the nodes. @default 'n2-standard-8' */
  readonly machineType?: string;
  /** Minimum number of nodes in each zone of the cluster. @default 1 */
  readonly minNodesPerZone?: number;
  /** Maximum number of nodes in each zone of the cluster, up to 1,000. @default 3 */
  readonly maxNodesPerZone?: number;
}

/** Properties for `SystemNodePool`. */
export interface SystemNodePoolProps extends SystemNodeOptions {
  /** Cluster that the nodes join. */
  readonly cluster: IGkeCluster;
  /** Email of the service account of the nodes. @default - a new account that can write logs and metrics and pull images */
  readonly serviceAccount?: string;
  /** Key for the boot disks. @default - keys that Google manages */
  readonly bootDiskKey?: IEncryptionKey;
  /** Resources that must exist before the nodes. @default - only the resources that the nodes refer to */
  readonly after?: readonly ITerraformDependable[];
  /** Name of the node pool: 1 to 40 lower-case letters, digits and hyphens. @default - the id of the construct, in lower case */
  readonly name?: string;
}

const MACHINE_TYPE = 'n2-standard-8';
const [DEFAULT_MIN_NODES, DEFAULT_MAX_NODES] = [1, 3];

/**
 * Nodes for the software of the cluster: DNS, queues, and controllers. They keep accelerator nodes free for jobs.
 *
 * @example
 * ```ts
 * import { ControlPlane, SystemNodePool } from 'ai-infra-constructs/google';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const cluster = new ControlPlane(stack, 'ControlPlane', { region: 'us-central1' });
 * new SystemNodePool(stack, 'System', { cluster, bootDiskKey: cluster.encryptionKey });
 * ```
 */
export class SystemNodePool extends Construct {
  /** The node pool in Terraform. */
  public readonly resource: ContainerNodePool;
  /** Name of the node pool. */
  public readonly name: string;
  /** Email of the service account of the nodes. */
  public readonly serviceAccount: string;

  constructor(scope: Construct, id: string, props: SystemNodePoolProps) {
    super(scope, id);
    checkProviders(this);
    this.name = props?.name ?? id.toLowerCase();
    check(this, this.name, props);
    claimPoolName(this, props.cluster, this.name);
    const { cluster, bootDiskKey, after = [] } = props;
    const { minNodesPerZone = DEFAULT_MIN_NODES, maxNodesPerZone = DEFAULT_MAX_NODES } = props;
    const dependencies = new Set([...(bootDiskKey?.grantTo(ServiceAgent.COMPUTE, this) ?? []), ...after]);
    this.serviceAccount = props.serviceAccount ?? new NodeServiceAccount(this, 'ServiceAccount').email;
    this.resource = new ContainerNodePool(this, 'Resource', {
      name: this.name,
      cluster: cluster.name,
      location: cluster.location,
      initialNodeCount: minNodesPerZone,
      autoscaling: { minNodeCount: minNodesPerZone, maxNodeCount: maxNodesPerZone, locationPolicy: 'BALANCED' },
      management: { autoRepair: true, autoUpgrade: true },
      upgradeSettings: { strategy: 'SURGE', maxSurge: 1, maxUnavailable: 0 },
      networkConfig: { enablePrivateNodes: true },
      nodeConfig: {
        machineType: props.machineType ?? MACHINE_TYPE,
        imageType: 'COS_CONTAINERD',
        diskSizeGb: 100,
        diskType: 'pd-balanced',
        bootDiskKmsKey: bootDiskKey?.keyId,
        serviceAccount: this.serviceAccount,
        oauthScopes: ['https://www.googleapis.com/auth/cloud-platform'],
        labels: { ...SYSTEM_LABELS },
        gcfsConfig: { enabled: true },
        workloadMetadataConfig: { mode: 'GKE_METADATA' },
        metadata: { 'disable-legacy-endpoints': 'true' },
        shieldedInstanceConfig: { enableIntegrityMonitoring: true, enableSecureBoot: true },
      },
      dependsOn: dependencies.size > 0 ? existingDependencies(this, [...dependencies]) : undefined,
      // The autoscaler changes the number of nodes after the pool is created.
      lifecycle: { ignoreChanges: ['initial_node_count'] },
    });
  }
}

/** Adds a problem if the range of the number of nodes is invalid. */
export function checkSystemNodes(problems: ProblemCollector, options: SystemNodeOptions): void {
  const { minNodesPerZone = DEFAULT_MIN_NODES, maxNodesPerZone = DEFAULT_MAX_NODES } = options;
  checkNodeRange(problems, { minNodesPerZone, maxNodesPerZone }, MAX_NODES);
}

function check(scope: Construct, name: string, props: SystemNodePoolProps): void {
  const problems = new ProblemCollector();
  if (validateProps(problems, props, SYSTEM_NODE_POOL_PROPS)) {
    checkGkePoolName(problems, name);
    checkSystemNodes(problems, props);
  }
  problems.throwIfAny(scope);
}
