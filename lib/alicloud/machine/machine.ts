import type { IConstruct } from 'constructs';
import {
  ALICLOUD_MACHINES,
  type AlicloudMachineName,
  type AlicloudMachineRow,
} from '../../core/catalog/alicloud-machines';
import { CHIPS, type ChipRow } from '../../core/catalog/chips';
import { checkFigures, machineFromTable, machineStatics, wrongFigure } from '../../core/catalog/machine-names';
import { ProblemCollector } from '../../core/errors';
import { unreadFigures } from '../../core/machine-findings';
import { brand, validateProps } from '../../core/prop-schema';
import { ALICLOUD_MACHINE_ROW } from '../../core/prop-schemas';
import { record } from '../../terraform/findings';

/** The class behind `AlicloudMachine`, which adds a static for each machine of the table. */
export class AlicloudMachineBase {
  /** All machines of the table. */
  static get all(): readonly AlicloudMachine[] {
    return [...TABLE.values()];
  }

  /** The machine with this instance type. Prefer the static for a literal name: `AlicloudMachine.ECS_EBMGN8V_48XLARGE`. */
  static fromName(name: string): AlicloudMachine {
    return machineFromTable(TABLE, name, 'AlicloudMachine');
  }

  /** A machine that is not in the table yet. */
  static of(name: string, spec: AlicloudMachineRow): AlicloudMachine {
    const problems = new ProblemCollector();
    checkName(problems, name);
    checkMachineRow(problems, spec);
    problems.throwIfAny();
    return new AlicloudMachineBase(name, spec);
  }

  /** @internal The machines of the table. */
  static fromTable(): Map<string, AlicloudMachineBase> {
    return new Map(
      Object.entries(ALICLOUD_MACHINES).map(([name, row]) => [name, Object.freeze(new AlicloudMachineBase(name, row))]),
    );
  }

  private constructor(
    /** Instance type of ECS, for example `ecs.ebmgn8v.48xlarge`. */
    public readonly name: string,
    /** Specification of the machine. */
    public readonly spec: AlicloudMachineRow,
  ) {}

  /** Accelerator of the machine. */
  get chip(): ChipRow {
    return CHIPS[this.spec.chip];
  }

  /** Instance family, for example `ebmgn8v`. */
  get family(): string {
    return familyOf(this.name);
  }

  /** Whether it is a bare metal instance. */
  get isBareMetal(): boolean {
    return this.spec.bareMetal;
  }

  /** Whether it has elastic RDMA (eRDMA), and ACK supports it on nodes. */
  get hasErdma(): boolean {
    return this.spec.erdma && this.spec.ackErdma;
  }

  /** Instance type. */
  toString(): string {
    return this.name;
  }
}

/** The family of an instance type: `gn8v` for `ecs.gn8v-2x.12xlarge`. A suffix such as `-tee` is part of the family. */
export function familyOf(name: string): string {
  const [, family = ''] = name.split('.');
  return family.replace(/-(\d+x|c\d+g\d+)$/, '');
}

// One object for each row, so that machines can be compared by identity.
const TABLE: ReadonlyMap<string, AlicloudMachineBase> = AlicloudMachineBase.fromTable();

/**
 * An Alibaba Cloud instance type with GPUs.
 *
 * @example
 * ```ts
 * import { AlicloudMachine } from 'ai-infra-constructs/alicloud';
 *
 * const machine = AlicloudMachine.ECS_EBMGN8V_48XLARGE;
 * const sameMachine = AlicloudMachine.fromName('ecs.ebmgn8v.48xlarge');
 * ```
 */
export const AlicloudMachine = Object.assign(
  AlicloudMachineBase,
  machineStatics<AlicloudMachineName, AlicloudMachineBase>(TABLE),
);
/** An Alibaba Cloud instance type with GPUs. */
export type AlicloudMachine = AlicloudMachineBase;

brand(AlicloudMachineBase, 'alicloud.AlicloudMachine');

const INSTANCE_TYPE = /^ecs\.[a-z][a-z0-9-]*\.[a-z0-9]+$/;

function checkName(problems: ProblemCollector, name: string): void {
  if (typeof name === 'string' && INSTANCE_TYPE.test(name) && !TABLE.has(name)) return;
  problems.add({
    code: 'MachineRowInvalid',
    prop: 'name',
    allowed: 'an instance type that is not in the table, for example ecs.ebmgn10.64xlarge',
    got: name,
    fix: TABLE.has(name) ? 'Use AlicloudMachine.fromName or the static.' : 'Use the name of the instance type in ECS.',
  });
}

const POSITIVE = [
  'accelerators',
  'acceleratorMemoryGB',
  'vcpus',
  'memoryGiB',
  'networkGbps',
  'erdmaGbps',
  'maxEnis',
] as const;

/** Adds each problem of a machine row from a user. */
export function checkMachineRow(problems: ProblemCollector, row: AlicloudMachineRow): void {
  if (!validateProps(problems, row, ALICLOUD_MACHINE_ROW, 'row')) return;
  const wrong = wrongFigure(problems, 'the page of the instance family or `aliyun ecs DescribeInstanceTypes`');
  checkFigures(wrong, row, POSITIVE);
  if (row.ackErdma && !row.erdma) wrong('ackErdma', 'false, because the machine has no eRDMA', row.ackErdma);
}

/** Records the figures of a machine that no source confirms. */
export function recordMachineFindings(scope: IConstruct, { name, spec: { unverified } }: AlicloudMachine): void {
  if (unverified === undefined) return;
  const fix = 'Check them with `aliyun ecs DescribeInstanceTypes` before you rely on them.';
  record(scope, unreadFigures(name, unverified, fix, `table of Alibaba Cloud machines, row ${name}`));
}
