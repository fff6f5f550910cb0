import type { Problems } from '../../core/errors';
import type { IMlNetwork } from './network-attributes';

/** What stands in a network once, by the prop that tells that it stands. */
const PARTS = {
  peeringCidrs: {
    what: 'private services access',
    fix: 'Let the owner of the network connect it to servicenetworking.googleapis.com, and name the addresses that it was given.',
  },
  proxyCidr: {
    what: 'the proxy-only subnetwork of its region',
    fix: 'Let it be made, by the owner of the network or with new ProxySubnet(scope, id, { network, cidr }), and name its addresses.',
  },
} as const;

/** Adds a problem where nothing tells that a part stands which is not made in a network that was brought. */
export function checkStands(problems: Problems, network: IMlNetwork, part: keyof typeof PARTS): void {
  if (network[part] !== undefined) return;
  const allowed = `given: ${PARTS[part].what} is not made in ${network.shared ? 'a shared network' : 'a network that was brought'}`;
  problems.add({ code: 'ValueMissing', prop: `network.${part}`, allowed, got: undefined, fix: PARTS[part].fix });
}

/** Adds a problem where a part is to be made in a network of a host project, whose owner alone adds to it. */
export function checkNotShared(problems: Problems, network: IMlNetwork, part: keyof typeof PARTS): void {
  if (!network.shared) return;
  const allowed = `false, where ${PARTS[part].what} is made here: the owner of a shared network makes it`;
  problems.add({ code: 'ClusterOption', prop: 'network.shared', allowed, got: true, fix: PARTS[part].fix });
}
