import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import type { AzureMachine } from '../machine/machine';
import type { IResourceGroup } from '../props/resource-group';
import { CapacityReservation, CapacityReservationGroup } from '../provider/azurerm';

/** Properties for `NewReservation`. */
export interface NewReservationProps {
  /** Resource group of the reservation. */
  readonly resourceGroup: IResourceGroup;
  /** Machine type to reserve. */
  readonly machine: AzureMachine;
  /** Number of machines to reserve. */
  readonly nodes: number;
  /** Availability zone of the nodes. @default - a regional reservation */
  readonly zone?: string;
}

/** A capacity reservation in its own capacity reservation group. */
export class NewReservation extends Construct {
  /** The capacity reservation group. */
  public readonly group: CapacityReservationGroup;
  /** The capacity reservation. */
  public readonly resource: CapacityReservation;

  /** @internal */
  constructor(scope: Construct, id: string, { resourceGroup, machine, nodes, zone }: NewReservationProps) {
    super(scope, id);
    const name = physicalName(this);
    this.group = new CapacityReservationGroup(this, 'Group', {
      name,
      resourceGroupName: resourceGroup.name,
      location: resourceGroup.location,
      zones: zone === undefined ? undefined : [zone],
    });
    this.resource = new CapacityReservation(this, 'Resource', {
      name,
      capacityReservationGroupId: this.group.id,
      sku: { name: machine.name, capacity: nodes },
      zone,
    });
  }
}
