import type { ProblemCollector } from '../../core/errors';
import { assertProps, brand } from '../../core/prop-schema';
import { isUnknown } from '../../terraform/tokens';
import type { PrivateLinkTarget } from '../network/private-link';
import type { OutboundRuleBody } from './workspace-bodies';
import { APPROVED_OUTBOUND_OPTIONS, INTERNET_OUTBOUND_OPTIONS } from '../prop-schemas';

/** An outbound rule for an Azure service tag. */
export interface ServiceTagRule {
  /** Service tag, for example `AzureMonitor`. @see https://learn.microsoft.com/en-us/azure/virtual-network/service-tags-overview */
  readonly tag: string;
  /** Ports, for example `443` or `80,443`. @default 443 */
  readonly ports?: string;
  /** Protocol. @default TCP */
  readonly protocol?: 'TCP' | 'UDP' | 'ICMP' | '*';
}

/** An outbound rule for a resource, through a private endpoint that Azure ML creates. */
export interface PrivateEndpointRule {
  /** Resource id. The identity of the workspace gets permission to approve the endpoint. */
  readonly resourceId: string;
  /** Sub-resource of the endpoint. */
  readonly target: PrivateLinkTarget;
}

/** Options for a managed network with internet outbound access. */
export interface InternetOutboundOptions {
  /** Resources to reach through private endpoints, by rule name. The parts of the workspace have them already. @default - none */
  readonly privateEndpoints?: Readonly<Record<string, PrivateEndpointRule>>;
}

/** Options for a managed network with only approved outbound traffic. */
export interface ApprovedOutboundOptions extends InternetOutboundOptions {
  /** Service tags, by rule name. @default - the tags that Azure ML requires */
  readonly serviceTags?: Readonly<Record<string, ServiceTagRule>>;
  /** Hosts on ports 80 and 443, for example `pypi.org` or `*.anaconda.org`, by rule name. They create a firewall that is billed by the hour. @default - none */
  readonly hosts?: Readonly<Record<string, string>>;
}

/** Isolation mode of a managed network, as in the API. */
export type IsolationMode = 'AllowOnlyApprovedOutbound' | 'AllowInternetOutbound' | 'Disabled';

/**
 * The managed network of a workspace, for compute clusters, online endpoints, and Spark. It can become stricter later, but never less strict.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-managed-network
 *
 * @example
 * ```ts
 * import { ManagedNetwork } from 'ai-infra-constructs/azure';
 *
 * const outbound = ManagedNetwork.approvedOutbound({ hosts: { pypi: 'pypi.org' } });
 * ```
 */
export class ManagedNetwork {
  /** Allows only approved outbound traffic, so that models and jobs cannot send data elsewhere. */
  static approvedOutbound(options: ApprovedOutboundOptions = {}): ManagedNetwork {
    assertProps(options, APPROVED_OUTBOUND_OPTIONS, { name: 'options' });
    return new ManagedNetwork('AllowOnlyApprovedOutbound', options);
  }

  /** Allows all outbound traffic. */
  static internetOutbound(options: InternetOutboundOptions = {}): ManagedNetwork {
    assertProps(options, INTERNET_OUTBOUND_OPTIONS, { name: 'options' });
    return new ManagedNetwork('AllowInternetOutbound', options);
  }

  /** No managed network: compute clusters use your subnet, and online endpoints have internet access. */
  static none(): ManagedNetwork {
    return new ManagedNetwork('Disabled', {});
  }

  private constructor(
    /** Isolation mode, as in the API. */
    public readonly isolationMode: IsolationMode,
    private readonly options: ApprovedOutboundOptions,
  ) {}

  /** Whether the workspace has a managed network. */
  get exists(): boolean {
    return this.isolationMode !== 'Disabled';
  }

  /** Whether rules for hosts create a firewall. */
  get hasFirewall(): boolean {
    return Object.keys(this.options.hosts ?? {}).length > 0;
  }

  /** @internal Adds a private endpoint, unless the user has a rule with that name. */
  reaching(name: string, rule: PrivateEndpointRule): ManagedNetwork {
    const privateEndpoints = { [name]: rule, ...this.options.privateEndpoints };
    return new ManagedNetwork(this.isolationMode, { ...this.options, privateEndpoints });
  }

  /** Resource ids of the targets of private endpoints. */
  get privateTargets(): readonly string[] {
    return Object.values(this.options.privateEndpoints ?? {}).map(({ resourceId }) => resourceId);
  }

  /** @internal Outbound rules, by name. */
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

  /** @internal Adds each problem of the rules. */
  check(problems: ProblemCollector): void {
    const { privateEndpoints = {}, serviceTags = {}, hosts = {} } = this.options;
    const names = [privateEndpoints, serviceTags, hosts].flatMap(Object.keys);
    for (const name of new Set(names)) checkName(problems, name, names.filter((one) => one === name).length);
    for (const [name, host] of Object.entries(hosts)) {
      if (isUnknown(host) || HOST.test(host)) continue;
      wrong(
        problems,
        `hosts.${name}`,
        'a host, for example pypi.org or *.anaconda.org',
        host,
        'Remove scheme, port, and path.',
      );
    }
    for (const [name, { ports }] of Object.entries(serviceTags)) {
      if (ports === undefined || isUnknown(ports) || PORTS.test(ports)) continue;
      wrong(
        problems,
        `serviceTags.${name}.ports`,
        'ports and port ranges, for example 80,443 or 8000-8080',
        ports,
        'List the ports.',
      );
    }
  }
}

brand(ManagedNetwork, 'azure.ManagedNetwork');

// Source: the pattern of workspaces/outboundRules of the API 2026-05-01.
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{2,32}$/;
const HOST = /^(\*\.)?([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$/;
const PORTS = /^(\*|\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*)$/;

/** @internal Returns the rule for a private endpoint. */
export function privateRule({ resourceId, target }: PrivateEndpointRule): OutboundRuleBody {
  const destination = { serviceResourceId: resourceId, subresourceTarget: target, sparkEnabled: true };
  return { type: 'PrivateEndpoint', destination };
}

function wrong(problems: ProblemCollector, prop: string, allowed: string, got: unknown, fix: string): void {
  problems.add({ code: 'OutboundRule', prop: `outbound.${prop}`, allowed, got, fix });
}

function checkName(problems: ProblemCollector, name: string, times: number): void {
  if (times > 1) wrong(problems, name, 'a unique rule name', `${times} rules`, 'Rename one of them.');
  if (NAME.test(name)) return;
  const allowed = 'a name of 3 to 33 letters, digits, hyphens, and underscores, starting with a letter or digit';
  wrong(problems, name, allowed, name, 'Rename it.');
}

function mapped<T, R>(entries: Readonly<Record<string, T>>, to: (entry: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, to(entry)]));
}
