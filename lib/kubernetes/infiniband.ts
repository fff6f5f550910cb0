import { Problems } from '../core/errors';
import type { KubernetesManifest } from './manifest';
import { onPools } from './placement';
import { type AcceleratorPool, tolerationsOf } from './pool';
import { checkPools } from './pool-checks';

/** The extended resource of one InfiniBand interface, which the device plugin counts. */
export const INFINIBAND_RESOURCE = 'rdma/ib';

/**
 * What the network operator runs on nodes with InfiniBand. The driver is the newest that was published with both architectures.
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

/** PCI vendor of the adapters, and their virtual functions: ConnectX-6, and all from ConnectX-7 on. Source: as of the images, node-feature-rule.yaml. */
const VENDOR = '15b3';
const VIRTUAL_FUNCTIONS = ['101c', '101e'];

/** The node label by which the network operator finds its nodes. */
const ADAPTER_LABEL = `feature.node.kubernetes.io/pci-${VENDOR}.present`;

/**
 * InfiniBand for pods: a rule that marks the nodes with such adapters, and the policy by which the network operator installs the driver and
 * hands each interface to one pod, as `rdma/ib`. RDMA works below IP, so that pods need no second network.
 *
 * Telemetry of DOCA is left out: it crashes on arm64.
 */
export function infinibandObjects(pools: readonly AcceleratorPool[]): KubernetesManifest[] {
  const problems = new Problems();
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
    // The operator takes one object only, of this name.
    metadata: { name: 'nic-cluster-policy' },
    spec: {
      nodeAffinity: onPools(pools).nodeAffinity,
      tolerations: tolerationsOf(pools),
      ofedDriver: {
        ...INFINIBAND_IMAGES.driver,
        forcePrecompiled: false,
        // Without it the module of the kernel itself may win the race (Mellanox/doca-driver-build issue 52).
        env: [{ name: 'OFED_BLACKLIST_MODULES_FILE', value: '/host/etc/modprobe.d/blacklist-ofed-modules.conf' }],
        startupProbe: { initialDelaySeconds: 10, periodSeconds: 20 },
        livenessProbe: { initialDelaySeconds: 30, periodSeconds: 30 },
        readinessProbe: { initialDelaySeconds: 10, periodSeconds: 30 },
        // A node whose driver changes has no fabric: its job must be over.
        upgradePolicy: { autoUpgrade: false },
      },
      sriovDevicePlugin: {
        ...INFINIBAND_IMAGES.devicePlugin,
        config: JSON.stringify({ resourceList: [{ resourcePrefix, resourceName, selectors }] }),
      },
    },
  };
}
