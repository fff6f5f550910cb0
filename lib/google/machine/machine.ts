import { CHIPS, type ChipRow } from '../../core/catalog/chips';
import {
  GOOGLE_MACHINES,
  type GoogleMachineName,
  type GoogleMachineRow,
  type GoogleNetwork,
  type GoogleProvisioning,
} from '../../core/catalog/google-machines';
import { machineFromTable, machineStatics } from '../../core/catalog/machine-names';
import { Problems } from '../../core/errors';
import { branded, type Kind } from '../../core/shapes';
import { checkMachineRow } from './machine-row-checks';

class Machine {
  /** Every machine of the table. */
  static get all(): readonly GoogleMachine[] {
    return [...TABLE.values()];
  }

  /** The machine of that machine type. For a literal name prefer the static: `GoogleMachine.A3_ULTRAGPU_8G`. */
  static fromName(name: string): GoogleMachine {
    return machineFromTable(TABLE, name, 'GoogleMachine');
  }

  /** A machine that the table does not have yet, described by hand. */
  static of(name: string, spec: GoogleMachineRow): GoogleMachine {
    const problems = new Problems();
    checkName(problems, name);
    checkMachineRow(problems, spec);
    problems.throwIfAny();
    return new Machine(name, spec);
  }

  /** @internal The machines of the table. */
  static fromTable(): Map<string, Machine> {
    return new Map(Object.entries(GOOGLE_MACHINES).map(([name, row]) => [name, Object.freeze(new Machine(name, row))]));
  }

  private constructor(
    /** Machine type of Compute Engine, e.g. `a3-ultragpu-8g`. */
    public readonly name: string,
    /** What is known of it. */
    public readonly spec: GoogleMachineRow,
  ) {}

  /** The accelerator that it carries. */
  get chip(): ChipRow {
    return CHIPS[this.spec.chip];
  }

  /** Whether its accelerators are TPUs. */
  get isTpu(): boolean {
    return this.spec.kind === 'tpu';
  }

  /** Whether nodes are the machine itself, and no part of one: there is no shielded boot. */
  get isBareMetal(): boolean {
    return this.name.endsWith('-metal');
  }

  /** Networks that its further interfaces stand in, beside the first. */
  get networks(): readonly GoogleNetwork[] {
    return this.spec.networks ?? [];
  }

  /** Interfaces beside the first: of the second host network, of GPUs over TCP, or of RDMA. */
  get furtherInterfaces(): number {
    return this.networks.reduce((sum, kind) => sum + kind.count * interfacesOf(kind), 0);
  }

  /** Markets that it is sold in. @default - unknown: the table has no source, and none is refused */
  get markets(): readonly GoogleProvisioning[] | undefined {
    return this.spec.provisioning;
  }

  toString(): string {
    return this.name;
  }
}

/** Interfaces in each VPC of a kind: one a subnet, or as many as share the subnet that its profile makes. */
export function interfacesOf({ subnetsPerVpc, interfaces = 1 }: GoogleNetwork): number {
  return subnetsPerVpc === 0 ? interfaces : subnetsPerVpc;
}

// One object a row, so that machines compare by identity.
const TABLE: ReadonlyMap<string, Machine> = Machine.fromTable();

/**
 * A Google machine with GPUs or TPUs: `GoogleMachine.A3_ULTRAGPU_8G` and its like for each row of the table, `GoogleMachine.all`,
 * `GoogleMachine.fromName('a3-ultragpu-8g')`, and `GoogleMachine.of(name, row)` for one that the table lacks.
 */
export const GoogleMachine = Object.assign(Machine, machineStatics<GoogleMachineName, Machine>(TABLE));
export type GoogleMachine = Machine;

/** A machine, of whichever copy of the package. */
export const GOOGLE_MACHINE: Kind = branded(Machine, 'GoogleMachine', 'a GoogleMachine', (value) =>
  typeof value === 'string'
    ? `Use GoogleMachine.fromName('${value}').`
    : 'Use GoogleMachine.A3_ULTRAGPU_8G or its like.',
);

const MACHINE_TYPE = /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/;

function checkName(problems: Problems, name: string): void {
  if (typeof name === 'string' && MACHINE_TYPE.test(name) && !TABLE.has(name)) return;
  problems.add({
    code: 'MachineRowInvalid',
    prop: 'name',
    allowed: 'a machine type that the table lacks, e.g. a5-highgpu-8g',
    got: name,
    fix: TABLE.has(name) ? 'Use GoogleMachine.fromName, or its static.' : 'Write it as Compute Engine does.',
  });
}
