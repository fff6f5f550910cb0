import { AWS_MACHINES, type AwsMachineName, type AwsMachineRow, type AwsMarket } from '../../core/catalog/aws-machines';
import { CHIPS, type ChipName, type ChipRow } from '../../core/catalog/chips';
import { machineFromTable, machineStatics } from '../../core/catalog/machine-names';
import { ProblemCollector } from '../../core/errors';
import { brand } from '../../core/prop-schema';
import { ALL_MARKETS, checkMachineRow } from './machine-row-checks';

/** A machine that the table does not have yet. Its chip can be new too. */
export type AwsMachineSpec = Omit<AwsMachineRow, 'chip'> & { readonly chip: ChipName | ChipRow };

/** Operating system of the EKS image. */
export enum NodeOs {
  /** Amazon Linux 2023. */
  AMAZON_LINUX_2023 = 'AL2023',
  /** Bottlerocket. */
  BOTTLEROCKET = 'BOTTLEROCKET',
}

/**
 * Default quota for nodes in a managed node group.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html
 */
export const NODES_PER_GROUP = 450;

/** The members of `AwsMachine`. */
export class AwsMachineBase {
  /** All machines in the table, largest family first. */
  static get all(): readonly AwsMachine[] {
    return [...TABLE.values()];
  }

  /** The machine with an EC2 instance type. For a literal name, use the static property: `AwsMachine.P5_48XLARGE`. */
  static fromName(name: string): AwsMachine {
    return machineFromTable(TABLE, name, 'AwsMachine');
  }

  /** A custom machine that the table does not have yet. */
  static of(name: string, spec: AwsMachineSpec): AwsMachine {
    const problems = new ProblemCollector();
    checkName(problems, name);
    checkMachineRow(problems, spec);
    problems.throwIfAny();
    CUSTOM.add(name);
    return new AwsMachineBase(name, spec);
  }

  /** @internal The machines in the table. */
  static fromTable(): Map<string, AwsMachineBase> {
    return new Map(
      Object.entries(AWS_MACHINES).map(([name, row]) => [name, Object.freeze(new AwsMachineBase(name, row))]),
    );
  }

  /** @internal Returns whether a name is in the table, or of a custom machine. */
  static isKnown(name: string): boolean {
    return TABLE.has(name) || CUSTOM.has(name);
  }

  private constructor(
    /** EC2 instance type, for example `p5.48xlarge`. */
    public readonly name: string,
    /** Its hardware and purchase options. */
    public readonly spec: AwsMachineSpec,
  ) {}

  /** The accelerator chip. */
  get chip(): ChipRow {
    return typeof this.spec.chip === 'string' ? CHIPS[this.spec.chip] : this.spec.chip;
  }

  /** Whether the accelerators are Trainium or Inferentia. */
  get isNeuron(): boolean {
    return this.chip.vendor === 'AWS';
  }

  /** Whether the machine has an EFA interface. */
  get hasEfa(): boolean {
    return this.spec.efaInterfaces > 0;
  }

  /** Whether AWS sells the machine in UltraServers: several machines in one scale-up domain. */
  get isUltraServer(): boolean {
    return this.spec.ultraServerNodes !== undefined;
  }

  /** Purchase options. */
  get markets(): readonly AwsMarket[] {
    return this.spec.markets ?? ALL_MARKETS;
  }

  /** Maximum number of nodes in one fabric: the largest UltraServer for machines with NVLink across nodes, or the default quota of a node group. */
  get maxNodesPerFabric(): number {
    const { ultraServerNodes } = this.spec;
    return ultraServerNodes && !this.isNeuron ? Math.max(...ultraServerNodes) : NODES_PER_GROUP;
  }

  /** The AMI type of EKS for the accelerator. Undefined if EKS has no image for the operating system. */
  amiType(os: NodeOs = NodeOs.AMAZON_LINUX_2023): string | undefined {
    const arch = this.spec.arch === 'arm64' ? 'ARM_64' : 'x86_64';
    if (this.chip.vendor === 'NVIDIA') return `${os}_${arch}_NVIDIA`;
    return this.isNeuron && os === NodeOs.AMAZON_LINUX_2023 && arch === 'x86_64' ? 'AL2023_x86_64_NEURON' : undefined;
  }

  /** The EC2 instance type. */
  toString(): string {
    return this.name;
  }
}

// One object for each row, so that machines compare by identity.
const TABLE: ReadonlyMap<string, AwsMachineBase> = AwsMachineBase.fromTable();

const CUSTOM = new Set<string>();

/**
 * An AWS machine with accelerators. Use a static property such as `AwsMachine.P5_48XLARGE`, or `AwsMachine.fromName('p5.48xlarge')`. Use
 * `AwsMachine.of(name, spec)` for a machine that the table does not have. `AwsMachine.all` lists the table.
 *
 * @example
 * ```ts
 * import { AwsMachine } from 'ai-infra-constructs/aws';
 *
 * const withEfa = AwsMachine.all.filter((machine) => machine.hasEfa);
 * ```
 */
export const AwsMachine = Object.assign(AwsMachineBase, machineStatics<AwsMachineName, AwsMachineBase>(TABLE));
/** An AWS machine with accelerators. */
export type AwsMachine = AwsMachineBase;

brand(AwsMachineBase, 'aws.AwsMachine');

const EC2_NAME = /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/;

function checkName(problems: ProblemCollector, name: string): void {
  if (typeof name === 'string' && EC2_NAME.test(name) && !TABLE.has(name)) return;
  problems.add({
    code: 'MachineRowInvalid',
    prop: 'name',
    allowed: 'an EC2 instance type that is not in the table, for example p7.48xlarge',
    got: name,
    fix: TABLE.has(name) ? 'Use AwsMachine.fromName(name).' : 'Use the name in EC2.',
  });
}
