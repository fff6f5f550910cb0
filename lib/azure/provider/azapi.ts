/*
 * The azapi provider, which sends any request body to Azure Resource Manager. No package with its bindings exists, so this file contains the parts
 * that this library needs, for the schema of azapi 2.12.0. The callers type the bodies.
 */
import { TerraformProvider, TerraformResource, type TerraformResourceConfig, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { existingDependencies } from '../../terraform/existing-dependencies';

/** Provider requirement. Source: the schema of azapi 2.12.0, which later minor versions keep. */
export const METADATA = { providerName: 'azapi', providerVersionConstraint: '~> 2.12' };
const SOURCE = 'Azure/azapi';

/** Options for `AzapiProvider`. The defaults come from the environment, as with azurerm. */
export interface AzapiProviderConfig {
  /** Subscription id. @default - from the environment or the Azure CLI */
  readonly subscriptionId?: string;
  /** Tenant id. @default - from the environment or the Azure CLI */
  readonly tenantId?: string;
  /** Client id of the identity that runs Terraform. @default - from the environment */
  readonly clientId?: string;
  /** Whether to use OpenID Connect. @default - from the environment */
  readonly useOidc?: boolean;
  /** Whether to use the managed identity of the machine. @default - from the environment */
  readonly useMsi?: boolean;
  /** Name by which resources choose it, where there are several. @default - it is the one of the stack */
  readonly alias?: string;
}

/**
 * The azapi provider. Add it to your stack together with azurerm: several constructs need both, and this library creates no provider.
 *
 * @example
 * ```ts
 * import { App, TerraformStack } from 'cdktf';
 * import { AzapiProvider } from 'ai-infra-constructs/azure';
 *
 * new AzapiProvider(new TerraformStack(new App(), 'ml'), 'Azapi');
 * ```
 */
export class AzapiProvider extends TerraformProvider {
  readonly #config: AzapiProviderConfig;

  constructor(scope: Construct, id: string, config: AzapiProviderConfig = {}) {
    super(scope, id, {
      terraformResourceType: 'azapi',
      terraformGeneratorMetadata: METADATA,
      terraformProviderSource: SOURCE,
    });
    this.#config = config;
  }

  /** Alias of the provider configuration. */
  override get alias(): string | undefined {
    return this.#config.alias;
  }

  /** Returns the attributes of the resource in Terraform. */
  protected override synthesizeAttributes(): Record<string, unknown> {
    const { subscriptionId, tenantId, clientId, useOidc, useMsi, alias } = this.#config;
    return {
      subscription_id: subscriptionId,
      tenant_id: tenantId,
      client_id: clientId,
      use_oidc: useOidc,
      use_msi: useMsi,
      alias,
    };
  }
}

/** Identity of a resource. */
export interface AzapiIdentity {
  /** Identity type. */
  readonly type: 'SystemAssigned' | 'UserAssigned' | 'SystemAssigned, UserAssigned';
  /** Resource ids of user-assigned identities. */
  readonly identityIds?: readonly string[];
}

/** Configuration of `AzapiResource`. */
export interface AzapiResourceConfig extends Pick<
  TerraformResourceConfig,
  'provider' | 'dependsOn' | 'count' | 'forEach' | 'lifecycle'
> {
  /** Type and API version, for example `Microsoft.MachineLearningServices/registries@2025-06-01`. */
  readonly type: string;
  /** Name of the resource. */
  readonly name: string;
  /** Resource id of the resource group or of the parent resource. */
  readonly parentId: string;
  /** Request body, as a typed object. Undefined properties are left out. */
  readonly body: object;
  /** Region. @default - none, as for child resources */
  readonly location?: string;
  /** Identity of the resource. @default - none */
  readonly identity?: AzapiIdentity;
  /** Tags. Resources with a location support tags, including those of a cost allocation. @default - none */
  readonly tags?: Readonly<Record<string, string>>;
  /** Paths in the response that `outputAt` reads, for example `properties.scoringUri`. @default - none */
  readonly responseExportValues?: readonly string[];
  /** Resource ids that accept only one change at a time. @default - none */
  readonly locks?: readonly string[];
  /**
   * Paths of the body that another resource sets later, for example `properties.traffic`. Updates keep their values. Requires Terraform or OpenTofu
   * 1.11, because the provider does not store it in the state.
   *
   * @default - none
   */
  readonly ignoreBodyChanges?: readonly string[];
  /** Paths of the body whose change replaces the resource, for example `properties.vmSize`. @default - none */
  readonly replaceTriggersRefs?: readonly string[];
  /** Whether to ignore case in the response, for services that return names and ids in another case. @default false */
  readonly ignoreCasing?: boolean;
  /** Whether the provider validates the body. Turn it off only if the API supports more than its schema. @default true */
  readonly schemaValidation?: boolean;
  /** Timeouts, for example `90m`. @default - 30m, the default of the provider */
  readonly timeouts?: Readonly<Partial<Record<'create' | 'read' | 'update' | 'delete', string>>>;
}

/**
 * A resource that azurerm does not support, or not completely.
 *
 * @example
 * ```ts
 * import type { Construct } from 'constructs';
 * import { AzapiResource, type IResourceGroup } from 'ai-infra-constructs/azure';
 *
 * export function addPlacement(scope: Construct, resourceGroup: IResourceGroup): AzapiResource {
 *   return new AzapiResource(scope, 'Placement', {
 *     type: 'Microsoft.Compute/proximityPlacementGroups@2024-07-01',
 *     name: 'near',
 *     parentId: resourceGroup.id!,
 *     location: resourceGroup.location,
 *     body: { properties: { proximityPlacementGroupType: 'Standard' } },
 *   });
 * }
 * ```
 */
export class AzapiResource extends TerraformResource {
  readonly #config: AzapiResourceConfig;

  constructor(scope: Construct, id: string, config: AzapiResourceConfig) {
    const { provider, dependsOn, count, forEach, lifecycle } = config;
    super(scope, id, {
      terraformResourceType: 'azapi_resource',
      terraformGeneratorMetadata: METADATA,
      provider,
      dependsOn: dependsOn && existingDependencies(scope, dependsOn),
      count,
      forEach,
      lifecycle,
    });
    this.#config = config;
  }

  /** Resource id. */
  get id(): string {
    return this.getStringAttribute('id');
  }

  /** Name of the resource. */
  get name(): string {
    return this.getStringAttribute('name');
  }

  /** Name, as given. */
  get nameInput(): string {
    return this.#config.name;
  }

  /** Type and API version, as given. */
  get typeInput(): string {
    return this.#config.type;
  }

  /** Region, as given. */
  get locationInput(): string | undefined {
    return this.#config.location;
  }

  /** Tags, as given. */
  get tagsInput(): Readonly<Record<string, string>> | undefined {
    return this.#config.tags;
  }

  /** Request body, as given. */
  get bodyInput(): object {
    return this.#config.body;
  }

  /** Object id of the system-assigned identity. */
  get principalId(): string {
    return Token.asString(this.interpolationForAttribute('identity[0].principal_id'));
  }

  /** Returns a string from the response. `responseExportValues` must contain the path. */
  outputAt(path: string): string {
    return Token.asString(this.interpolationForAttribute(`output.${path}`));
  }

  /** Returns the attributes of the resource in Terraform. */
  protected override synthesizeAttributes(): Record<string, unknown> {
    const { type, name, parentId, body, location, identity, tags, timeouts } = this.#config;
    const { responseExportValues, locks, schemaValidation, ignoreBodyChanges, ignoreCasing, replaceTriggersRefs } =
      this.#config;
    return {
      type,
      name,
      parent_id: parentId,
      body,
      location,
      identity: identity && [{ type: identity.type, identity_ids: identity.identityIds && [...identity.identityIds] }],
      tags,
      response_export_values: responseExportValues && [...responseExportValues],
      locks: locks && [...locks],
      schema_validation_enabled: schemaValidation,
      ignore_body_changes: ignoreBodyChanges && [...ignoreBodyChanges],
      ignore_casing: ignoreCasing,
      replace_triggers_refs: replaceTriggersRefs && [...replaceTriggersRefs],
      timeouts,
    };
  }
}
