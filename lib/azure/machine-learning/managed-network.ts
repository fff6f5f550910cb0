import type { Problems } from '../../core/errors';
import {
  branded,
  demand,
  type Kind,
  kind,
  objectOf,
  oneOf,
  recordOf,
  required,
  type Shape,
  TEXT,
} from '../../core/shapes';
import { isUnknown } from '../../terraform/tokens';
import { PRIVATE_DNS_ZONES, type PrivateLinkTarget } from '../network/private-link';
import type { OutboundRuleBody } from './workspace-bodies';

/** A service of Azure that is reached by its tag. */
export interface ServiceTagRule {
  /** E.g. `AzureMonitor`. @see https://learn.microsoft.com/en-us/azure/virtual-network/service-tags-overview */
  readonly tag: string;
  /** E.g. `443` or `80,443`. @default 443 */
  readonly ports?: string;
  /** @default TCP */
  readonly protocol?: 'TCP' | 'UDP' | 'ICMP' | '*';
}

/** A resource of yours that is reached by a private endpoint which the service makes. */
export interface PrivateEndpointRule {
  /** Resource id. The identity of the workspace gets the right to have the endpoint approved there. */
  readonly resourceId: string;
  /** The part of it that is reached. */
  readonly target: PrivateLinkTarget;
}

/** Options that both kinds of managed network have. */
export interface InternetOutboundOptions {
  /** Resources of yours that are reached privately, by a name each. What belongs to the workspace is reached so by itself. @default - none */
  readonly privateEndpoints?: Readonly<Record<string, PrivateEndpointRule>>;
}

/** Options for a network that lets out only what is named. */
export interface ApprovedOutboundOptions extends InternetOutboundOptions {
  /** Services of Azure, by a name each. @default - those that Azure ML itself needs */
  readonly serviceTags?: Readonly<Record<string, ServiceTagRule>>;
  /** Hosts on ports 80 and 443, e.g. `pypi.org` or `*.anaconda.org`, by a name each. They make a firewall that costs by the hour. @default - none */
  readonly hosts?: Readonly<Record<string, string>>;
}

const PRIVATE_ENDPOINT: Kind = objectOf<PrivateEndpointRule>(
  { resourceId: required(TEXT), target: required(oneOf(Object.keys(PRIVATE_DNS_ZONES))) },
  'a private endpoint { resourceId, target }',
);
const SERVICE_TAG: Kind = objectOf<ServiceTagRule>(
  { tag: required(TEXT), ports: TEXT, protocol: oneOf(['TCP', 'UDP', 'ICMP', '*']) },
  'a service tag { tag, ports, protocol }',
);
const INTERNET: Shape<InternetOutboundOptions> = { privateEndpoints: recordOf(PRIVATE_ENDPOINT) };
const APPROVED: Shape<ApprovedOutboundOptions> = {
  ...INTERNET,
  serviceTags: recordOf(SERVICE_TAG),
  hosts: recordOf(kind('a host', (value) => typeof value === 'string' && value !== '', 'Write a text.')),
};

/** How strict the network is, in the words of the API. */
type IsolationMode = 'AllowOnlyApprovedOutbound' | 'AllowInternetOutbound' | 'Disabled';

/**
 * The network that Azure ML makes for the machines of a workspace: computes, online endpoints, Spark. A workspace can become stricter later, and
 * never looser.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-managed-network
 */
export class ManagedNetwork {
  /** Lets out only what is named: nothing that a model or a job is made to send goes elsewhere. */
  static approvedOutbound(options: ApprovedOutboundOptions = {}): ManagedNetwork {
    demand(options, APPROVED, { name: 'options' });
    return new ManagedNetwork('AllowOnlyApprovedOutbound', options);
  }

  /** Lets out everything. */
  static internetOutbound(options: InternetOutboundOptions = {}): ManagedNetwork {
    demand(options, INTERNET, { name: 'options' });
    return new ManagedNetwork('AllowInternetOutbound', options);
  }

  /** None: machines stand in a subnet of yours, and online endpoints reach the internet. */
  static none(): ManagedNetwork {
    return new ManagedNetwork('Disabled', {});
  }

  private constructor(
    /** In the words of the API. */
    public readonly isolationMode: IsolationMode,
    private readonly options: ApprovedOutboundOptions,
  ) {}

  /** Whether there is one. */
  get exists(): boolean {
    return this.isolationMode !== 'Disabled';
  }

  /** Whether rules name hosts, so that there is a firewall. */
  get hasFirewall(): boolean {
    return Object.keys(this.options.hosts ?? {}).length > 0;
  }

  /** @internal The same network, which also reaches a resource privately; a rule of the user under that name stays. */
  reaching(name: string, rule: PrivateEndpointRule): ManagedNetwork {
    const privateEndpoints = { [name]: rule, ...this.options.privateEndpoints };
    return new ManagedNetwork(this.isolationMode, { ...this.options, privateEndpoints });
  }

  /** Resource ids that private endpoints lead to. */
  get privateTargets(): readonly string[] {
    return Object.values(this.options.privateEndpoints ?? {}).map(({ resourceId }) => resourceId);
  }

  /** @internal The rules, by name. */
  get rules(): Readonly<Record<string, OutboundRuleBody>> {
    const { privateEndpoints = {}, serviceTags = {}, hosts = {} } = this.options;
    return {
      ...mapped(privateEndpoints, privateRule),
      ...mapped(serviceTags, ({ tag, ports = '443', protocol = 'TCP' }) => ({
        type: 'ServiceTag' as const,
        destination: { action: 'Allow' as const, serviceTag: tag, portRanges: ports, protocol },
      })),
      ...mapped(hosts, (destination) => ({ type: 'FQDN' as const, destination })),
    };
  }

  /** @internal Adds what is wrong with its rules. */
  check(problems: Problems): void {
    const { privateEndpoints = {}, serviceTags = {}, hosts = {} } = this.options;
    const names = [privateEndpoints, serviceTags, hosts].flatMap(Object.keys);
    for (const name of new Set(names)) checkName(problems, name, names.filter((one) => one === name).length);
    for (const [name, host] of Object.entries(hosts)) {
      if (isUnknown(host) || HOST.test(host)) continue;
      wrong(
        problems,
        `hosts.${name}`,
        'a host, e.g. pypi.org or *.anaconda.org',
        host,
        'Leave scheme, port and path out.',
      );
    }
    for (const [name, { ports }] of Object.entries(serviceTags)) {
      if (ports === undefined || isUnknown(ports) || PORTS.test(ports)) continue;
      wrong(problems, `serviceTags.${name}.ports`, 'ports and ranges, e.g. 80,443 or 8000-8080', ports, 'Name ports.');
    }
  }
}

/** A managed network, of whichever copy of the package. */
export const MANAGED_NETWORK: Kind = branded(
  ManagedNetwork,
  'AzureManagedNetwork',
  'a ManagedNetwork',
  'Use ManagedNetwork.approvedOutbound() or its like.',
);

// Source: the pattern of workspaces/outboundRules of the API 2026-05-01.
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{2,32}$/;
const HOST = /^(\*\.)?([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$/;
const PORTS = /^(\*|\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*)$/;

/** @internal A rule for a resource that is reached by a private endpoint. */
export function privateRule({ resourceId, target }: PrivateEndpointRule): OutboundRuleBody {
  const destination = { serviceResourceId: resourceId, subresourceTarget: target, sparkEnabled: true };
  return { type: 'PrivateEndpoint', destination };
}

function wrong(problems: Problems, prop: string, allowed: string, got: unknown, fix: string): void {
  problems.add({ code: 'OutboundRule', prop: `outbound.${prop}`, allowed, got, fix });
}

function checkName(problems: Problems, name: string, times: number): void {
  if (times > 1) wrong(problems, name, 'one rule: each has a name of its own', `${times} rules`, 'Rename one of them.');
  if (NAME.test(name)) return;
  const allowed = 'named by 3 to 33 letters, digits, hyphens and underscores, beginning with a letter or digit';
  wrong(problems, name, allowed, name, 'Rename it.');
}

function mapped<T, R>(entries: Readonly<Record<string, T>>, to: (entry: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, to(entry)]));
}
