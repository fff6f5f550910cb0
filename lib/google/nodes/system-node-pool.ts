import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { ANYTHING, fits, kind, listOf, NUMBER, required, type Shape, TEXT } from '../../core/shapes';
import { SYSTEM_LABELS } from '../../kubernetes/pool';
import { checkNodeRange } from '../../terraform/pool-checks';
import { GKE_CLUSTER, type IGkeCluster } from '../cluster/gke-cluster';
import { ContainerNodePool } from '../provider/google';
import { standingBefore } from '../../terraform/standing-before';
import { checkGkePoolName } from './node-pool-checks';
import { NodeServiceAccount } from './node-service-account';
import { MOST_NODES } from './pool-size';

/** Properties for `SystemNodePool`. */
export interface SystemNodePoolProps {
  /** The cluster to join. */
  readonly cluster: IGkeCluster;
  /** Machine type of the nodes. @default 'n2-standard-8' */
  readonly machineType?: string;
  /** Least nodes of each zone of the cluster. @default 1 */
  readonly minNodesPerZone?: number;
  /** Most nodes of each zone of the cluster. @default 3 */
  readonly maxNodesPerZone?: number;
  /** Email of the service account of the nodes. @default - a new one, that may write logs and metrics and pull images */
  readonly serviceAccount?: string;
  /** Id of the Cloud KMS key of the boot disks. @default - Google's keys */
  readonly bootDiskKey?: string;
  /** What must stand before the nodes, e.g. the right to use the key of their disks. @default - only what they refer to */
  readonly after?: readonly ITerraformDependable[];
  /** Name of the pool. @default - the id of the construct, in lower case */
  readonly name?: string;
}

const SHAPE: Shape<SystemNodePoolProps> = {
  cluster: required(GKE_CLUSTER),
  machineType: TEXT,
  minNodesPerZone: NUMBER,
  maxNodesPerZone: NUMBER,
  serviceAccount: TEXT,
  bootDiskKey: TEXT,
  after: listOf(ANYTHING),
  name: kind('a text', (value) => typeof value === 'string'),
};

const MACHINE_TYPE = 'n2-standard-8';
const [LEAST, MOST] = [1, 3];

/** Nodes for what runs the cluster: DNS, queues, controllers. Accelerator nodes stay free for jobs. */
export class SystemNodePool extends Construct {
  public readonly resource: ContainerNodePool;
  public readonly name: string;
  public readonly serviceAccount: string;

  constructor(scope: Construct, id: string, props: SystemNodePoolProps) {
    super(scope, id);
    this.name = props?.name ?? id.toLowerCase();
    check(this, this.name, props);
    const { cluster, minNodesPerZone = LEAST, maxNodesPerZone = MOST } = props;
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
        bootDiskKmsKey: props.bootDiskKey,
        serviceAccount: this.serviceAccount,
        oauthScopes: ['https://www.googleapis.com/auth/cloud-platform'],
        labels: { ...SYSTEM_LABELS },
        gcfsConfig: { enabled: true },
        workloadMetadataConfig: { mode: 'GKE_METADATA' },
        metadata: { 'disable-legacy-endpoints': 'true' },
        shieldedInstanceConfig: { enableIntegrityMonitoring: true, enableSecureBoot: true },
      },
      dependsOn: props.after && standingBefore(this, props.after),
      // The first size stands only until the autoscaler moves it.
      lifecycle: { ignoreChanges: ['initial_node_count'] },
    });
  }
}

function check(scope: Construct, name: string, props: SystemNodePoolProps): void {
  const problems = new Problems();
  if (fits(problems, props, SHAPE)) {
    checkGkePoolName(problems, name);
    const { minNodesPerZone = LEAST, maxNodesPerZone = MOST } = props;
    checkNodeRange(problems, { minNodesPerZone, maxNodesPerZone }, MOST_NODES);
  }
  problems.throwIfAny(scope);
}
