import type { ProblemCollector } from '../../core/errors';
import type { IMlNetwork } from './network-attributes';

/** Parts that a network has at most once, by the prop that describes the existing part. */
const PARTS = {
  peeringCidrs: {
    what: 'private services access',
    fix: 'Ask the owner of the network to connect it to servicenetworking.googleapis.com, and set `peeringCidrs`.',
  },
  proxyCidr: {
    what: 'the proxy-only subnetwork of its region',
    fix: 'Create it with new ProxySubnet(scope, id, { network, cidr }) or ask the owner of the network, and set `proxyCidr`.',
  },
} as const;

/** Adds a problem if an existing network lacks a part that the library does not create in it. */
export function checkIsHere(problems: ProblemCollector, network: IMlNetwork, part: keyof typeof PARTS): void {
  if (network[part] !== undefined) return;
  const allowed = `set, because the library does not create ${PARTS[part].what} in ${network.shared ? 'a shared' : 'an existing'} network`;
  problems.add({ code: 'ValueMissing', prop: `network.${part}`, allowed, got: undefined, fix: PARTS[part].fix });
}

/** Adds a problem if a part would be created in a Shared VPC network, where only the owner adds resources. */
export function checkNotShared(problems: ProblemCollector, network: IMlNetwork, part: keyof typeof PARTS): void {
  if (!network.shared) return;
  const allowed = `false if this stack creates ${PARTS[part].what}`;
  problems.add({ code: 'ClusterOption', prop: 'network.shared', allowed, got: true, fix: PARTS[part].fix });
}
