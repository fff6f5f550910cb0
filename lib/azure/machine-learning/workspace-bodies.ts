import type { ProblemCollector } from '../../core/errors';
import { isUnknown } from '../../terraform/tokens';

/** Request body of a workspace, in API version 2026-05-01. */
export interface WorkspaceBody {
  readonly kind: 'Default';
  readonly sku: { readonly name: 'Basic'; readonly tier: 'Basic' };
  readonly properties: {
    readonly friendlyName?: string;
    readonly storageAccount: string;
    readonly keyVault: string;
    readonly containerRegistry: string;
    readonly applicationInsights: string;
    readonly primaryUserAssignedIdentity: string;
    readonly systemDatastoresAuthMode: 'Identity';
    readonly publicNetworkAccess: 'Enabled' | 'Disabled';
    readonly v1LegacyMode: false;
    readonly hbiWorkspace: boolean;
    readonly imageBuildCompute?: string;
    readonly managedNetwork: { readonly isolationMode: string };
    readonly encryption?: {
      readonly status: 'Enabled';
      readonly identity: { readonly userAssignedIdentity: string };
      readonly keyVaultProperties: {
        readonly keyVaultArmId: string;
        readonly keyIdentifier: string;
        readonly identityClientId: string;
      };
    };
  };
}

/** An outbound rule of a managed network. */
export type OutboundRuleBody =
  | { readonly type: 'FQDN'; readonly destination: string }
  | {
      readonly type: 'PrivateEndpoint';
      readonly destination: {
        readonly serviceResourceId: string;
        readonly subresourceTarget: string;
        readonly sparkEnabled: boolean;
      };
    }
  | {
      readonly type: 'ServiceTag';
      readonly destination: {
        readonly action: 'Allow';
        readonly serviceTag: string;
        readonly portRanges: string;
        readonly protocol: string;
      };
    };

/** Request body of a registry. */
export interface RegistryBody {
  readonly properties: {
    readonly publicNetworkAccess: 'Enabled' | 'Disabled';
    readonly regionDetails: readonly {
      readonly location: string;
      readonly storageAccountDetails: readonly {
        readonly systemCreatedStorageAccount: {
          readonly storageAccountType: string;
          readonly storageAccountHnsEnabled: false;
          readonly allowBlobPublicAccess: false;
        };
      }[];
      readonly acrDetails: readonly { readonly systemCreatedAcrAccount: { readonly acrAccountSku: 'Premium' } }[];
    }[];
  };
}

const UNITS = [
  ['H', 3600],
  ['M', 60],
  ['S', 1],
] as const;

const DAY = 86_400;

/**
 * Returns a duration in the form that the service returns, such as `PT3M` instead of `PT180S`. Another form would change with each apply. That Azure ML
 * returns durations in this form is inferred from its SDK, unverified.
 *
 * @see https://learn.microsoft.com/en-us/dotnet/api/system.xml.xmlconvert.tostring, of a TimeSpan
 */
export function isoDuration(seconds: number): string {
  let rest = seconds % DAY;
  const time = UNITS.map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count > 0 ? `${count}${unit}` : '';
  }).join('');
  const days = Math.floor(seconds / DAY);
  const date = days > 0 ? `P${days}D` : 'P';
  if (time !== '') return `${date}T${time}`;
  return days > 0 ? date : 'PT0S';
}

interface Rule {
  readonly pattern: RegExp;
  readonly allowed: string;
}

/**
 * Names that the service accepts.
 *
 * Source: azure-ai-docs, how-to-manage-quotas.md (endpoints, deployments), how-to-create-attach-compute-cluster.md (computes), and the
 * patterns of the API 2026-05-01 (workspaces, registries, outbound rules).
 */
const RULES = {
  endpoint: {
    pattern: /^(?=.{3,32}$)[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$/,
    allowed: '3 to 32 letters and digits, starting with a letter, with single hyphens between them',
  },
  compute: {
    pattern: /^(?=.{3,24}$)[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]$/,
    allowed: '3 to 24 letters, digits, and hyphens, starting with a letter, without a final hyphen',
  },
  workspace: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{2,32}$/,
    allowed: '3 to 33 letters, digits, hyphens, and underscores, starting with a letter or digit',
  },
  registry: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{2,31}$/,
    allowed: '3 to 32 letters, digits, hyphens, and underscores, starting with a letter or digit',
  },
} as const satisfies Record<string, Rule>;

/** Adds a problem if Azure ML does not accept a name. A token is valid. */
export function checkMlName(
  problems: ProblemCollector,
  kind: keyof typeof RULES,
  prop: string,
  name: string | undefined,
): void {
  const { pattern, allowed } = RULES[kind];
  if (name === undefined || isUnknown(name) || pattern.test(name)) return;
  problems.add({
    code: 'AzureName',
    prop,
    allowed,
    got: name,
    fix: 'Choose another name.',
  });
}

/** API version of all request bodies in this folder: the newest stable version that azapi 2.12.0 supports. */
const VERSION = '2026-05-01';

const NAMESPACE = 'Microsoft.MachineLearningServices';

/** Azure ML resource types that azurerm does not support, or not completely. */
export const ML_TYPES = {
  workspace: `${NAMESPACE}/workspaces@${VERSION}`,
  compute: `${NAMESPACE}/workspaces/computes@${VERSION}`,
  outboundRule: `${NAMESPACE}/workspaces/outboundRules@${VERSION}`,
  datastore: `${NAMESPACE}/workspaces/datastores@${VERSION}`,
  schedule: `${NAMESPACE}/workspaces/schedules@${VERSION}`,
  data: `${NAMESPACE}/workspaces/data/versions@${VERSION}`,
  model: `${NAMESPACE}/workspaces/models/versions@${VERSION}`,
  environment: `${NAMESPACE}/workspaces/environments/versions@${VERSION}`,
  onlineEndpoint: `${NAMESPACE}/workspaces/onlineEndpoints@${VERSION}`,
  onlineDeployment: `${NAMESPACE}/workspaces/onlineEndpoints/deployments@${VERSION}`,
  batchEndpoint: `${NAMESPACE}/workspaces/batchEndpoints@${VERSION}`,
  batchDeployment: `${NAMESPACE}/workspaces/batchEndpoints/deployments@${VERSION}`,
  registry: `${NAMESPACE}/registries@${VERSION}`,
} as const;

/**
 * Settings for reading responses. Azure ML returns VM sizes and resource ids in another case, for example `STANDARD_NC48ADS_A100_V4`, which each plan
 * would change again.
 *
 * Source: azapi 2.12.0, examples/Microsoft.MachineLearningServices_workspaces and _computes; azurerm 4.55,
 * machine_learning_workspace_resource.go.
 */
export const ML_READING = { ignoreCasing: true } as const;
