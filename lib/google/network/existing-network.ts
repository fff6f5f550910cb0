import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { isUnknown } from '../../terraform/tokens';
import { checkRegion } from '../props/location';
import type { IMlNetwork, RangeNames } from './network-attributes';
import { checkRanges } from './range-checks';
import { ML_NETWORK_ATTRIBUTES } from '../prop-schemas';

/** Attributes of an existing network, of this project or of a host project. */
export interface MlNetworkAttributes extends Pick<
  IMlNetwork,
  'region' | 'rangeNames' | 'nodeCidr' | 'podCidr' | 'serviceCidr'
> {
  /** ID or self link of the network: `projects/<project>/global/networks/<name>`. */
  readonly networkId: string;
  /** ID or self link of the subnetwork of the nodes, with outbound internet access: `projects/<project>/regions/<region>/subnetworks/<name>`. */
  readonly subnetworkId: string;
  /**
   * All CIDR blocks of its private services access connection. A network has at most one connection.
   *
   * @default - none; the first file system creates a connection
   */
  readonly peeringCidrs?: readonly string[];
  /** CIDR block of the proxy-only subnetwork in the region, which an inference gateway needs. @default - none */
  readonly proxyCidr?: string;
  /**
   * Whether it is a Shared VPC network of a host project. The stack then adds nothing to it: its owner creates private services access, the
   * proxy-only subnetwork, and firewall rules. With `false`, the stack can add resources to it.
   *
   * @default false - required if the network is in another project than the provider
   */
  readonly shared?: boolean;
}

/** A network that exists already. */
export class ExistingNetwork extends Construct implements IMlNetwork {
  readonly networkId: string;
  readonly subnetworkId: string;
  readonly region: string;
  readonly rangeNames?: RangeNames;
  readonly nodeCidr?: string;
  readonly podCidr?: string;
  readonly serviceCidr?: string;
  readonly peeringCidrs?: readonly string[];
  readonly proxyCidr?: string;
  readonly shared?: boolean;

  constructor(scope: Construct, id: string, attributes: MlNetworkAttributes) {
    super(scope, id);
    const problems = new ProblemCollector();
    if (validateProps(problems, attributes, ML_NETWORK_ATTRIBUTES, 'attributes')) check(problems, attributes);
    problems.throwIfAny(this);
    this.networkId = idOf(attributes.networkId);
    this.subnetworkId = idOf(attributes.subnetworkId);
    this.region = attributes.region;
    this.rangeNames = attributes.rangeNames;
    this.nodeCidr = attributes.nodeCidr;
    this.podCidr = attributes.podCidr;
    this.serviceCidr = attributes.serviceCidr;
    this.peeringCidrs = attributes.peeringCidrs;
    this.proxyCidr = attributes.proxyCidr;
    this.shared = attributes.shared;
  }
}

const HOST = /^https:\/\/(www|compute)\.googleapis\.com\/compute\/(v1|beta)\//;

/** Removes the API address from a self link. Managed Lustre accepts only the ID. */
function idOf(link: string): string {
  return link.replace(HOST, '');
}

const NETWORK = /^projects\/([^/]+)\/global\/networks\/[^/]+$/;
const SUBNETWORK = /^projects\/([^/]+)\/regions\/([^/]+)\/subnetworks\/[^/]+$/;

/** @see https://cloud.google.com/compute/docs/naming-resources */
const RANGE_NAME = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

function check(problems: ProblemCollector, network: MlNetworkAttributes): void {
  checkIds(problems, network);
  const { rangeNames, peeringCidrs, nodeCidr, podCidr, serviceCidr, proxyCidr } = network;
  for (const [range, name] of Object.entries<string>({ ...rangeNames }))
    checkRangeName(problems, `rangeNames.${range}`, name);
  if (peeringCidrs?.length === 0) {
    const allowed = 'a list of at least one CIDR block';
    const fix = 'List the output of `gcloud compute addresses list --filter=purpose=VPC_PEERING`, or leave it out.';
    problems.add({ code: 'CidrInvalid', prop: 'peeringCidrs', allowed, got: peeringCidrs, fix });
  }
  const peering = Object.fromEntries((peeringCidrs ?? []).map((cidr, index) => [`peeringCidrs[${index}]`, cidr]));
  checkRanges(problems, { nodeCidr, podCidr, serviceCidr, ...peering, proxyCidr });
}

function checkIds(problems: ProblemCollector, { networkId, subnetworkId, region }: MlNetworkAttributes): void {
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
    wrong(
      'subnetworkId',
      `a subnetwork of ${host}, the project of the network`,
      subnetworkId,
      'Use a subnetwork of the network.',
    );
  }
  if (isUnknown(region) || itsRegion === region) return;
  const allowed = `${itsRegion}, the region of the subnetwork`;
  problems.add({ code: 'LocationInvalid', prop: 'region', allowed, got: region, fix: 'Use the same region in both.' });
}

function copyFrom(group: string): string {
  return `Copy it from \`gcloud compute ${group} list --uri\`.`;
}

/** A project has an ID and a number. Both identify it. */
function isNumber(project: string): boolean {
  return /^\d+$/.test(project);
}

function checkRangeName(problems: ProblemCollector, prop: string, name: string): void {
  if (isUnknown(name) || RANGE_NAME.test(name)) return;
  problems.add({
    code: 'ResourceIdInvalid',
    prop,
    allowed: 'the name of a secondary range: 1 to 63 lower-case letters, digits and hyphens',
    got: name,
    fix: 'Copy it from `gcloud compute networks subnets describe`.',
  });
}
