import { TerraformResource, type TerraformResourceConfig } from 'cdktf';
import type { Construct } from 'constructs';
import { standingBefore } from '../../terraform/standing-before';
import { METADATA } from './azapi';

/** What is sent to a resource that stands. */
interface AzapiChangeConfig extends Pick<TerraformResourceConfig, 'dependsOn' | 'lifecycle' | 'provider'> {
  /** Type and API version, e.g. `Microsoft.MachineLearningServices/workspaces/onlineEndpoints@2026-05-01`. */
  readonly type: string;
  /** Resource id of what stands. */
  readonly resourceId: string;
  /** What is sent, in the words of the API. */
  readonly body: object;
}

/** A change of a resource that stands: no resource of its own, and not the whole of one. */
abstract class AzapiChange<C extends AzapiChangeConfig> extends TerraformResource {
  protected constructor(
    scope: Construct,
    id: string,
    terraformResourceType: string,
    protected readonly config: C,
  ) {
    const { dependsOn, lifecycle, provider } = config;
    const change = { dependsOn: dependsOn && standingBefore(scope, dependsOn), lifecycle, provider };
    super(scope, id, { terraformResourceType, terraformGeneratorMetadata: METADATA, ...change });
  }

  /** What is sent, as it was given. */
  get bodyInput(): object {
    return this.config.body;
  }

  /** Type and API version, as they were given. */
  get typeInput(): string {
    return this.config.type;
  }
}

/** What is changed of a resource that stands. */
export interface AzapiUpdateResourceConfig extends AzapiChangeConfig {
  /** Resource id of what is changed. */
  readonly resourceId: string;
  /** The entries that are set, in the words of the API: the rest of the resource stays as it is. */
  readonly body: object;
}

/**
 * Entries of a resource that can be set only once others stand, such as the traffic between deployments of an endpoint. What it set stays when
 * it is destroyed.
 */
export class AzapiUpdateResource extends AzapiChange<AzapiUpdateResourceConfig> {
  constructor(scope: Construct, id: string, config: AzapiUpdateResourceConfig) {
    super(scope, id, 'azapi_update_resource', config);
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const { type, resourceId, body } = this.config;
    return { type, resource_id: resourceId, body };
  }
}

/** What is done to a resource that stands. */
export interface AzapiResourceActionConfig extends AzapiChangeConfig {
  /** Resource id of what it is done to. */
  readonly resourceId: string;
  /** The part of the address behind the resource, e.g. `provisionManagedNetwork`. @default - the resource itself */
  readonly action?: string;
  readonly method: 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** When it is done. */
  readonly when: 'apply' | 'destroy';
  /** What is sent, in the words of the API: all that it takes, since nothing is merged. */
  readonly body: object;
  /** How long it may take, e.g. `90m`. @default - 30m, as the provider has it */
  readonly timeouts?: Readonly<Partial<Record<'create' | 'update' | 'delete', string>>>;
}

/** A call of the API that is no resource of its own: a step that must be done once, or before something can go. */
export class AzapiResourceAction extends AzapiChange<AzapiResourceActionConfig> {
  constructor(scope: Construct, id: string, config: AzapiResourceActionConfig) {
    super(scope, id, 'azapi_resource_action', config);
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const { type, resourceId, action, method, when, body, timeouts } = this.config;
    return { type, resource_id: resourceId, action, method, when, body, timeouts };
  }
}
