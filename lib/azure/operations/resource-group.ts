import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { assertProps, validateProps } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { checkLocation, recordLocation } from '../props/location';
import { checkGroupName, type IResourceGroup } from '../props/resource-group';
import { AzurermResourceGroup } from '../provider/azurerm';
import { RESOURCE_GROUP_ATTRIBUTES, RESOURCE_GROUP_PROPS } from '../prop-schemas';

/** Properties for `ResourceGroup`. */
export interface ResourceGroupProps {
  /** Region, for example `swedencentral`. */
  readonly location: string;
  /** Name of the resource group. @default - derived from the construct path */
  readonly name?: string;
}

/**
 * A resource group for the parts of a workload. The provider deletes it only if it is empty.
 *
 * @example
 * ```ts
 * import { App, TerraformStack } from 'cdktf';
 * import { ResourceGroup } from 'ai-infra-constructs/azure';
 *
 * const stack = new TerraformStack(new App(), 'ml');
 * new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
 * ```
 */
export class ResourceGroup extends Construct implements IResourceGroup {
  /** Imports an existing resource group. Creates no resources. */
  static fromResourceGroupAttributes(scope: Construct, id: string, attrs: ResourceGroupAttributes): IResourceGroup {
    return new ImportedResourceGroup(scope, id, attrs);
  }

  /** The resource group. */
  public readonly resource: AzurermResourceGroup;
  /** Region of the resource group. */
  public readonly location: string;

  constructor(scope: Construct, id: string, props: ResourceGroupProps) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    if (validateProps(problems, props, RESOURCE_GROUP_PROPS)) {
      checkLocation(problems, 'location', props.location);
      checkGroupName(problems, 'name', props.name);
    }
    problems.throwIfAny(this);
    const { location, name = physicalName(this) } = props;
    this.location = location;
    recordLocation(this, location);
    this.resource = new AzurermResourceGroup(this, 'Resource', { name, location });
  }

  /** Resource id. */
  get id(): string {
    return this.resource.id;
  }

  /** Name of the resource group. */
  get name(): string {
    return this.resource.name;
  }
}

/** Attributes of an existing resource group. */
export interface ResourceGroupAttributes {
  /** Name of the resource group. */
  readonly name: string;
  /** Region of the resource group, for example `swedencentral`. */
  readonly location: string;
  /** Resource id. @default - derived from the name and the subscription of the stack */
  readonly resourceGroupId?: string;
}

class ImportedResourceGroup extends Construct implements IResourceGroup {
  public readonly name: string;
  public readonly location: string;
  public readonly id?: string;

  constructor(scope: Construct, id: string, attrs: ResourceGroupAttributes) {
    super(scope, id);
    checkProviders(this);
    assertProps(attrs, RESOURCE_GROUP_ATTRIBUTES, { scope: this, name: 'attrs' });
    const problems = new ProblemCollector();
    checkGroupName(problems, 'name', attrs.name);
    checkLocation(problems, 'location', attrs.location);
    problems.throwIfAny(this);
    this.name = attrs.name;
    this.location = attrs.location;
    recordLocation(this, attrs.location);
    this.id = attrs.resourceGroupId;
  }
}
