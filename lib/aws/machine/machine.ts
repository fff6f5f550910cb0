import { AWS_MACHINES, type AwsMachineName, type AwsMachineRow, type AwsMarket } from '../../core/catalog/aws-machines';
import { CHIPS, type ChipName, type ChipRow } from '../../core/catalog/chips';
import { machineFromTable, machineStatics, checkFigures, isCount, wrongFigure } from '../../core/catalog/machine-names';
import { ProblemCollector } from '../../core/errors';
import { brand, validateProps } from '../../core/prop-schema';
import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { unreadFigures } from '../../core/machine-findings';
import { record } from '../template/findings';
import { AWS_MACHINE_SPEC } from '../prop-schemas';

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

/** Records the findings of a machine: values without a source, and a region without the machine. */
export function recordMachineFindings(scope: IConstruct, { name, spec }: AwsMachine): void {
  if (spec.unverified) {
    const unread = unreadFigures(
      name,
      spec.unverified,
      'Test it on one node, then acknowledge this finding.',
      `AWS_MACHINES['${name}']`,
    );
    record(scope, { ...unread, level: 'warning' });
  }
  const { region } = Stack.of(scope);
  if (Token.isUnresolved(region) || spec.regions.length === 0 || spec.regions.includes(region)) return;
  record(scope, {
    id: 'machine/region',
    level: 'warning',
    message: `No source lists ${name} in ${region}. Listed regions: ${spec.regions.join(', ')}.`,
    fix: 'Deploy to one of these regions, or acknowledge this finding if the region has the machine.',
    evidence: 'per-region enums of aws-cloudformation/cfn-lint 217397c',
  });
}

export const ALL_MARKETS: readonly AwsMarket[] = ['on-demand', 'spot', 'reservation', 'capacity-block'];

const POSITIVE = ['accelerators', 'acceleratorMemoryGiB', 'vcpus', 'memoryGiB', 'networkGbps', 'ebsGbps'] as const;

/** Adds each problem with a custom machine. */
export function checkMachineRow(problems: ProblemCollector, row: AwsMachineSpec): void {
  if (!validateProps(problems, row, AWS_MACHINE_SPEC, 'row')) return;
  const { cards, efaInterfaces, ultraServerNodes, topologyLayers, localNvmeGB = 0 } = row;
  const efaCards = cards.filter((card) => card.efa).length;
  const wrong = wrongFigure(problems, 'the EC2 DescribeInstanceTypes API');
  if (cards.length === 0) wrong('cards', 'a list of at least one card, because card 0 has the IP address', cards);
  if (!cards.every(({ maxInterfaces }) => isCount(maxInterfaces))) {
    wrong('cards', 'a list of cards with at least one interface each', cards);
  }
  if (!Number.isInteger(efaInterfaces) || efaInterfaces < 0 || efaInterfaces > efaCards) {
    wrong('efaInterfaces', `a whole number from 0 to ${efaCards}, the number of cards with EFA`, efaInterfaces);
  }
  checkFigures(wrong, row, POSITIVE);
  if (!(localNvmeGB >= 0 && Number.isFinite(localNvmeGB))) wrong('localNvmeGB', 'a number of at least 0', localNvmeGB);
  if (ultraServerNodes && !(ultraServerNodes.length > 0 && ultraServerNodes.every(isCount))) {
    wrong('ultraServerNodes', 'a list of whole numbers of machines', ultraServerNodes);
  }
  if (topologyLayers !== undefined && !(isCount(topologyLayers) && topologyLayers <= MAX_LAYERS)) {
    wrong('topologyLayers', `a whole number from 1 to ${MAX_LAYERS}`, topologyLayers);
  }
}

// A topology of Kueue has 16 levels, one of which is the node itself.
const MAX_LAYERS = 15;
