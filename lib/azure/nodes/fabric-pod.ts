import { type FabricPod, type KubernetesManifest, TRAINING_NAMESPACE } from '../../kubernetes';
import type { AzureMachine } from '../machine/machine';
import { layoutOf, topologyFile } from './nccl-topology';

const FOLDER = '/etc/nccl-topology';

/**
 * NCCL settings for InfiniBand on virtual machines. PCI relaxed ordering makes adapters much faster there.
 *
 * Source: Azure/ai-infrastructure-on-azure a01b073, infrastructure_validations/aks/NCCL/helm/nccl-test/values.yaml and values-gb300.yaml;
 * read 2026-11.
 */
const EVERYWHERE = { CUDA_DEVICE_ORDER: 'PCI_BUS_ID', NCCL_SOCKET_IFNAME: 'eth0' };
const RELAXED = { NCCL_IB_PCI_RELAXED_ORDERING: '1' };

/** Pod settings for InfiniBand: NCCL environment variables, and the topology file of the machine. */
export function fabricPod(machine: AzureMachine): FabricPod {
  const layout = layoutOf(machine);
  const settings = {
    ...EVERYWHERE,
    ...(machine.spec.arch === 'amd64' ? RELAXED : {}),
    ...(layout && { NCCL_TOPO_FILE: `${FOLDER}/${layout}.xml` }),
  };
  return {
    env: Object.entries(settings).map(([name, value]) => ({ name, value })),
    ...(layout && { files: [{ configMap: topologyName(layout), mountPath: FOLDER }] }),
  };
}

/** Topology files of some machines, as config maps in the namespace of jobs. */
export function topologyObjects(machines: readonly AzureMachine[]): KubernetesManifest[] {
  const layouts = new Set(machines.flatMap((machine) => layoutOf(machine) ?? []));
  return [...layouts].map((layout) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: topologyName(layout), namespace: TRAINING_NAMESPACE },
    data: { [`${layout}.xml`]: topologyFile(layout) },
  }));
}

function topologyName(layout: string): string {
  return `nccl-topology-${layout}`;
}
