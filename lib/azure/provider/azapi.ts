/*
 * The provider azapi, which sends any body to Azure Resource Manager. No package of its bindings exists, so that what is needed of it stands
 * here, written against the schema of azapi 2.12.0. Bodies are typed where they are made.
 */
import { TerraformProvider, TerraformResource, type TerraformResourceConfig, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { standingBefore } from '../../terraform/standing-before';

/** As `required_providers` names it. Source: the schema of azapi 2.12.0; a later minor version keeps it. */
export const METADATA = { providerName: 'azapi', providerVersionConstraint: '~> 2.12' };
const SOURCE = 'Azure/azapi';

/** Options for `AzapiProvider`. What is left out comes from the environment, as with the provider azurerm. */
export interface AzapiProviderConfig {
  /** @default - that of the environment, or of the Azure CLI */
  readonly subscriptionId?: string;
  /** @default - that of the environment, or of the Azure CLI */
  readonly tenantId?: string;
  /** Of the identity that applies. @default - that of the environment */
  readonly clientId?: string;
  /** Whether a token of the pipeline is exchanged for one of Azure. @default - that of the environment */
  readonly useOidc?: boolean;
  /** Whether the managed identity of the machine applies. @default - that of the environment */
  readonly useMsi?: boolean;
  /** Name by which resources choose it, where there are several. @default - it is the one of the stack */
  readonly alias?: string;
}

/** The provider azapi, for your stack: this library makes no provider. Several constructs need it beside the one of azurerm. */
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

  override get alias(): string | undefined {
    return this.#config.alias;
  }

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

/** The identity of a resource. */
export interface AzapiIdentity {
  readonly type: 'SystemAssigned' | 'UserAssigned' | 'SystemAssigned, UserAssigned';
  /** Resource ids of user-assigned identities. */
  readonly identityIds?: readonly string[];
}

/** What is sent to Azure Resource Manager. */
export interface AzapiResourceConfig extends TerraformResourceConfigOf {
  /** Type and API version, e.g. `Microsoft.MachineLearningServices/registries@2025-06-01`. */
  readonly type: string;
  readonly name: string;
  /** Resource id of what it stands in: of the resource group, or of the parent resource. */
  readonly parentId: string;
  /** The body, in the words of the API: a typed object. Absent entries are left out. */
  readonly body: object;
  /** @default - it has none, as resources within others */
  readonly location?: string;
  /** @default - none */
  readonly identity?: AzapiIdentity;
  /** Resources with a location take tags, and so those of a cost allocation. @default - none */
  readonly tags?: Readonly<Record<string, string>>;
  /** Paths in the answer that `outputAt` reads, e.g. `properties.scoringUri`. @default - none is kept */
  readonly responseExportValues?: readonly string[];
  /** Resource ids that only one change at a time may touch. @default - none */
  readonly locks?: readonly string[];
  /**
   * Paths of the body that something else sets later, e.g. `properties.traffic`: an update keeps what stands there. It needs Terraform or
   * OpenTofu 1.11, since the provider keeps it in no state.
   *
   * @default - none
   */
  readonly ignoreBodyChanges?: readonly string[];
  /** Whether letters of another case in the answer are no change: where a service gives names and ids back in its own. @default false */
  readonly ignoreCasing?: boolean;
  /** Whether the provider checks the body before it is sent: off only where the API takes more than its schema says. @default true */
  readonly schemaValidation?: boolean;
  /** How long a step may take, e.g. `90m`. @default - 30m, as the provider has it */
  readonly timeouts?: Readonly<Partial<Record<'create' | 'read' | 'update' | 'delete', string>>>;
}

type TerraformResourceConfigOf = Omit<
  TerraformResourceConfig,
  'terraformResourceType' | 'terraformGeneratorMetadata' | 'connection' | 'provisioners'
>;

/** A resource that the provider azurerm lacks, or cannot say in full. */
export class AzapiResource extends TerraformResource {
  readonly #config: AzapiResourceConfig;

  constructor(scope: Construct, id: string, config: AzapiResourceConfig) {
    const { provider, dependsOn, count, forEach, lifecycle } = config;
    super(scope, id, {
      terraformResourceType: 'azapi_resource',
      terraformGeneratorMetadata: METADATA,
      provider,
      dependsOn: dependsOn && standingBefore(scope, dependsOn),
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

  get name(): string {
    return this.getStringAttribute('name');
  }

  /** The name, as it was given. */
  get nameInput(): string {
    return this.#config.name;
  }

  /** Type and API version, as they were given. */
  get typeInput(): string {
    return this.#config.type;
  }

  get locationInput(): string | undefined {
    return this.#config.location;
  }

  get tagsInput(): Readonly<Record<string, string>> | undefined {
    return this.#config.tags;
  }

  /** The body, as it was given. */
  get bodyInput(): object {
    return this.#config.body;
  }

  /** Object id of the identity that Azure made with the resource, where its type has `SystemAssigned`. */
  get principalId(): string {
    return Token.asString(this.interpolationForAttribute('identity[0].principal_id'));
  }

  /** A text of the answer; `path` must be among `responseExportValues`. */
  outputAt(path: string): string {
    return Token.asString(this.interpolationForAttribute(`output.${path}`));
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const { type, name, parentId, body, location, identity, tags, timeouts } = this.#config;
    const { responseExportValues, locks, schemaValidation, ignoreBodyChanges, ignoreCasing } = this.#config;
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
      timeouts,
    };
  }
}
