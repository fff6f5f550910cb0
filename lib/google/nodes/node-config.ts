import { POOL_LABEL } from '../../kubernetes/pool';
import type { Capacity } from '../capacity/capacity';
import type { GoogleMachine } from '../machine/machine';
import { type ContainerNodePoolConfig, ProjectIamMember, ServiceAccount } from '../provider/google';
import { type AcceleratorNodeOptions, GpuDriver, type NodeOptions } from './node-pool-options';
import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { CurrentProject } from '../operations/current-project';

type NodeConfig = NonNullable<ContainerNodePoolConfig['nodeConfig']>;

/** Properties of the node config. */
export interface NodeConfigProps extends AcceleratorNodeOptions, NodeOptions {
  /** How the nodes are bought. */
  readonly capacity: Capacity;
  /** Name of the node pool. */
  readonly name: string;
  /** Group of the nodes. @default - the name */
  readonly group?: string;
  /** Email of the service account of the nodes. */
  readonly serviceAccount: string;
  /** ComputeClass that chooses the nodes. @default - none */
  readonly computeClass?: string;
  /** Name or path of the reservation that the nodes consume. @default - none */
  readonly reservation?: string;
}

const BOOT_DISK_GIB = 200;
const SECONDS_PER_DAY = 86_400;

/** The key of a reservation affinity. */
const RESERVATION_KEY = 'compute.googleapis.com/reservation-name';

/** Huge pages of 2 MiB that GB300 machines of bare metal need. Source: GoogleCloudPlatform/cluster-toolkit v1.95.0; read 2026-11. */
const METAL_HUGEPAGES_2MIB = 4096;

/** The node config in Terraform. */
export function nodeConfig(props: NodeConfigProps): NodeConfig {
  const { machine, capacity, imageStreaming = true, preloadedImages = [] } = props;
  return {
    machineType: machine.name,
    imageType: 'COS_CONTAINERD',
    diskSizeGb: props.bootDiskGiB ?? BOOT_DISK_GIB,
    diskType: machine.spec.bootDisk,
    bootDiskKmsKey: props.bootDiskKey?.keyId,
    serviceAccount: props.serviceAccount,
    oauthScopes: ['https://www.googleapis.com/auth/cloud-platform'],
    labels: {
      [POOL_LABEL]: props.group ?? props.name,
      ...(capacity.isQueued ? QUEUED_LABEL : {}),
      ...(machine.isBareMetal ? DRANET_LABELS : {}),
      ...(props.computeClass === undefined ? {} : { [COMPUTE_CLASS_LABEL]: props.computeClass }),
      ...props.labels,
    },
    taint: props.computeClass === undefined ? undefined : [computeClassTaint(props.computeClass)],
    guestAccelerator: machine.isTpu ? undefined : [accelerators(machine, props.driver)],
    ephemeralStorageLocalSsdConfig: localSsd(machine),
    ...market(capacity, props.reservation),
    gvnic: { enabled: true },
    // Preloaded disk images require image streaming.
    gcfsConfig: { enabled: imageStreaming || preloadedImages.length > 0 },
    secondaryBootDisks: optional(preloadedImages.map((diskImage) => ({ diskImage, mode: 'CONTAINER_IMAGE_CACHE' }))),
    workloadMetadataConfig: { mode: 'GKE_METADATA' },
    metadata: { 'disable-legacy-endpoints': 'true' },
    ...(machine.isBareMetal ? METAL : SHIELDED),
  };
}

/** Workloads select queued nodes by this label. GKE itself sets only a taint. */
const QUEUED_LABEL = { 'cloud.google.com/gke-queued': 'true' };

/** The key of the label and the taint of nodes with a ComputeClass. */
export const COMPUTE_CLASS_LABEL = 'cloud.google.com/compute-class';

function computeClassTaint(value: string) {
  return { key: COMPUTE_CLASS_LABEL, value, effect: 'NO_SCHEDULE' };
}

/** With these labels, GKE runs the driver for claims of RDMA interfaces on bare metal. Same source as the huge pages. */
const DRANET_LABELS = {
  'cloud.google.com/gke-networking-dra-driver': 'true',
  'cloud.google.com/gke-dpv2-unified-cni': 'cni-migration',
};

/** Secure Boot is off: it rejects kernel modules that Google did not sign, such as those of the RDMA and TCPX installers. */
const SHIELDED: NodeConfig = { shieldedInstanceConfig: { enableIntegrityMonitoring: true, enableSecureBoot: false } };

const METAL: NodeConfig = { linuxNodeConfig: { hugepagesConfig: { hugepageSize2M: METAL_HUGEPAGES_2MIB } } };

function accelerators({ spec }: GoogleMachine, driver = GpuDriver.DEFAULT) {
  const gpuDriverInstallationConfig = { gpuDriverVersion: driver };
  return { type: spec.acceleratorLabel, count: spec.accelerators, gpuDriverInstallationConfig };
}

/** Uses all attached local SSDs as ephemeral storage. */
function localSsd({ spec: { localSsd } }: GoogleMachine): NodeConfig['ephemeralStorageLocalSsdConfig'] {
  return localSsd?.mode === 'attached' ? { localSsdCount: localSsd.count } : undefined;
}

function market({ market, maxRunDays }: Capacity, reservation: string | undefined): NodeConfig {
  const reservationAffinity =
    reservation === undefined
      ? { consumeReservationType: 'NO_RESERVATION' }
      : { consumeReservationType: 'SPECIFIC_RESERVATION', key: RESERVATION_KEY, values: [reservation] };
  return {
    reservationAffinity,
    spot: market === 'spot' ? true : undefined,
    flexStart: market === 'flex-start' ? true : undefined,
    maxRunDuration: maxRunDays === undefined ? undefined : `${Math.round(maxRunDays * SECONDS_PER_DAY)}s`,
  };
}

function optional<T>(list: readonly T[]): T[] | undefined {
  return list.length > 0 ? [...list] : undefined;
}

/**
 * Roles of the nodes, to write logs and metrics and to pull images. Image streaming also requires the permission to use the services of the project.
 * Pods get separate permissions through Workload Identity Federation.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster#use_least_privilege_sa
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/image-streaming#requirements
 */
const ROLES = {
  NodeServiceAccount: 'roles/container.defaultNodeServiceAccount',
  ArtifactReader: 'roles/artifactregistry.reader',
  ImageStreaming: 'roles/serviceusage.serviceUsageConsumer',
} as const;

/** Maximum length of a service account ID. Source: documentation of the provider, google 6.50.0. */
const LONGEST_ID = 30;

/** The service account of nodes. */
export class NodeServiceAccount extends Construct {
  /** The service account in Terraform. */
  public readonly resource: ServiceAccount;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    checkProviders(this);
    this.resource = new ServiceAccount(this, 'Resource', {
      accountId: physicalName(this, LONGEST_ID),
      displayName: `Nodes of ${this.node.path}`.slice(0, 100),
    });
    const project = CurrentProject.of(this).projectId;
    for (const [name, role] of Object.entries(ROLES)) {
      new ProjectIamMember(this, name, { project, role, member: this.resource.member });
    }
  }

  /** Email of the service account. */
  get email(): string {
    return this.resource.email;
  }
}
