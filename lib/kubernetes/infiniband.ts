import { ProblemCollector } from '../core/errors';
import type { KubernetesManifest } from './manifest';
import { onPools } from './placement';
import { type AcceleratorPool, tolerationsOf, checkPools } from './pool';

/** Extended resource of one InfiniBand interface, which the device plugin reports. */
export const INFINIBAND_RESOURCE = 'rdma/ib';

/**
 * Images that the network operator runs on nodes with InfiniBand. The driver is the newest one that is published for both architectures.
 *
 * Source: Azure/ai-infrastructure-on-azure a01b073, infrastructure_references/aks/configs/network-operator, in use there on H100 and GB300;
 * read 2026-11.
 */
export const INFINIBAND_IMAGES = {
  driver: { repository: 'nvcr.io/nvidia/mellanox', image: 'doca-driver', version: 'doca3.3.0-26.01-1.0.0.0-0' },
  devicePlugin: {
    repository: 'ghcr.io/k8snetworkplumbingwg',
    image: 'sriov-network-device-plugin',
    version: 'v3.9.0',
  },
} as const;

/** PCI vendor of the adapters. Source: the source of the images, node-feature-rule.yaml. */
const VENDOR = '15b3';
/** PCI devices of the virtual functions: ConnectX-6, and ConnectX-7 and later. */
const VIRTUAL_FUNCTIONS = ['101c', '101e'];

/** Node label that the network operator uses to find its nodes. */
const ADAPTER_LABEL = `feature.node.kubernetes.io/pci-${VENDOR}.present`;

/**
 * Creates the objects that give pods access to InfiniBand. A rule labels the nodes that have the adapters. A policy makes the network
 * operator install the driver and offer each interface to one pod as `rdma/ib`. RDMA works below IP, so pods do not need a second network.
 *
 * DOCA telemetry is disabled, because it crashes on arm64.
 */
export function infinibandObjects(pools: readonly AcceleratorPool[]): KubernetesManifest[] {
  const problems = new ProblemCollector();
  checkPools(problems, pools);
  problems.throwIfAny();
  return [nodeRule(), policy(pools)];
}

function nodeRule(): KubernetesManifest {
  return {
    apiVersion: 'nfd.k8s-sigs.io/v1alpha1',
    kind: 'NodeFeatureRule',
    metadata: { name: 'infiniband' },
    spec: {
      rules: [
        {
          name: 'infiniband',
          labels: { [ADAPTER_LABEL]: 'true' },
          matchFeatures: [
            {
              feature: 'pci.device',
              matchExpressions: {
                vendor: { op: 'In', value: [VENDOR] },
                device: { op: 'In', value: VIRTUAL_FUNCTIONS },
              },
            },
          ],
        },
      ],
    },
  };
}

function policy(pools: readonly AcceleratorPool[]): KubernetesManifest {
  const [resourcePrefix, resourceName] = INFINIBAND_RESOURCE.split('/');
  const selectors = { vendors: [VENDOR], linkTypes: ['infiniband'], isRdma: true };
  return {
    apiVersion: 'mellanox.com/v1alpha1',
    kind: 'NicClusterPolicy',
    // The operator only supports one object, with this name.
    metadata: { name: 'nic-cluster-policy' },
    spec: {
      nodeAffinity: onPools(pools).nodeAffinity,
      tolerations: tolerationsOf(pools),
      ofedDriver: {
        ...INFINIBAND_IMAGES.driver,
        forcePrecompiled: false,
        // Without this file the kernel can load its own module first (Mellanox/doca-driver-build issue 52).
        env: [{ name: 'OFED_BLACKLIST_MODULES_FILE', value: '/host/etc/modprobe.d/blacklist-ofed-modules.conf' }],
        startupProbe: { initialDelaySeconds: 10, periodSeconds: 20 },
        livenessProbe: { initialDelaySeconds: 30, periodSeconds: 30 },
        readinessProbe: { initialDelaySeconds: 10, periodSeconds: 30 },
        // A node has no fabric while its driver is replaced, so its job must have ended.
        upgradePolicy: { autoUpgrade: false },
      },
      sriovDevicePlugin: {
        ...INFINIBAND_IMAGES.devicePlugin,
        config: JSON.stringify({ resourceList: [{ resourcePrefix, resourceName, selectors }] }),
      },
    },
  };
}
