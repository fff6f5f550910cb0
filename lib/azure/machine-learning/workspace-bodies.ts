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
