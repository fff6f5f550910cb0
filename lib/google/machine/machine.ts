import { CHIPS, type ChipRow } from '../../core/catalog/chips';
import {
  GOOGLE_MACHINES,
  type GoogleMachineName,
  type GoogleMachineRow,
  type GoogleNetwork,
  type GoogleProvisioning,
} from '../../core/catalog/google-machines';
import { machineFromTable, machineStatics, checkFigures, isCount, wrongFigure } from '../../core/catalog/machine-names';
import { ProblemCollector } from '../../core/errors';
import { brand, validateProps } from '../../core/prop-schema';
import type { IConstruct } from 'constructs';
import { GOOGLE_PLACES } from '../../core/catalog/google-places';
import { findingsAt } from '../../core/findings';
import { unreadFigures } from '../../core/machine-findings';
import { record } from '../../terraform/findings';
import { isUnknown } from '../../terraform/tokens';
import { isIn, regionOf } from '../props/location';
import { GOOGLE_MACHINE_ROW } from '../../core/prop-schemas';

/** The class behind `GoogleMachine`, which adds a static for each machine of the table. */
export class GoogleMachineBase {
  /** All machines of the table. */
  static get all(): readonly GoogleMachine[] {
    return [...TABLE.values()];
  }

  /** The machine with this machine type. Prefer the static for a literal name: `GoogleMachine.A3_ULTRAGPU_8G`. */
  static fromName(name: string): GoogleMachine {
    return machineFromTable(TABLE, name, 'GoogleMachine');
  }

  /** A machine that is not in the table yet. */
  static of(name: string, spec: GoogleMachineRow): GoogleMachine {
    const problems = new ProblemCollector();
    checkName(problems, name);
    checkMachineRow(problems, spec);
    problems.throwIfAny();
    return new GoogleMachineBase(name, spec);
  }

  /** @internal The machines of the table. */
  static fromTable(): Map<string, GoogleMachineBase> {
    return new Map(
      Object.entries(GOOGLE_MACHINES).map(([name, row]) => [name, Object.freeze(new GoogleMachineBase(name, row))]),
    );
  }

  private constructor(
    /** Machine type of Compute Engine, for example `a3-ultragpu-8g`. */
    public readonly name: string,
    /** Specification of the machine. */
    public readonly spec: GoogleMachineRow,
  ) {}

  /** Accelerator of the machine. */
  get chip(): ChipRow {
    return CHIPS[this.spec.chip];
  }

  /** Whether the accelerators are TPUs. */
  get isTpu(): boolean {
    return this.spec.kind === 'tpu';
  }

  /** Whether it is a bare metal machine, which cannot be a Shielded VM. */
  get isBareMetal(): boolean {
    return this.name.endsWith('-metal');
  }

  /** Networks of the additional network interfaces. */
  get networks(): readonly GoogleNetwork[] {
    return this.spec.networks ?? [];
  }

  /** Number of additional network interfaces: for the second host network, GPUDirect over TCP, or RDMA. */
  get furtherInterfaces(): number {
    return this.networks.reduce((sum, kind) => sum + kind.count * interfacesOf(kind), 0);
  }

  /** How the machine can be bought. @default - unknown; every capacity is accepted */
  get markets(): readonly GoogleProvisioning[] | undefined {
    return this.spec.provisioning;
  }

  /** Machine type. */
  toString(): string {
    return this.name;
  }
}

/** Number of interfaces in each VPC: one for each subnet, or several in the subnet of a network profile. */
export function interfacesOf({ subnetsPerVpc, interfaces = 1 }: GoogleNetwork): number {
  return subnetsPerVpc === 0 ? interfaces : subnetsPerVpc;
}

// One object for each row, so that machines can be compared by identity.
const TABLE: ReadonlyMap<string, GoogleMachineBase> = GoogleMachineBase.fromTable();

/**
 * A Google Cloud machine type with GPUs or TPUs.
 *
 * @example
 * ```ts
 * import { GoogleMachine } from 'ai-infra-constructs/google';
 *
 * const machine = GoogleMachine.A3_ULTRAGPU_8G;
 * const sameMachine = GoogleMachine.fromName('a3-ultragpu-8g');
 * ```
 */
export const GoogleMachine = Object.assign(
  GoogleMachineBase,
  machineStatics<GoogleMachineName, GoogleMachineBase>(TABLE),
);
/** A Google Cloud machine type with GPUs or TPUs. */
export type GoogleMachine = GoogleMachineBase;

brand(GoogleMachineBase, 'google.GoogleMachine');

const MACHINE_TYPE = /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/;

function checkName(problems: ProblemCollector, name: string): void {
  if (typeof name === 'string' && MACHINE_TYPE.test(name) && !TABLE.has(name)) return;
  problems.add({
    code: 'MachineRowInvalid',
    prop: 'name',
    allowed: 'a machine type that is not in the table, for example a5-highgpu-8g',
    got: name,
    fix: TABLE.has(name)
      ? 'Use GoogleMachine.fromName or the static.'
      : 'Use the name of the machine type in Compute Engine.',
  });
}

/** Records the findings of a machine in a zone: unverified figures, and a zone that no source lists. */
export function recordMachineFindings(scope: IConstruct, machine: GoogleMachine, zone: string): void {
  recordUnverified(scope, machine);
  const places = placesOf(machine);
  if (!places || isUnknown(zone) || places.some((place) => isIn(zone, place) || isIn(place, zone))) return;
  const message = `No source lists ${machine.name} in ${zone}. Sources list it in ${nearest(places, zone).join(', ')}.`;
  if (isKnown(scope, message)) return;
  record(scope, {
    id: 'machine/region',
    level: 'warning',
    message,
    fix: 'Use one of these zones, or acknowledge this finding if `gcloud compute machine-types list` shows the machine in the zone.',
    evidence: `table of places of Google machines, row ${machine.name}`,
  });
}

/** Whether a sibling has recorded the message: it is recorded once for all slices of a group. */
function isKnown(scope: IConstruct, message: string): boolean {
  const siblings = scope.node.scope?.node.children ?? [];
  return siblings.flatMap(findingsAt).some((finding) => finding.message === message);
}

/** Zones or regions that list a machine. @returns nothing if no source lists any */
function placesOf({ name }: GoogleMachine): readonly string[] | undefined {
  return (GOOGLE_PLACES as Readonly<Record<string, readonly string[]>>)[name];
}

const MAX_NAMED = 12;

/** Places sorted by distance: the same region first, then the same continent. */
function nearest(places: readonly string[], zone: string): string[] {
  const continent = zone.slice(0, zone.indexOf('-'));
  const distance = (place: string) => (isIn(place, regionOf(zone)) ? 0 : place.startsWith(continent) ? 1 : 2);
  const sorted = [...places].sort((a, b) => distance(a) - distance(b));
  return sorted.length > MAX_NAMED ? [...sorted.slice(0, MAX_NAMED), '…'] : sorted;
}

function recordUnverified(scope: IConstruct, { name, spec: { unverified } }: GoogleMachine): void {
  if (unverified === undefined) return;
  const fix = 'Check them with `gcloud compute machine-types describe` before you rely on them.';
  record(scope, unreadFigures(name, unverified, fix, `table of Google machines, row ${name}`));
}

const POSITIVE = ['accelerators', 'acceleratorMemoryGB', 'vcpus', 'memoryGB', 'networkGbps'] as const;

/** Adds each problem of a machine row from a user. */
export function checkMachineRow(problems: ProblemCollector, row: GoogleMachineRow): void {
  if (!validateProps(problems, row, GOOGLE_MACHINE_ROW, 'row')) return;
  const wrong = wrongFigure(problems, 'the page of the machine family or `gcloud compute machine-types describe`');
  checkFigures(wrong, row, POSITIVE);
  row.networks?.forEach(({ count, subnetsPerVpc, interfaces = 1, mtu }, index) => {
    if (!(isCount(count) && isCount(interfaces) && (isCount(subnetsPerVpc) || subnetsPerVpc === 0)))
      wrong(`networks[${index}]`, 'a network with whole numbers of VPCs, subnets and interfaces', {
        count,
        subnetsPerVpc,
        interfaces,
      });
    if (!(mtu >= MIN_MTU && mtu <= MAX_MTU)) wrong(`networks[${index}].mtu`, `${MIN_MTU} to ${MAX_MTU}`, mtu);
  });
  const { deviceClaim } = row;
  if (deviceClaim && !(isCount(deviceClaim.count) && typeof deviceClaim.deviceClass === 'string'))
    wrong('deviceClaim', 'a device class with a whole number of devices', deviceClaim);
  if (row.transport && !row.networks?.length) {
    wrong('networks', `a list of the networks for ${row.transport}`, row.networks);
  }
}

/** @see https://cloud.google.com/vpc/docs/mtu */
const [MIN_MTU, MAX_MTU] = [1300, 8896];
