import { Problems } from '../../core/errors';
import { FLAG, fits, listOf, objectOf, required, type Shape, TEXT } from '../../core/shapes';
import { isUnknown } from '../../terraform/tokens';
import { checkRegion } from '../props/location';
import type { IMlNetwork, RangeNames } from './network-attributes';
import { checkRanges } from './network-ranges';

/** What is known of a network that stands already. */
export interface ExistingNetwork extends Pick<
  IMlNetwork,
  'region' | 'rangeNames' | 'nodeCidr' | 'podCidr' | 'serviceCidr'
> {
  /** Id or self link of the network: `projects/<project>/global/networks/<name>`. */
  readonly networkId: string;
  /** Id or self link of the subnetwork of nodes, which has a way out: `projects/<project>/regions/<region>/subnetworks/<name>`. */
  readonly subnetworkId: string;
  /**
   * All addresses that private services access was given, where it stands: a network has one such connection, whoever made it.
   *
   * @default - it is made for the first file system that needs it
   */
  readonly peeringCidrs?: readonly string[];
  /** Addresses of the proxy-only subnetwork of the region, which an inference gateway needs. @default - none stands */
  readonly proxyCidr?: string;
  /**
   * Whether it is a Shared VPC of a host project, where nothing is added to it from here: its owner makes private services access, proxies, and
   * rules of its firewall. `false` says that this stack may add to it.
   *
   * @default false - but it must be said where the network is known to be of another project than the provider
   */
  readonly shared?: boolean;
}

const SHAPE: Shape<ExistingNetwork> = {
  networkId: required(TEXT),
  subnetworkId: required(TEXT),
  region: required(TEXT),
  rangeNames: objectOf<RangeNames>({ pods: required(TEXT), services: required(TEXT) }, 'names { pods, services }'),
  nodeCidr: TEXT,
  podCidr: TEXT,
  serviceCidr: TEXT,
  peeringCidrs: listOf(TEXT),
  proxyCidr: TEXT,
  shared: FLAG,
};

/** @internal The network that stands, as constructs want it. */
export function existingNetwork(network: ExistingNetwork): IMlNetwork {
  const problems = new Problems();
  if (fits(problems, network, SHAPE, 'network')) check(problems, network);
  problems.throwIfAny();
  return { ...network, networkId: idOf(network.networkId), subnetworkId: idOf(network.subnetworkId) };
}

const HOST = /^https:\/\/(www|compute)\.googleapis\.com\/compute\/(v1|beta)\//;

/** A self link is the id, behind the address of the API. Managed Lustre takes the id alone. */
function idOf(link: string): string {
  return link.replace(HOST, '');
}

const NETWORK = /^projects\/([^/]+)\/global\/networks\/[^/]+$/;
const SUBNETWORK = /^projects\/([^/]+)\/regions\/([^/]+)\/subnetworks\/[^/]+$/;

/** @see https://cloud.google.com/compute/docs/naming-resources */
const RANGE_NAME = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

function check(problems: Problems, network: ExistingNetwork): void {
  checkIds(problems, network);
  const { rangeNames, peeringCidrs, nodeCidr, podCidr, serviceCidr, proxyCidr } = network;
  for (const [range, name] of Object.entries<string>({ ...rangeNames }))
    checkRangeName(problems, `rangeNames.${range}`, name);
  if (peeringCidrs?.length === 0) {
    const allowed = 'one block or more';
    const fix = 'Name what `gcloud compute addresses list --filter=purpose=VPC_PEERING` prints, or leave it out.';
    problems.add({ code: 'CidrInvalid', prop: 'peeringCidrs', allowed, got: peeringCidrs, fix });
  }
  const peering = Object.fromEntries((peeringCidrs ?? []).map((cidr, index) => [`peeringCidrs[${index}]`, cidr]));
  checkRanges(problems, { nodeCidr, podCidr, serviceCidr, ...peering, proxyCidr });
}

function checkIds(problems: Problems, { networkId, subnetworkId, region }: ExistingNetwork): void {
  const wrong = (prop: string, allowed: string, got: string, fix: string) =>
    problems.add({ code: 'ResourceIdInvalid', prop, allowed, got, fix });
  const [, host] = NETWORK.exec(idOf(networkId)) ?? [];
  const [, project, itsRegion] = SUBNETWORK.exec(idOf(subnetworkId)) ?? [];
  if (host === undefined && !isUnknown(networkId)) {
    wrong('networkId', 'projects/<project>/global/networks/<name>', networkId, copyFrom('networks'));
  }
  checkRegion(problems, 'region', region);
  if (isUnknown(subnetworkId)) return;
  if (project === undefined) {
    const allowed = 'projects/<project>/regions/<region>/subnetworks/<name>';
    wrong('subnetworkId', allowed, subnetworkId, copyFrom('networks subnets'));
    return;
  }
  if (host !== undefined && host !== project && !isNumber(host) && !isNumber(project)) {
    wrong('subnetworkId', `a subnetwork of ${host}, the project of the network`, subnetworkId, 'Name one of its own.');
  }
  if (isUnknown(region) || itsRegion === region) return;
  const allowed = `${itsRegion}, the region of the subnetwork`;
  problems.add({ code: 'LocationInvalid', prop: 'region', allowed, got: region, fix: 'Name the same region in both.' });
}

function copyFrom(group: string): string {
  return `Copy it from \`gcloud compute ${group} list --uri\`.`;
}

/** A project has a name and a number, and both are right. */
function isNumber(project: string): boolean {
  return /^\d+$/.test(project);
}

function checkRangeName(problems: Problems, prop: string, name: string): void {
  if (isUnknown(name) || RANGE_NAME.test(name)) return;
  problems.add({
    code: 'ResourceIdInvalid',
    prop,
    allowed: 'the name of a secondary range: 1 to 63 lower-case letters, digits and hyphens',
    got: name,
    fix: 'Copy it from `gcloud compute networks subnets describe`.',
  });
}
