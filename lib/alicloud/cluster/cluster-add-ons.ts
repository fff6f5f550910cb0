import { Fn, type ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import type { ProblemCollector } from '../../core/errors';
import { CsKubernetesAddon, type CsManagedKubernetesConfig } from '../provider/alicloud';

/** What the add-ons of a new cluster depend on. */
export interface AddOnOptions {
  /** Whether the network enforces network policies. */
  readonly networkPolicies: boolean;
  /** Versions of add-ons by name. @default - the newest version that supports the cluster */
  readonly addonVersions?: Readonly<Record<string, string>>;
  /** Name of the project of Simple Log Service for events and container logs. */
  readonly logProject: string;
}

type AddOns = Extract<CsManagedKubernetesConfig['addons'], readonly unknown[]>;

/** An add-on and its configuration. Boolean values are strings, as the API returns them. */
type Configured = readonly [name: string, config?: Readonly<Record<string, string>>];

/**
 * Add-ons that a new cluster has from the beginning. ACK rejects network and storage add-ons later.
 *
 * @see https://registry.terraform.io/providers/aliyun/alicloud/1.285.0/docs/resources/cs_managed_kubernetes
 */
export function creationAddOns({ networkPolicies, addonVersions = {}, logProject }: AddOnOptions): AddOns {
  const all: readonly Configured[] = [
    ['terway-controlplane', { ENITrunking: 'true' }],
    ['terway-eniip', { IPVlan: 'false', NetworkPolicy: `${networkPolicies}`, ENITrunking: 'true' }],
    ['csi-plugin'],
    ['managed-csiprovisioner'],
    // Otherwise ACK creates a NAS file system, which prevents the deletion of the vSwitches.
    ['storage-operator', { CnfsOssEnable: 'false', CnfsNasEnable: 'false' }],
    ['managed-coredns'],
    ['metrics-server'],
    ['ack-node-problem-detector', { sls_project_name: logProject }],
    ['loongcollector', { IngressDashboardEnabled: 'false', sls_project_name: logProject }],
    // Metrics of nodes, pods, and GPUs. It includes the exporter of DCGM.
    ['arms-prometheus', { prometheusMode: 'default' }],
    ['managed-aliyun-acr-credential-helper'],
    ['ack-cost-exporter'],
  ];
  return [
    ...all.map(([name, config]) => ({
      name,
      config: config && JSON.stringify(config),
      version: Object.hasOwn(addonVersions, name) ? addonVersions[name] : undefined,
    })),
    // ACK installs it with a public load balancer otherwise.
    { name: 'nginx-ingress-controller', disabled: true },
  ];
}

/** Names of the add-ons that have a version in `addonVersions`. */
const VERSIONED = new Set(
  creationAddOns({ networkPolicies: true, logProject: '' }).flatMap(({ name, disabled }) =>
    disabled === true || name === undefined ? [] : [name],
  ),
);

/** Whether a new cluster has an add-on from the beginning. */
export function isCreationAddOn(name: string): boolean {
  return VERSIONED.has(name);
}

/** Adds a problem for each version of an add-on that the library does not install. */
export function checkAddOnVersions(problems: ProblemCollector, versions: Readonly<Record<string, string>> = {}): void {
  for (const name of Object.keys(versions)) {
    if (VERSIONED.has(name)) continue;
    problems.add({
      code: 'ClusterOption',
      prop: `addonVersions.${name}`,
      allowed: `one of ${[...VERSIONED].join(', ')}`,
      got: name,
      fix: 'Remove it. `CsKubernetesAddon` of ai-infra-constructs/alicloud/provider installs other add-ons.',
    });
  }
}

/** Installs an add-on on the nodes of a cluster. @param config values that replace the defaults */
export function installAddOn(
  scope: Construct,
  id: string,
  {
    clusterId,
    name,
    config = {},
    after,
  }: {
    readonly clusterId: string;
    readonly name: string;
    readonly config?: object;
    readonly after: readonly ITerraformDependable[];
  },
): CsKubernetesAddon {
  return new CsKubernetesAddon(scope, id, {
    clusterId,
    name,
    config: Object.keys(config).length > 0 ? Fn.jsonencode(config) : undefined,
    dependsOn: [...after],
    timeouts: { create: '20m', update: '20m', delete: '20m' },
  });
}
