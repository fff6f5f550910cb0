import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { fits, required, type Shape, TEXT } from '../../core/shapes';
import { physicalName } from '../../terraform/names';
import { checkLocation } from '../props/location';
import { checkGroupName, type IResourceGroup } from '../props/resource-group';
import { AzurermResourceGroup } from '../provider/azurerm';

/** Properties for `ResourceGroup`. */
export interface ResourceGroupProps {
  /** The region, e.g. `swedencentral`. */
  readonly location: string;
  /** @default - made of the path of the construct */
  readonly name?: string;
}

const SHAPE: Shape<ResourceGroupProps> = { location: required(TEXT), name: TEXT };

/** A resource group for the parts of a workload. Terraform deletes it only when it is empty: the provider sees to that. */
export class ResourceGroup extends Construct implements IResourceGroup {
  public readonly resource: AzurermResourceGroup;
  public readonly location: string;

  constructor(scope: Construct, id: string, props: ResourceGroupProps) {
    super(scope, id);
    const problems = new Problems();
    if (fits(problems, props, SHAPE)) {
      checkLocation(problems, 'location', props.location);
      checkGroupName(problems, 'name', props.name);
    }
    problems.throwIfAny(this);
    const { location, name = physicalName(this) } = props;
    this.location = location;
    this.resource = new AzurermResourceGroup(this, 'Resource', { name, location });
  }

  get id(): string {
    return this.resource.id;
  }

  get name(): string {
    return this.resource.name;
  }
}
