/**
 * Container images for the fabrics of Google machines, on nodes and in pods, with pinned versions.
 *
 * Source: GoogleCloudPlatform/cluster-toolkit v1.95.0, examples/gke-a3-highgpu, gke-a3-megagpu, gke-a3-ultragpu, gke-a4x and gke-a4x-max-bm; read 2026-11.
 */
export const FABRIC_IMAGES = {
  gib: {
    amd64: 'us-docker.pkg.dev/gce-ai-infra/gpudirect-gib/nccl-plugin-gib:v1.1.0',
    arm64: 'us-docker.pkg.dev/gce-ai-infra/gpudirect-gib/nccl-plugin-gib-arm64:v1.1.0',
  },
  tcpxo: 'us-docker.pkg.dev/gce-ai-infra/gpudirect-tcpxo/nccl-plugin-gpudirecttcpx-dev:v1.0.15',
  tcpxoDaemon: 'us-docker.pkg.dev/gce-ai-infra/gpudirect-tcpxo/tcpgpudmarxd-dev:v1.0.21',
  tcpx: 'us-docker.pkg.dev/gce-ai-infra/gpudirect-tcpx/nccl-plugin-gpudirecttcpx-dev:v3.1.9',
  tcpxDaemon: 'us-docker.pkg.dev/gce-ai-infra/gpudirect-tcpx/tcpgpudmarxd-dev:v2.0.12',
  asapd: 'us-docker.pkg.dev/gce-ai-infra/asapd-lite/asapd-lite:v0.0.8',
  deviceInjector:
    'gcr.io/gke-release/nri-device-injector@sha256:6e79483d52abdc28454bf186320b10a56b0f117a10e8d65d5c74dbb821a76970',
  pause: 'gke.gcr.io/pause:3.8@sha256:880e63f94b145e46f1b1082bb71b85e21f16b99b180b9996407d61240ceb9830',
} as const;

/** Node paths of the driver from GKE and of the files from the installers. Same source. */
export const FABRIC_PATHS = {
  bin: '/home/kubernetes/bin',
  nvidia: '/home/kubernetes/bin/nvidia',
  libraries: '/home/kubernetes/bin/nvidia/lib64',
  gib: '/home/kubernetes/bin/gib',
  apertures: '/dev/aperture_devices',
} as const;
