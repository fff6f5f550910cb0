import type { ProblemCollector } from '../../core/errors';
import { isKnown } from '../../terraform/tokens';
import { type IMlNetwork, zonesOf } from '../network/network-attributes';
import { checkZone } from '../props/location';

/** Adds a problem if a network has no vSwitches for pods, or no range for services. */
export function checkClusterNetwork(problems: ProblemCollector, network: IMlNetwork | undefined): void {
  if (!network) return;
  const needed = { podVswitches: network.podVswitches?.length ? true : undefined, serviceCidr: network.serviceCidr };
  for (const [prop, value] of Object.entries(needed)) {
    if (value !== undefined) continue;
    problems.add({
      code: 'ValueMissing',
      prop: `network.${prop}`,
      allowed: 'set for a new cluster',
      got: undefined,
      fix: `Set ${prop} in MlNetwork.fromMlNetworkAttributes.`,
    });
  }
}

/** vSwitches of a control plane. Source: alicloud 1.285.0, `vswitch_ids`. */
const MAX_ZONES = 5;

/** Adds each problem of the zones of a control plane. A network without vSwitches there is one. */
export function checkZones(
  problems: ProblemCollector,
  given: readonly string[] | undefined,
  network: IMlNetwork | undefined,
): void {
  const zones = given ?? (network && zonesOf(network)) ?? [];
  const add = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'LocationInvalid', prop, allowed, got, fix });
  if (zones.length < 1 || zones.length > MAX_ZONES)
    add('zones', `a list of 1 to ${MAX_ZONES} zones`, given, 'List the zones of the control plane.');
  if (given === undefined) return;
  given.forEach((zone, index) => {
    const prop = `zones[${index}]`;
    if (!network) checkZone(problems, prop, zone);
    else checkZoneIn(problems, prop, zone, network);
    if (given.indexOf(zone) < index) add(prop, 'a zone that is not in the list yet', zone, 'Remove it.');
  });
}

/** Adds a problem if a network has no vSwitch for nodes, or none for pods, in a zone. */
export function checkZoneIn(problems: ProblemCollector, prop: string, zone: string, network: IMlNetwork): void {
  if (!isKnown(problems, prop, zone)) return;
  const kinds = [network.vswitches, ...(network.podVswitches ? [network.podVswitches] : [])];
  if (kinds.every((vswitches) => vswitches.some((one) => one.zone === zone))) return;
  const both = zonesOf(network).filter((one) => kinds.every((each) => each.some((vswitch) => vswitch.zone === one)));
  problems.add({
    code: 'LocationInvalid',
    prop,
    allowed: `a zone in which the network has vSwitches for nodes and pods: ${both.join(', ') || 'none'}`,
    got: zone,
    fix: 'Add the zone to the network.',
  });
}
