import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import type { GoogleMachine } from '../machine/machine';
import { ComputeReservation } from '../provider/google';

/** Properties for `NewReservation`. */
export interface NewReservationProps {
  readonly machine: GoogleMachine;
  readonly nodes: number;
  readonly zone: string;
  /** @default - without end */
  readonly until?: Date;
}

/** A reservation that only machines which name it can use. */
export class NewReservation extends Construct {
  public readonly resource: ComputeReservation;

  constructor(scope: Construct, id: string, { machine, nodes, zone, until }: NewReservationProps) {
    super(scope, id);
    this.resource = new ComputeReservation(this, 'Resource', {
      name: physicalName(this),
      zone,
      specificReservationRequired: true,
      deleteAtTime: until?.toISOString(),
      // Machines of these families bring their accelerators and local SSD with the machine type.
      specificReservation: { count: nodes, instanceProperties: { machineType: machine.name } },
    });
  }
}
