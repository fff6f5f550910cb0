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

/**
 * What Google tells of a machine that brings its accelerators and local SSD: to the provider it would be another reservation, and each apply would
 * delete the one that stands. Source: google 6.50.0, both are lists of which a change makes a new reservation.
 */
const TOLD_BY_MACHINE = ['guest_accelerators', 'local_ssds'].map(
  (list) => `specific_reservation[0].instance_properties[0].${list}`,
);

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
      lifecycle: { preventDestroy: commitment && true, ignoreChanges: [...TOLD_BY_MACHINE] },
    });
    if (commitment) {
      const reservation = this.resource.name;
      this.commitment = new Commitment(this, 'Commitment', { ...commitment, machine, nodes, zone, reservation });
    }
  }
}
