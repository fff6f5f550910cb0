import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import type { GoogleMachine } from '../machine/machine';
import { Commitment } from './commitment';
import type { CommitmentOptions } from './commitment-options';
import { wholeSeconds } from '../props/moment';
import { ComputeReservation } from '../provider/google';

/** Properties for `NewReservation`. */
export interface NewReservationProps {
  readonly machine: GoogleMachine;
  readonly nodes: number;
  readonly zone: string;
  /** @default - without end */
  readonly until?: Date;
  /** @default - none */
  readonly commitment?: CommitmentOptions;
}

/** A reservation that only machines which name it can use. */
export class NewReservation extends Construct {
  public readonly resource: ComputeReservation;
  /** @default - none was asked for */
  public readonly commitment?: Commitment;

  constructor(scope: Construct, id: string, { machine, nodes, zone, until, commitment }: NewReservationProps) {
    super(scope, id);
    this.resource = new ComputeReservation(this, 'Resource', {
      name: physicalName(this),
      zone,
      specificReservationRequired: true,
      deleteAtTime: until && wholeSeconds(until),
      // Machines of these families bring their accelerators and local SSD with the machine type.
      specificReservation: { count: nodes, instanceProperties: { machineType: machine.name } },
      // Compute Engine deletes no reservation that a commitment holds.
      lifecycle: commitment && { preventDestroy: true },
    });
    if (commitment) {
      const reservation = this.resource.name;
      this.commitment = new Commitment(this, 'Commitment', { ...commitment, machine, nodes, zone, reservation });
    }
  }
}
