import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import type { AzureMachine } from '../machine/machine';
import type { IResourceGroup } from '../props/resource-group';
import { CapacityReservation, CapacityReservationGroup } from '../provider/azurerm';

/** Properties for `NewReservation`. */
export interface NewReservationProps {
  readonly resourceGroup: IResourceGroup;
  readonly machine: AzureMachine;
  readonly nodes: number;
  /** The zone of the nodes. @default - none: the reservation is of the region */
  readonly zone?: string;
}

/** A capacity reservation in a group of its own, as nodes name it. */
export class NewReservation extends Construct {
  public readonly group: CapacityReservationGroup;
  public readonly resource: CapacityReservation;

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
