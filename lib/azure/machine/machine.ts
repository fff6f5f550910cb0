import {
  AZURE_MACHINES,
  type AzureInfiniband,
  type AzureMachineName,
  type AzureMachineRow,
} from '../../core/catalog/azure-machines';
import { CHIPS, type ChipRow } from '../../core/catalog/chips';
import {
  machineFromTable,
  machineStatics,
  checkFigures,
  isCount,
  isFigure,
  wrongFigure,
} from '../../core/catalog/machine-names';
import { ProblemCollector } from '../../core/errors';
import { brand, validateProps } from '../../core/prop-schema';
import { AZURE_MACHINE_ROW } from '../../core/prop-schemas';

/** The class behind `AzureMachine`, which adds a static for each machine of the table. */
export class AzureMachineBase {
  /** All machines of the table. */
  static get all(): readonly AzureMachine[] {
    return [...TABLE.values()];
  }

  /** Returns the machine with a VM size. For a literal name, use the static member: `AzureMachine.ND96ISR_H100_V5`. */
  static fromName(name: string): AzureMachine {
    return machineFromTable(TABLE, name, 'AzureMachine');
  }

  /** Creates a machine that is not in the table. */
  static of(name: string, spec: AzureMachineRow): AzureMachine {
    const problems = new ProblemCollector();
    checkName(problems, name);
    checkMachineRow(problems, name, spec);
    problems.throwIfAny();
    return new AzureMachineBase(name, spec);
  }

  /** @internal The machines of the table. */
  static fromTable(): Map<string, AzureMachineBase> {
    return new Map(
      Object.entries(AZURE_MACHINES).map(([name, row]) => [name, Object.freeze(new AzureMachineBase(name, row))]),
    );
  }

  private constructor(
    /** VM size, for example `Standard_ND96isr_H100_v5`. */
    public readonly name: string,
    /** Attributes of the machine. */
    public readonly spec: AzureMachineRow,
  ) {}

  /** Accelerator of the machine. */
  get chip(): ChipRow {
    return CHIPS[this.spec.chip];
  }

  /** InfiniBand of the machine. @default - none: the machine has no RDMA */
  get infiniband(): AzureInfiniband | undefined {
    return this.spec.infiniband;
  }

  /** InfiniBand bandwidth of all links together, in Gbit/s. 0 without InfiniBand. */
  get fabricGbps(): number {
    const { infiniband } = this.spec;
    return infiniband ? infiniband.links * infiniband.gbpsPerLink : 0;
  }

  /** Number of machines in one NVL72 rack, which is one scale-up domain. 1 for other machines. */
  get rackMachines(): number {
    return this.spec.rackMachines ?? 1;
  }

  /** VM size. */
  toString(): string {
    return this.name;
  }
}

// One object per row, so that machines compare by identity.
const TABLE: ReadonlyMap<string, AzureMachineBase> = AzureMachineBase.fromTable();

type Short<Name extends string> = Name extends `Standard_${infer Size}` ? Size : Name;

const BY_SHORT_NAME = new Map([...TABLE].map(([name, machine]) => [name.replace(/^Standard_/, ''), machine]));

/**
 * An Azure machine type with GPUs. Each row of the table is a static member without the prefix `Standard_`, such as `AzureMachine.ND96ISR_H100_V5`.
 * Use `AzureMachine.of(name, row)` for a machine that is not in the table.
 *
 * @example
 * ```ts
 * import { AzureMachine } from 'ai-infra-constructs/azure';
 *
 * const machine = AzureMachine.fromName('Standard_ND96isr_H100_v5');
 * ```
 */
export const AzureMachine = Object.assign(
  AzureMachineBase,
  machineStatics<Short<AzureMachineName>, AzureMachineBase>(BY_SHORT_NAME),
);
/** An Azure machine type with GPUs. */
export type AzureMachine = AzureMachineBase;

brand(AzureMachineBase, 'azure.AzureMachine');

const SIZE = /^Standard_[A-Z]+\d+[A-Za-z0-9]*(_[A-Za-z0-9]+)*$/;

function checkName(problems: ProblemCollector, name: string): void {
  if (typeof name === 'string' && SIZE.test(name) && !TABLE.has(name)) return;
  problems.add({
    code: 'MachineRowInvalid',
    prop: 'name',
    allowed: 'a VM size that is not in the table, for example Standard_ND96isr_B300_v7',
    got: name,
    fix: TABLE.has(name) ? 'Use AzureMachine.fromName, or the static member.' : 'Copy it from `az vm list-skus`.',
  });
}

const POSITIVE = ['accelerators', 'acceleratorMemoryGB', 'vcpus', 'memoryGiB'] as const;

/**
 * Adds each problem of a custom machine row.
 *
 * @param name VM size. An `r` in its features means RDMA.
 */
export function checkMachineRow(problems: ProblemCollector, name: unknown, row: AzureMachineRow): void {
  if (!validateProps(problems, row, AZURE_MACHINE_ROW, 'row')) return;
  const wrong = wrongFigure(problems, 'the page of the size, or `az vm list-skus`');
  checkFigures(wrong, row, POSITIVE);
  const { infiniband, localNvmeGB = 0, rackMachines = 1, gpuDriver } = row;
  if (!(localNvmeGB >= 0 && Number.isFinite(localNvmeGB))) wrong('localNvmeGB', '0 or more', localNvmeGB);
  if (!isCount(rackMachines)) wrong('rackMachines', 'a whole number of machines', rackMachines);
  if (gpuDriver.length === 0) wrong('gpuDriver', 'Install, None, or both', gpuDriver);
  if (infiniband && !(isCount(infiniband.links) && isFigure(infiniband.gbpsPerLink)))
    wrong('infiniband', 'a whole number of links and a rate greater than 0', infiniband);
  // Source: Azure/ai-infrastructure-on-azure a01b073, infrastructure_references/aks/README.md, section 6; read 2026-11.
  if (row.arch === 'arm64' && row.aksOsSku === undefined)
    wrong('aksOsSku', 'Ubuntu2404 for arm64, which the default image does not support', row.aksOsSku);
  const hasR = typeof name === 'string' && hasRdmaName(name);
  if (hasR !== (infiniband !== undefined))
    wrong(
      'infiniband',
      hasR ? 'set, because an r in the name means RDMA' : 'left out, because there is no r for RDMA in the name',
      infiniband,
    );
}

/**
 * Whether the name of a VM size means RDMA: an `r` in the letters after the number of cores, as in `ND96isr_H100_v5`.
 *
 * @see https://learn.microsoft.com/en-us/azure/virtual-machines/vm-naming-conventions
 */
export function hasRdmaName(name: string): boolean {
  return /^Standard_[A-Z]+\d+[a-z]*r[a-z]*(?=_|G\d|$)/.test(name);
}
