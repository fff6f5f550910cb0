import {
  AZURE_MACHINES,
  type AzureInfiniband,
  type AzureMachineName,
  type AzureMachineRow,
} from '../../core/catalog/azure-machines';
import { CHIPS, type ChipRow } from '../../core/catalog/chips';
import { machineFromTable, machineStatics } from '../../core/catalog/machine-names';
import { Problems } from '../../core/errors';
import { branded, type Kind } from '../../core/shapes';
import { checkMachineRow } from './machine-row-checks';

class Machine {
  /** Every machine of the table. */
  static get all(): readonly AzureMachine[] {
    return [...TABLE.values()];
  }

  /** The machine of that size. For a literal name prefer the static: `AzureMachine.ND96ISR_H100_V5`. */
  static fromName(name: string): AzureMachine {
    return machineFromTable(TABLE, name, 'AzureMachine');
  }

  /** A machine that the table does not have yet, described by hand. */
  static of(name: string, spec: AzureMachineRow): AzureMachine {
    const problems = new Problems();
    checkName(problems, name);
    checkMachineRow(problems, name, spec);
    problems.throwIfAny();
    return new Machine(name, spec);
  }

  /** @internal The machines of the table. */
  static fromTable(): Map<string, Machine> {
    return new Map(Object.entries(AZURE_MACHINES).map(([name, row]) => [name, Object.freeze(new Machine(name, row))]));
  }

  private constructor(
    /** Size of the virtual machine, e.g. `Standard_ND96isr_H100_v5`. */
    public readonly name: string,
    /** What is known of it. */
    public readonly spec: AzureMachineRow,
  ) {}

  /** The accelerator that it carries. */
  get chip(): ChipRow {
    return CHIPS[this.spec.chip];
  }

  /** Its InfiniBand. @default - none: no RDMA */
  get infiniband(): AzureInfiniband | undefined {
    return this.spec.infiniband;
  }

  /** Gigabits a second to other machines over InfiniBand, all links together; 0 where it has none. */
  get fabricGbps(): number {
    const { infiniband } = this.spec;
    return infiniband ? infiniband.links * infiniband.gbpsPerLink : 0;
  }

  /** Machines in one NVL72 rack, which is one scale-up domain; 1 where it is no rack machine. */
  get rackMachines(): number {
    return this.spec.rackMachines ?? 1;
  }

  toString(): string {
    return this.name;
  }
}

// One object a row, so that machines compare by identity.
const TABLE: ReadonlyMap<string, Machine> = Machine.fromTable();

type Short<Name extends string> = Name extends `Standard_${infer Size}` ? Size : Name;

const BY_SHORT_NAME = new Map([...TABLE].map(([name, machine]) => [name.replace(/^Standard_/, ''), machine]));

/**
 * An Azure machine with GPUs: `AzureMachine.ND96ISR_H100_V5` and its like for each row of the table, without the `Standard_` before it;
 * `AzureMachine.all`, `AzureMachine.fromName('Standard_ND96isr_H100_v5')`, and `AzureMachine.of(name, row)` for one that the table lacks.
 */
export const AzureMachine = Object.assign(Machine, machineStatics<Short<AzureMachineName>, Machine>(BY_SHORT_NAME));
export type AzureMachine = Machine;

/** A machine, of whichever copy of the package. */
export const AZURE_MACHINE: Kind = branded(Machine, 'AzureMachine', 'an AzureMachine', (value) =>
  typeof value === 'string'
    ? `Use AzureMachine.fromName('${value}').`
    : 'Use AzureMachine.ND96ISR_H100_V5 or its like.',
);

const SIZE = /^Standard_[A-Z]+\d+[A-Za-z0-9]*(_[A-Za-z0-9]+)*$/;

function checkName(problems: Problems, name: string): void {
  if (typeof name === 'string' && SIZE.test(name) && !TABLE.has(name)) return;
  problems.add({
    code: 'MachineRowInvalid',
    prop: 'name',
    allowed: 'a size that the table lacks, e.g. Standard_ND96isr_B300_v7',
    got: name,
    fix: TABLE.has(name) ? 'Use AzureMachine.fromName, or its static.' : 'Write it as `az vm list-skus` does.',
  });
}
