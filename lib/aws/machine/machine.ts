import { AWS_MACHINES, type AwsMachineName, type AwsMachineRow, type AwsMarket } from '../../core/catalog/aws-machines';
import { CHIPS, type ChipName, type ChipRow } from '../../core/catalog/chips';
import { machineFromTable, machineStatics } from '../../core/catalog/machine-names';
import { Problems } from '../../core/errors';
import { branded, type Kind } from '../../core/shapes';
import { ALL_MARKETS, checkMachineRow } from './machine-row-checks';

/** A machine that the table does not have yet. The chip may be new, too. */
export type AwsMachineSpec = Omit<AwsMachineRow, 'chip'> & { readonly chip: ChipName | ChipRow };

/** The operating system of the EKS image. */
export enum NodeOs {
  AMAZON_LINUX_2023 = 'AL2023',
  BOTTLEROCKET = 'BOTTLEROCKET',
}

/**
 * Nodes in one managed node group, unless the account's quota was raised.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html
 */
export const NODES_PER_GROUP = 450;

class Machine {
  /** Every machine of the table, largest family first. */
  static get all(): readonly AwsMachine[] {
    return [...TABLE.values()];
  }

  /** The machine of that EC2 instance type. For a literal name prefer the static: `AwsMachine.P5_48XLARGE`. */
  static fromName(name: string): AwsMachine {
    return machineFromTable(TABLE, name, 'AwsMachine');
  }

  /** A machine that the table does not have yet, described by hand. */
  static of(name: string, spec: AwsMachineSpec): AwsMachine {
    const problems = new Problems();
    checkName(problems, name);
    checkMachineRow(problems, spec);
    problems.throwIfAny();
    DESCRIBED.add(name);
    return new Machine(name, spec);
  }

  /** @internal The machines of the table. */
  static fromTable(): Map<string, Machine> {
    return new Map(Object.entries(AWS_MACHINES).map(([name, row]) => [name, Object.freeze(new Machine(name, row))]));
  }

  /** @internal Whether a name is of the table, or was described by hand. */
  static isKnown(name: string): boolean {
    return TABLE.has(name) || DESCRIBED.has(name);
  }

  private constructor(
    /** EC2 instance type, e.g. `p5.48xlarge`. */
    public readonly name: string,
    /** What is known of it. */
    public readonly spec: AwsMachineSpec,
  ) {}

  /** The accelerator that it carries. */
  get chip(): ChipRow {
    return typeof this.spec.chip === 'string' ? CHIPS[this.spec.chip] : this.spec.chip;
  }

  /** Whether its accelerators are Trainium or Inferentia. */
  get isNeuron(): boolean {
    return this.chip.vendor === 'AWS';
  }

  /** Whether it has an EFA interface. */
  get hasEfa(): boolean {
    return this.spec.efaInterfaces > 0;
  }

  /** Whether several of it form one scale-up domain that is sold as a whole. */
  get isUltraServer(): boolean {
    return this.spec.ultraServerNodes !== undefined;
  }

  /** Markets that it is sold in. */
  get markets(): readonly AwsMarket[] {
    return this.spec.markets ?? ALL_MARKETS;
  }

  /** Most nodes of one fabric: the largest UltraServer where memory is shared across nodes by NVLink, else the node group's quota. */
  get maxNodesPerFabric(): number {
    const { ultraServerNodes } = this.spec;
    return ultraServerNodes && !this.isNeuron ? Math.max(...ultraServerNodes) : NODES_PER_GROUP;
  }

  /** The EKS image that boots the accelerator; nothing where EKS has none for that system. */
  amiType(os: NodeOs = NodeOs.AMAZON_LINUX_2023): string | undefined {
    const arch = this.spec.arch === 'arm64' ? 'ARM_64' : 'x86_64';
    if (this.chip.vendor === 'NVIDIA') return `${os}_${arch}_NVIDIA`;
    return this.isNeuron && os === NodeOs.AMAZON_LINUX_2023 && arch === 'x86_64' ? 'AL2023_x86_64_NEURON' : undefined;
  }

  toString(): string {
    return this.name;
  }
}

// One object a row, so that machines compare by identity.
const TABLE: ReadonlyMap<string, Machine> = Machine.fromTable();

const DESCRIBED = new Set<string>();

/**
 * An AWS machine with accelerators: `AwsMachine.P5_48XLARGE` and its like for each row of the table, `AwsMachine.all`,
 * `AwsMachine.fromName('p5.48xlarge')`, and `AwsMachine.of(name, row)` for one that the table lacks.
 */
export const AwsMachine = Object.assign(Machine, machineStatics<AwsMachineName, Machine>(TABLE));
export type AwsMachine = Machine;

/** A machine, of whichever copy of the package. */
export const AWS_MACHINE: Kind = branded(Machine, 'AwsMachine', 'an AwsMachine', (value) =>
  typeof value === 'string' ? `Use AwsMachine.fromName('${value}').` : 'Use AwsMachine.P5_48XLARGE or its like.',
);

const EC2_NAME = /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/;

function checkName(problems: Problems, name: string): void {
  if (typeof name === 'string' && EC2_NAME.test(name) && !TABLE.has(name)) return;
  problems.add({
    code: 'MachineRowInvalid',
    prop: 'name',
    allowed: 'an EC2 instance type that the table lacks, e.g. p7.48xlarge',
    got: name,
    fix: TABLE.has(name) ? 'Use AwsMachine.fromName, or its static.' : 'Write it as EC2 does.',
  });
}
