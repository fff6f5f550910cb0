import { Construct } from 'constructs';
import { type Problems } from '../../core/errors';
import { judged, NUMBER, required, type Shape, TEXT } from '../../core/shapes';
import { record } from '../../terraform/findings';
import { physicalName } from '../../terraform/names';
import { isKnown } from '../../terraform/tokens';
import { GOOGLE_MACHINE, type GoogleMachine } from '../machine/machine';
import { CurrentProject } from '../operations/current-project';
import { checkZone, regionOf } from '../props/location';
import { ComputeRegionCommitment, type ComputeRegionCommitmentConfig } from '../provider/google';
import { type CommittedCost, committedCost } from './committed-cost';
import { checkCommitment, COMMITMENT, type CommitmentOptions } from './commitment-options';
import { commitmentType } from './commitment-type';

/** Properties for `Commitment`. */
export interface CommitmentProps extends CommitmentOptions {
  /** The machine that is paid for: a commitment to GPUs is to whole machines of one series. */
  readonly machine: GoogleMachine;
  /** Number of machines: those of the reservation. */
  readonly nodes: number;
  readonly zone: string;
  /** Name of the reservation of just these machines in the zone. GPUs are committed to with one alone, and it has no other commitment, and no end. */
  readonly reservation: string;
}

const SHAPE: Shape<CommitmentProps> = {
  ...COMMITMENT,
  machine: required(GOOGLE_MACHINE),
  nodes: required(NUMBER),
  zone: required(TEXT),
  reservation: required(TEXT),
};

const PLANS = { 1: 'TWELVE_MONTH', 3: 'THIRTY_SIX_MONTH' } as const;
const MB_PER_GB = 1024;

/**
 * A committed-use discount for reserved machines. It binds for its whole term: nothing cancels it, and destroying the stack only makes
 * Terraform forget it.
 *
 * @see https://cloud.google.com/compute/docs/committed-use-discounts/purchase-commitments-with-reservations
 */
export class Commitment extends Construct {
  public readonly resource: ComputeRegionCommitment;
  /** What it costs to the end of its term, as far as the catalogue knows. */
  public readonly cost: CommittedCost;

  constructor(scope: Construct, id: string, props: CommitmentProps) {
    super(scope, id);
    const type = judged(this, props, SHAPE, (problems) => check(problems, props));
    const { machine, zone, reservation, years } = props;
    const project = CurrentProject.of(this).projectId;
    this.resource = new ComputeRegionCommitment(this, 'Resource', {
      name: physicalName(this),
      region: regionOf(zone),
      category: 'MACHINE',
      type,
      plan: PLANS[years],
      autoRenew: props.autoRenew ?? false,
      resources: resourcesOf(props),
      existingReservations: `projects/${project}/zones/${zone}/reservations/${reservation}`,
      // Google never tells it again, and the provider would buy anew at each plan. Source: hashicorp/terraform-provider-google#27775.
      lifecycle: { preventDestroy: true, ignoreChanges: ['existing_reservations'] },
    });
    this.cost = committedCost(machine.name, regionOf(zone), props);
    this.recordBinding(props);
  }

  private recordBinding({ machine, nodes, years }: CommitmentProps): void {
    record(this, {
      id: 'cost/commitment',
      level: 'warning',
      message: `${nodes} ${machine.name} are paid for over ${years} ${years === 1 ? 'year' : 'years'}, used or not: ${this.cost.text}. No test of the provider ever bought one.`,
      fix: 'Look at what it costs on the page of committed-use discounts, and acknowledge this.',
      evidence:
        'GoogleCloudPlatform/magic-modules#11790; cloud.google.com/compute/docs/committed-use-discounts/overview',
    });
  }
}

/** Everything of the machines that is sold so: cores, memory in MB, GPUs, and the local SSD that they bring, in GB (recalled, unverified). */
function resourcesOf({ machine, nodes }: CommitmentProps): ComputeRegionCommitmentConfig['resources'] {
  const { vcpus = 0, memoryGB = 0, accelerators, acceleratorLabel, localSsd } = machine.spec;
  const amount = (each: number) => String(Math.round(each * nodes));
  const ssdGB = localSsd?.mode === 'attached' ? localSsd.count * localSsd.sizeGB : 0;
  return [
    { type: 'VCPU', amount: amount(vcpus) },
    { type: 'MEMORY', amount: amount(memoryGB * MB_PER_GB) },
    { type: 'ACCELERATOR', amount: amount(accelerators), acceleratorType: acceleratorLabel },
    ...(ssdGB > 0 ? [{ type: 'LOCAL_SSD', amount: amount(ssdGB) }] : []),
  ];
}

function check(problems: Problems, props: CommitmentProps): string | undefined {
  const { machine, nodes, zone } = props;
  checkZone(problems, 'zone', zone);
  checkCommitment(problems, props);
  if (isKnown(problems, 'nodes', nodes) && !(Number.isInteger(nodes) && nodes >= 1)) {
    problems.add({
      code: 'NodesOutOfRange',
      prop: 'nodes',
      allowed: 'a whole number of at least 1',
      got: nodes,
      fix: 'Give the machines of the reservation.',
    });
  }
  return commitmentType(problems, 'machine', machine);
}
