import type { GoogleDeviceClaim } from '../../core/catalog/google-machines';
import type { FabricPod, HostPath } from '../../kubernetes';
import { interfaceAnnotations } from '../network/network-attributes';
import type { AcceleratorNetwork } from '../network/accelerator-networks';
import type { GoogleMachine } from '../machine/machine';
import { FABRIC_IMAGES, FABRIC_PATHS } from './fabric-installer';

/** Path of the driver in pods, and the variable that loads it. */
const LIBRARIES = '/usr/local/nvidia/lib64';
const LOAD = { name: 'LD_LIBRARY_PATH', value: LIBRARIES };

const SYS: readonly HostPath[] = [
  { name: 'sys', path: '/sys' },
  { name: 'proc-sys', path: '/proc/sys' },
];
const SYS_MOUNTS = [
  { name: 'sys', mountPath: '/hostsysfs' },
  { name: 'proc-sys', mountPath: '/hostprocsysfs' },
];

type Transport = NonNullable<GoogleMachine['spec']['transport']>;

/** Settings of a pod for each transport, besides its interfaces. */
const PODS: Readonly<Record<Transport, (gpus: number) => FabricPod>> = {
  RoCE: () => ({
    env: [LOAD, { name: 'NCCL_NET', value: 'gIB' }],
    hostPaths: [
      { name: 'nvidia', path: FABRIC_PATHS.nvidia, mountPath: '/usr/local/nvidia' },
      { name: 'gib', path: FABRIC_PATHS.gib, mountPath: '/usr/local/gib' },
    ],
    profile: '/usr/local/gib/scripts/set_nccl_env.sh',
  }),
  'GPUDirect-TCPXO': (gpus) => ({
    env: [
      LOAD,
      { name: 'NCCL_LIB_DIR', value: LIBRARIES },
      { name: 'NCCL_FASTRAK_LLCM_DEVICE_DIRECTORY', value: FABRIC_PATHS.apertures },
    ],
    annotations: devicesOf('tcpxo-daemon', gpus, ['/dev/dmabuf_import_helper']),
    hostPaths: [
      { name: 'libraries', path: FABRIC_PATHS.libraries, mountPath: LIBRARIES },
      { name: 'apertures', path: FABRIC_PATHS.apertures, mountPath: FABRIC_PATHS.apertures },
      ...SYS,
    ],
    profile: `${LIBRARIES}/nccl-env-profile.sh`,
    sidecars: [
      daemon('tcpxo-daemon', FABRIC_IMAGES.tcpxoDaemon, ['NET_ADMIN', 'NET_BIND_SERVICE'], {
        command: ['sh', '-c', 'chmod 755 "$0" && exec "$0" --num_hops=2 --num_nics=8 --uid= --alsologtostderr'],
        args: ['/fts/entrypoint_rxdm_container.sh'],
      }),
    ],
  }),
  'GPUDirect-TCPX': (gpus) => ({
    env: [LOAD, { name: 'NCCL_GPUDIRECTTCPX_UNIX_CLIENT_PREFIX', value: SOCKETS }, ...TCPX_ENVIRONMENT],
    annotations: devicesOf('tcpx-daemon', gpus),
    hostPaths: [
      { name: 'libraries', path: FABRIC_PATHS.libraries, mountPath: LIBRARIES },
      { name: 'tcpx-sockets', path: SOCKETS, mountPath: SOCKETS },
      ...SYS,
    ],
    sidecars: [
      daemon('tcpx-daemon', FABRIC_IMAGES.tcpxDaemon, ['NET_ADMIN'], {
        command: ['/tcpgpudmarxd/build/app/tcpgpudmarxd'],
        args: [
          '--gpu_nic_preset',
          'a3vm',
          '--gpu_shmem_type',
          'fd',
          '--uds_path',
          SOCKETS,
          '--setup_param',
          '--verbose 128 2 0',
        ],
        volumeMounts: [{ name: 'tcpx-sockets', mountPath: SOCKETS }],
      }),
    ],
  }),
};

/** Directory of the sockets between the TCPX daemon and the NCCL plugin. */
const SOCKETS = '/run/tcpx';

const INTERFACES = 'eth1,eth2,eth3,eth4';

/**
 * NCCL settings for TCPX on a3-highgpu-8g. The cores are close to their interface.
 *
 * Source: GoogleCloudPlatform/cluster-toolkit v1.95.0, examples/gke-a3-highgpu/nccl-config.yaml; read 2026-11.
 */
const TCPX_ENVIRONMENT = Object.entries({
  NCCL_SOCKET_IFNAME: 'eth0',
  NCCL_GPUDIRECTTCPX_CTRL_DEV: 'eth0',
  NCCL_GPUDIRECTTCPX_SOCKET_IFNAME: INTERFACES,
  NCCL_GPUDIRECTTCPX_FORCE_ACK: '0',
  NCCL_GPUDIRECTTCPX_TX_COMPLETION_NANOSLEEP: '1000',
  NCCL_GPUDIRECTTCPX_PROGRAM_FLOW_STEERING_WAIT_MICROS: '500000',
  NCCL_GPUDIRECTTCPX_TX_BINDINGS: 'eth1:8-21,112-125;eth2:8-21,112-125;eth3:60-73,164-177;eth4:60-73,164-177',
  NCCL_GPUDIRECTTCPX_RX_BINDINGS: 'eth1:22-35,126-139;eth2:22-35,126-139;eth3:74-87,178-191;eth4:74-87,178-191',
  NCCL_DYNAMIC_CHUNK_SIZE: '524288',
  NCCL_P2P_NET_CHUNKSIZE: '524288',
  NCCL_P2P_PCI_CHUNKSIZE: '524288',
  NCCL_P2P_NVL_CHUNKSIZE: '1048576',
  NCCL_NSOCKS_PERTHREAD: '4',
  NCCL_SOCKET_NTHREADS: '1',
  NCCL_MAX_NCHANNELS: '8',
  NCCL_MIN_NCHANNELS: '8',
  NCCL_BUFFSIZE: '4194304',
  NCCL_CROSS_NIC: '0',
  NCCL_ALGO: 'Ring',
  NCCL_PROTO: 'Simple',
  NCCL_NET_GDR_LEVEL: 'PIX',
  NCCL_P2P_PXN_LEVEL: '0',
}).map(([name, value]) => ({ name, value }));

/**
 * Pod settings for the fabric of a machine: an interface in each network and the installed libraries. GPUDirect over TCP also needs a daemon.
 */
export function fabricPod({ spec }: GoogleMachine, networks: readonly AcceleratorNetwork[]): FabricPod {
  if (spec.deviceClaim) return claimedPod(spec.deviceClaim);
  const pod = spec.transport ? PODS[spec.transport](spec.accelerators) : {};
  return { ...pod, annotations: { ...interfaceAnnotations(networks), ...pod.annotations } };
}

/**
 * Pod settings for bare metal. Pods claim their interfaces, and the job image must contain gIB and the DOCA user space libraries. Only the driver
 * libraries come from the node.
 *
 * Source: docs/integrator/gke-a4x-max-networking.md of NVIDIA/aicr 9b6263c; read 2026-11-26.
 */
function claimedPod({ deviceClass, count }: GoogleDeviceClaim): FabricPod {
  return {
    claim: { name: 'rdma', deviceClass, count, quota: 'ai-infra/rdma-interface' },
    env: [{ name: LOAD.name, value: `${LIBRARIES}:/usr/local/gib/lib64` }],
    hostPaths: [{ name: 'nvidia', path: FABRIC_PATHS.nvidia, mountPath: '/usr/local/nvidia' }],
  };
}

/** The NRI device injector gives the GPUs to the daemon, because Kubernetes assigns them to the main container. */
function devicesOf(container: string, gpus: number, more: readonly string[] = []): Readonly<Record<string, string>> {
  const all = Array.from({ length: gpus }, (_, index) => `/dev/nvidia${index}`);
  const paths = [...all, '/dev/nvidiactl', '/dev/nvidia-uvm', ...more];
  return { [`devices.gke.io/container.${container}`]: paths.map((path) => `- path: ${path}\n`).join('') };
}

function daemon(
  name: string,
  image: string,
  capabilities: readonly string[],
  { volumeMounts = [], ...own }: Readonly<Record<string, unknown>> & { readonly volumeMounts?: readonly unknown[] },
): Readonly<Record<string, unknown>> {
  return {
    name,
    image,
    ...own,
    securityContext: { capabilities: { add: [...capabilities] } },
    env: [LOAD],
    volumeMounts: [{ name: 'libraries', mountPath: LIBRARIES }, ...SYS_MOUNTS, ...volumeMounts],
  };
}
