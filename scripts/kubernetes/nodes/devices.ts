import type { KubernetesObject, Manifest } from '../objects';

/** Devices of a node that a driver for dynamic resource allocation (DRA) publishes. */
export interface NodeDevices {
  /** Name of the driver. */
  readonly driver: string;
  /** Name of the device class for all devices of the driver. */
  readonly deviceClass: string;
  /** Number of devices. */
  readonly count: number;
}

/**
 * Channel of a compute domain, one on each node. The class of the driver has more conditions on its devices.
 *
 * @see https://github.com/kubernetes-sigs/dra-driver-nvidia-gpu
 */
export const DOMAIN_CHANNEL: NodeDevices = {
  driver: 'compute-domain.nvidia.com',
  deviceClass: 'compute-domain-default-channel.nvidia.com',
  count: 1,
};

const API = 'resource.k8s.io/v1';

/** Returns the device class of a driver. */
export function deviceClassOf({ driver, deviceClass }: NodeDevices): Manifest {
  return {
    apiVersion: API,
    kind: 'DeviceClass',
    metadata: { name: deviceClass },
    spec: { selectors: [{ cel: { expression: `device.driver == '${driver}'` } }] },
  };
}

/** Returns the list of devices that a driver publishes for a node. It disappears with the node. */
export function sliceOf({ driver, count }: NodeDevices, { metadata: { name, uid } }: KubernetesObject): Manifest {
  const owner = { apiVersion: 'v1', kind: 'Node', name, uid };
  return {
    apiVersion: API,
    kind: 'ResourceSlice',
    metadata: { name: `${name}-${driver}`, ownerReferences: [owner] } as Manifest['metadata'],
    spec: {
      ...{ driver, nodeName: name, pool: { name, generation: 1, resourceSliceCount: 1 } },
      devices: Array.from({ length: count }, (_, index) => ({ name: `device-${index}` })),
    },
  };
}

/** Returns the claim template that the controller of the driver creates for a compute domain. */
export function claimTemplateOf({ metadata: { namespace }, spec }: Manifest): Manifest {
  const { channel } = spec as { channel: { resourceClaimTemplate: { name: string } } };
  const exactly = { deviceClassName: DOMAIN_CHANNEL.deviceClass, allocationMode: 'ExactCount', count: 1 };
  return {
    apiVersion: API,
    kind: 'ResourceClaimTemplate',
    metadata: { name: channel.resourceClaimTemplate.name, namespace },
    spec: { spec: { devices: { requests: [{ name: 'channel', exactly }] } } },
  };
}
