import { CHIPS, type ChipRow } from '../../core/catalog/chips';
import {
  GOOGLE_MACHINES,
  type GoogleMachineName,
  type GoogleMachineRow,
  type GoogleNetwork,
  type GoogleProvisioning,
} from '../../core/catalog/google-machines';
import { machineFromTable, machineStatics } from '../../core/catalog/machine-names';
import { ProblemCollector } from '../../core/errors';
import { brand } from '../../core/prop-schema';
import { checkMachineRow } from './machine-row-checks';

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
