import { TerraformResource, type TerraformResourceConfig } from 'cdktf';
import type { Construct } from 'constructs';
import { existingDependencies } from '../../terraform/existing-dependencies';
import { METADATA } from './azapi';

/** A request to an existing resource. */
export interface AzapiChangeConfig extends Pick<TerraformResourceConfig, 'dependsOn' | 'lifecycle' | 'provider'> {
  /** Type and API version, for example `Microsoft.MachineLearningServices/workspaces/onlineEndpoints@2026-05-01`. */
  readonly type: string;
  /** Resource id of the existing resource. */
  readonly resourceId: string;
  /** Request body. */
  readonly body: object;
}

/** A change of an existing resource. It does not own the resource. */
export abstract class AzapiChange<C extends AzapiChangeConfig> extends TerraformResource {
  protected constructor(
    scope: Construct,
    id: string,
    terraformResourceType: string,
    /** The configuration of the change. */
    protected readonly config: C,
  ) {
    const { dependsOn, lifecycle, provider } = config;
    const change = { dependsOn: dependsOn && existingDependencies(scope, dependsOn), lifecycle, provider };
    super(scope, id, { terraformResourceType, terraformGeneratorMetadata: METADATA, ...change });
  }

  /** Request body, as given. */
  get bodyInput(): object {
    return this.config.body;
  }

  /** Type and API version, as given. */
  get typeInput(): string {
    return this.config.type;
  }
}

/** Configuration of `AzapiUpdateResource`. */
export interface AzapiUpdateResourceConfig extends AzapiChangeConfig {
  /** Resource id of the existing resource. */
  readonly resourceId: string;
  /** Properties to set. Other properties of the resource do not change. */
  readonly body: object;
}

/**
 * Sets properties that require other resources first, such as the traffic between deployments of an endpoint. The properties keep their values after
 * it is destroyed.
 */
export class AzapiUpdateResource extends AzapiChange<AzapiUpdateResourceConfig> {
  constructor(scope: Construct, id: string, config: AzapiUpdateResourceConfig) {
    super(scope, id, 'azapi_update_resource', config);
  }

  /** Returns the attributes of the resource in Terraform. */
  protected override synthesizeAttributes(): Record<string, unknown> {
    const { type, resourceId, body } = this.config;
    return { type, resource_id: resourceId, body };
  }
}

/** Configuration of `AzapiResourceAction`. */
export interface AzapiResourceActionConfig extends AzapiChangeConfig {
  /** Resource id of the existing resource. */
  readonly resourceId: string;
  /** Path after the resource, for example `provisionManagedNetwork`. @default - the resource itself */
  readonly action?: string;
  /** HTTP method. */
  readonly method: 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** When Terraform sends the request. */
  readonly when: 'apply' | 'destroy';
  /** Complete request body. Nothing is merged. */
  readonly body: object;
  /** Timeouts, for example `90m`. @default - 30m, the default of the provider */
  readonly timeouts?: Readonly<Partial<Record<'create' | 'update' | 'delete', string>>>;
}

/** A request that manages no resource: a step to run once, or before a deletion. */
export class AzapiResourceAction extends AzapiChange<AzapiResourceActionConfig> {
  constructor(scope: Construct, id: string, config: AzapiResourceActionConfig) {
    super(scope, id, 'azapi_resource_action', config);
  }

  /** Returns the attributes of the resource in Terraform. */
  protected override synthesizeAttributes(): Record<string, unknown> {
    const { type, resourceId, action, method, when, body, timeouts } = this.config;
    return { type, resource_id: resourceId, action, method, when, body, timeouts };
  }
}
