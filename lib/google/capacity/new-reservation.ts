import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import type { GoogleMachine } from '../machine/machine';
import { Commitment } from './commitment';
import type { CommitmentOptions } from './commitment-options';
import { wholeSeconds } from '../props/moment';
import { ComputeReservation } from '../provider/google';

/** Properties for `NewReservation`. */
export interface NewReservationProps {
  /** Machine type. */
  readonly machine: GoogleMachine;
  /** Number of machines. */
  readonly nodes: number;
  /** Zone of the machines. */
  readonly zone: string;
  /** Time at which the reservation is deleted automatically. @default - never */
  readonly until?: Date;
  /** Commitment to buy for the reservation. @default - none */
  readonly commitment?: CommitmentOptions;
}

/**
 * The API returns accelerators and local SSDs that the machine type includes. Without this, the provider would replace the reservation in every
 * apply. Source: google 6.50.0, where a change in either list creates a new reservation.
 */
const IMPLIED_BY_MACHINE = ['guest_accelerators', 'local_ssds'].map(
  (list) => `specific_reservation[0].instance_properties[0].${list}`,
);

/** A reservation that only VMs with its name can consume. */
export class NewReservation extends Construct {
  /** The reservation in Terraform. */
  public readonly resource: ComputeReservation;
  /** The commitment for the reservation. @default - none */
  public readonly commitment?: Commitment;

  constructor(scope: Construct, id: string, { machine, nodes, zone, until, commitment }: NewReservationProps) {
    super(scope, id);
    this.resource = new ComputeReservation(this, 'Resource', {
      name: physicalName(this),
      zone,
      specificReservationRequired: true,
      deleteAtTime: until && wholeSeconds(until),
      // The machine type includes accelerators and local SSDs.
      specificReservation: { count: nodes, instanceProperties: { machineType: machine.name } },
      // Compute Engine rejects the deletion of a reservation with a commitment.
      lifecycle: { preventDestroy: commitment && true, ignoreChanges: [...IMPLIED_BY_MACHINE] },
    });
    if (commitment) {
      const reservation = this.resource.name;
      this.commitment = new Commitment(this, 'Commitment', { ...commitment, machine, nodes, zone, reservation });
    }
  }
}
