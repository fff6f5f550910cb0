import { Construct } from 'constructs';
import type { ProblemCollector } from '../../core/errors';
import { validated } from '../../core/prop-schema';
import { record } from '../../terraform/findings';
import { physicalName } from '../../terraform/names';
import { isKnown } from '../../terraform/tokens';
import type { GoogleMachine } from '../machine/machine';
import { CurrentProject } from '../operations/current-project';
import { checkZone, regionOf } from '../props/location';
import { ComputeRegionCommitment, type ComputeRegionCommitmentConfig } from '../provider/google';
import { type CommittedCost, committedCost } from './committed-cost';
import { checkCommitment, type CommitmentOptions } from './commitment-options';
import { commitmentType } from './commitment-type';
import { COMMITMENT_PROPS } from '../prop-schemas';

/** Properties for `Commitment`. */
export interface CommitmentProps extends CommitmentOptions {
  /** Machine type of the commitment. Commitments with GPUs cover whole machines of one series. */
  readonly machine: GoogleMachine;
  /** Number of machines, the same as in the reservation. */
  readonly nodes: number;
  /** Zone of the reservation. */
  readonly zone: string;
  /** Name of a reservation with exactly these machines in the zone. It must have no other commitment and no end. */
  readonly reservation: string;
}

const PLANS = { 1: 'TWELVE_MONTH', 3: 'THIRTY_SIX_MONTH' } as const;
const MB_PER_GB = 1024;

/**
 * A committed-use discount for reserved machines. Nobody can cancel it before the end of its term. Terraform never destroys it.
 *
 * @see https://cloud.google.com/compute/docs/committed-use-discounts/purchase-commitments-with-reservations
 * @example
 * ```ts
 * import { Commitment, GoogleMachine } from 'ai-infra-constructs/google';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * new Commitment(stack, 'Commitment', {
 *   machine: GoogleMachine.A3_MEGAGPU_8G,
 *   nodes: 4,
 *   zone: 'us-central1-b',
 *   reservation: 'research',
 *   years: 1,
 *   confirm: 'this purchase cannot be undone',
 * });
 * ```
 */
export class Commitment extends Construct {
  /** The commitment in Terraform. */
  public readonly resource: ComputeRegionCommitment;
  /** Cost until the end of the term, if the catalog has a price. */
  public readonly cost: CommittedCost;

  constructor(scope: Construct, id: string, props: CommitmentProps) {
    super(scope, id);
    const type = validated(this, props, COMMITMENT_PROPS, (problems) => check(problems, props));
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
      // The API does not return it, and the provider would buy another commitment in every plan. Source: hashicorp/terraform-provider-google#27775.
      lifecycle: { preventDestroy: true, ignoreChanges: ['existing_reservations'] },
    });
    this.cost = committedCost(machine.name, regionOf(zone), props);
    this.recordBinding(props);
  }

  private recordBinding({ machine, nodes, years }: CommitmentProps): void {
    record(this, {
      id: 'cost/commitment',
      level: 'warning',
      message: `${nodes} ${machine.name} are billed for ${years} ${years === 1 ? 'year' : 'years'}, used or not: ${this.cost.text}. No test of the provider has bought a commitment.`,
      fix: 'Check the cost on the page of committed-use discounts, and acknowledge this finding.',
      evidence:
        'GoogleCloudPlatform/magic-modules#11790; cloud.google.com/compute/docs/committed-use-discounts/overview',
    });
  }
}

/** The resources of the machines: vCPUs, memory in MB, GPUs, and attached local SSD in GB (recalled, unverified). */
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

function check(problems: ProblemCollector, props: CommitmentProps): string | undefined {
  const { machine, nodes, zone } = props;
  checkZone(problems, 'zone', zone);
  checkCommitment(problems, props);
  if (isKnown(problems, 'nodes', nodes) && !(Number.isInteger(nodes) && nodes >= 1)) {
    problems.add({
      code: 'NodesOutOfRange',
      prop: 'nodes',
      allowed: 'a whole number of at least 1',
      got: nodes,
      fix: 'Use the number of machines in the reservation.',
    });
  }
  return commitmentType(problems, 'machine', machine);
}
