import { Construct } from 'constructs';
import type { ProblemCollector } from '../../core/errors';
import { validated } from '../../core/prop-schema';
import { record } from '../../terraform/findings';
import { physicalName } from '../../terraform/names';
import { isKnown } from '../../terraform/tokens';
import { checkProviders } from '../../terraform/provider-checks';
import type { GoogleMachine } from '../machine/machine';
import { CurrentProject } from '../operations/current-project';
import { checkZone, regionOf } from '../props/location';
import { ComputeRegionCommitment, type ComputeRegionCommitmentConfig } from '../provider/google';
import { COMMITMENT_PROPS } from '../prop-schemas';
import { unconfirmed } from '../../core/confirmation';
import type * as Prices from '../../core/catalog/price-of';

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
    checkProviders(this);
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

/** The confirmation to buy a commitment. */
const CONFIRMATION = 'this purchase cannot be undone';

/** Terms that Google Cloud offers, in years. @see https://cloud.google.com/compute/docs/committed-use-discounts/overview */
const TERMS = [1, 3];

/** A committed-use discount: whole machines at a lower price, billed until the end of the term, used or not. */
export interface CommitmentOptions {
  /**
   * Term in years: 1 or 3.
   * @schema NUMBER
   */
  readonly years: 1 | 3;
  /** Whether the commitment renews automatically at the end of its term. @default false */
  readonly autoRenew?: boolean;
  /**
   * Confirms that nobody can cancel or delete the commitment. Must be `'this purchase cannot be undone'`.
   * @schema STRING
   */
  readonly confirm: 'this purchase cannot be undone';
}

/** Adds each problem of a commitment. */
export function checkCommitment(problems: ProblemCollector, options: CommitmentOptions): void {
  const { years, confirm } = options as { readonly years: number; readonly confirm: string };
  if (!TERMS.includes(years)) {
    problems.add({
      code: 'CommitmentTerm',
      prop: 'years',
      allowed: '1 or 3',
      got: years,
      fix: 'The Compute Engine API supports no other term.',
    });
  }
  if (confirm !== CONFIRMATION) problems.add(unconfirmed(confirm, CONFIRMATION));
}

/**
 * The commitment type for each machine series.
 *
 * Source: cloud.google.com/compute/docs/committed-use-discounts, "Extend the term of resource-based commitments", a copy of 2026; read
 * 2026-11-26. The same page sends A3 Ultra, A4, A4X and A4X Max to future reservations in AI Hypercomputer, by the account team. It has no TPUs.
 */
const TYPES: readonly (readonly [series: RegExp, type: string])[] = [
  [/^a2-/, 'ACCELERATOR_OPTIMIZED'],
  [/^a3-(high|edge)gpu-/, 'ACCELERATOR_OPTIMIZED_A3'],
  [/^a3-megagpu-/, 'ACCELERATOR_OPTIMIZED_A3_MEGA'],
  [/^g2-/, 'GRAPHICS_OPTIMIZED'],
  [/^g4-/, 'GRAPHICS_OPTIMIZED_G4'],
];

/** Returns the commitment type of a machine. Adds a problem if the API does not support commitments for it. */
export function commitmentType(problems: ProblemCollector, prop: string, machine: GoogleMachine): string | undefined {
  const type = TYPES.find(([series]) => series.test(machine.name))?.[1];
  const { vcpus, memoryGB, accelerators } = machine.spec;
  if (type !== undefined && vcpus !== undefined && memoryGB !== undefined && accelerators >= 1) return type;
  problems.add({
    code: 'CommitmentMachine',
    prop,
    allowed: 'an A2, A3 High, A3 Edge, A3 Mega, G2 or G4 machine with whole GPUs',
    got: machine.name,
    fix: 'For newer machines and TPUs, buy the commitment with a future reservation from your account team, and use its reservation.',
  });
  return undefined;
}

/** The cost of a commitment, or the reason that it is unknown. */
export interface CommittedCost {
  /** Cost of all machines until the end of the term, in US dollars. @default - unknown; the catalog has no price for whole machines */
  readonly totalUsd?: number;
  /** The cost with its source, or the reason that it is unknown. */
  readonly text: string;
}

/** The machines and the term of a commitment. */
export interface CommittedTerm {
  /** Number of machines. */
  readonly nodes: number;
  /** Term in years. */
  readonly years: number;
}

const HOURS_PER_YEAR = 8760;

/** The cost of a commitment from the price catalog, which is loaded only here. A missing price is never replaced. */
export function committedCost(machine: string, region: string, term: CommittedTerm): CommittedCost {
  const { priceOf } = require('../../core/catalog/price-of') as typeof Prices;
  return costOf(priceOf({ cloud: 'google', machine, region, market: 'committed' }), term);
}

/** @internal The cost for an answer of the catalog. */
export function costOf({ price, reason }: Prices.PriceAnswer, { nodes, years }: CommittedTerm): CommittedCost {
  if (!price) return { text: `the price is unknown: ${reason}` };
  if (price.termYears !== years) {
    return { text: `the price is unknown: ${price.source} has a price for ${price.termYears ?? 'unknown'} years` };
  }
  const totalUsd = price.usdPerHour * nodes * years * HOURS_PER_YEAR;
  return {
    totalUsd,
    text: `${Math.round(totalUsd)} USD in total, at ${price.usdPerHour} USD per hour (${price.source})`,
  };
}
