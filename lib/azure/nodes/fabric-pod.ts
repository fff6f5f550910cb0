import { type FabricPod, type KubernetesManifest, TRAINING_NAMESPACE } from '../../kubernetes';
import type { AzureMachine } from '../machine/machine';

const FOLDER = '/etc/nccl-topology';

/**
 * NCCL settings for InfiniBand on virtual machines. PCI relaxed ordering makes adapters much faster there.
 *
 * Source: Azure/ai-infrastructure-on-azure a01b073, infrastructure_validations/aks/NCCL/helm/nccl-test/values.yaml and values-gb300.yaml;
 * read 2026-11.
 */
const EVERYWHERE = { CUDA_DEVICE_ORDER: 'PCI_BUS_ID', NCCL_SOCKET_IFNAME: 'eth0' };
const RELAXED = { NCCL_IB_PCI_RELAXED_ORDERING: '1' };

/**
 * NCCL settings of Microsoft for H100 and H200, in its bandwidth test and in its training example. Without them, the fabric may not reach the
 * published bandwidth. The repository sets none of them for GB300.
 *
 * Source: Azure/ai-infrastructure-on-azure a01b073, infrastructure_validations/aks/NCCL/helm/nccl-test/values.yaml and
 * examples/llm-foundry/aks/helm/llm-training/values.yaml; read 2026-11.
 */
const HOPPER = {
  NCCL_IB_QPS_PER_CONNECTION: '4',
  NCCL_IGNORE_CPU_AFFINITY: '1',
  NCCL_P2P_NET_CHUNKSIZE: String(512 * 1024),
  NCCL_PXN_DISABLE: '1',
  NCCL_MIN_NCHANNELS: '32',
};
const TUNED: ReadonlySet<string> = new Set(['H100', 'H200']);

/** Pod settings for InfiniBand: NCCL environment variables, and the topology file of the machine. */
export function fabricPod(machine: AzureMachine): FabricPod {
  const layout = layoutOf(machine);
  const settings = {
    ...EVERYWHERE,
    ...(machine.spec.arch === 'amd64' ? RELAXED : {}),
    ...(TUNED.has(machine.spec.chip) ? HOPPER : {}),
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

/** A GPU and its nearest InfiniBand adapter, by their PCI bus addresses in the guest. */
type Pair = readonly [gpu: string, adapter: string];

/** A NUMA node: cores and their nearest devices. */
interface Numa {
  /** CPU mask, in the format of the kernel. */
  readonly affinity: string;
  /** Devices by PCI switch. */
  readonly switches: readonly (readonly Pair[])[];
}

/** PCI topology of a machine, which the hypervisor hides. */
interface Layout {
  readonly cpu: string;
  readonly linkSpeed: string;
  readonly numa: readonly Numa[];
}

const EPYC = 'arch="x86_64" vendor="AuthenticAMD" familyid="23" modelid="49"';
const XEON = 'arch="x86_64" vendor="GenuineIntel" familyid="6" modelid="143"';

// Source: Azure/aks-rdma-infiniband 700dabb, tests/scenarios/nvidia-topology (addresses and cores); read 2026-11. That machines with H200
// have the layout of H100 is recalled, unverified.
const LAYOUTS: Readonly<Record<'ndv4' | 'ndv5', Layout>> = {
  ndv4: {
    cpu: EPYC,
    linkSpeed: '16 GT/s',
    numa: [
      {
        affinity: '00000000,00000000,00ffffff',
        switches: [
          [
            ['0003', '0103'],
            ['0004', '0104'],
          ],
        ],
      },
      {
        affinity: '00000000,0000ffff,ff000000',
        switches: [
          [
            ['0001', '0101'],
            ['0002', '0102'],
          ],
        ],
      },
      {
        affinity: '000000ff,ffff0000,00000000',
        switches: [
          [
            ['000d', '0107'],
            ['000e', '0108'],
          ],
        ],
      },
      {
        affinity: 'ffffff00,00000000,00000000',
        switches: [
          [
            ['000b', '0105'],
            ['000c', '0106'],
          ],
        ],
      },
    ],
  },
  ndv5: {
    cpu: XEON,
    linkSpeed: '32.0 GT/s PCIe',
    numa: [
      {
        affinity: '00000000,0000ffff,ffffffff',
        switches: [[['0001', '0101']], [['0002', '0102']], [['0003', '0103']], [['0008', '0104']]],
      },
      {
        affinity: 'ffffffff,ffff0000,00000000',
        switches: [[['0009', '0105']], [['000a', '0106']], [['000b', '0107']], [['000c', '0108']]],
      },
    ],
  },
};

const MACHINES: Readonly<Record<string, keyof typeof LAYOUTS>> = {
  Standard_ND96asr_v4: 'ndv4',
  Standard_ND96amsr_A100_v4: 'ndv4',
  Standard_ND96isr_H100_v5: 'ndv5',
  Standard_ND96isr_H200_v5: 'ndv5',
};

/** Name of the layout of a machine. Undefined if NCCL detects the topology. */
export function layoutOf({ name }: AzureMachine): keyof typeof LAYOUTS | undefined {
  return Object.hasOwn(MACHINES, name) ? MACHINES[name] : undefined;
}

/**
 * Returns a layout in the format of `NCCL_TOPO_FILE`. Without it, NCCL assumes that all adapters are equally near, and routes much of the GPU traffic
 * through the processor.
 *
 * @see https://docs.nvidia.com/deeplearning/nccl/user-guide/docs/env.html#nccl-topo-file
 */
export function topologyFile(name: keyof typeof LAYOUTS): string {
  const { cpu, linkSpeed, numa } = LAYOUTS[name];
  const link = `link_speed="${linkSpeed}" link_width="16"`;
  let bridges = 0;
  const device = (bus: string, pciClass: string) => `      <pci busid="${bus}:00:00.0" class="${pciClass}" ${link}/>`;
  const bridge = (pairs: readonly Pair[]) => {
    bridges += 1;
    const address = `ffff:ff:0${bridges}.0`;
    const devices = pairs.flatMap(([gpu, adapter]) => [device(gpu, GPU), device(adapter, INFINIBAND)]);
    return [`    <pci busid="${address}" class="${BRIDGE}" ${link}>`, ...devices, '    </pci>'];
  };
  const cpus = numa.flatMap(({ affinity, switches }, index) => [
    `  <cpu numaid="${index}" affinity="${affinity}" ${cpu}>`,
    ...switches.flatMap(bridge),
    '  </cpu>',
  ]);
  return `${['<system version="1">', ...cpus, '</system>'].join('\n')}\n`;
}

/** PCI device classes. @see https://pcisig.com/specifications */
const [BRIDGE, GPU, INFINIBAND] = ['0x060400', '0x030200', '0x020700'];
