import { AiInfraError } from '../errors';
import { nearest } from '../nearest';
import { ALICLOUD_MACHINES, type AlicloudMachineRow } from './alicloud-machines';
import { AWS_MACHINES, type AwsMachineRow } from './aws-machines';
import { AZURE_MACHINES, type AzureMachineRow } from './azure-machines';
import { CHIPS, type ChipName, type ChipRow } from './chips';
import {
  GOOGLE_MACHINES,
  GOOGLE_NVL72_MACHINES,
  googleFabricGbps,
  type GoogleMachineRow,
} from './google-machines';
import { GOOGLE_TPU_TOPOLOGIES, tpuSliceSizes } from './google-tpu-topologies';

/** The clouds that have a machine table. */
export const CLOUDS = ['aws', 'google', 'azure', 'alicloud'] as const;

/** A cloud that has a machine table. */
export type Cloud = (typeof CLOUDS)[number];

/** A machine of any cloud, with the same fields on every cloud. It is calculated from the row in the table of its cloud. */
export interface Machine {
  /** Cloud of the machine. */
  readonly cloud: Cloud;
  /** Name of the machine type, as the cloud writes it. */
  readonly name: string;
  /** Accelerator chip. */
  readonly chip: ChipName;
  /** Number of accelerators. A fraction for a slice of one. */
  readonly accelerators: number;
  /**
   * Memory per accelerator, or of the slice, in GiB. The smaller of the figures of the cloud and of the chip, because some clouds state
   * memory that no program can use.
   */
  readonly acceleratorMemoryGiB: number;
  /** Number of vCPUs. @default - unknown */
  readonly vcpus?: number;
  /** Host memory in GiB. @default - unknown */
  readonly memoryGiB?: number;
  /** Architecture of the CPU. */
  readonly arch: 'amd64' | 'arm64';
  /**
   * Whether machines communicate over RDMA: EFA, InfiniBand, RoCE or eRDMA. GPUDirect over TCP and the data-center network of TPUs do
   * not count.
   */
  readonly rdma: boolean;
  /** Bandwidth to other machines in Gbps: of the fabric, or of all network interfaces without a fabric. @default - unknown */
  readonly fabricGbps?: number;
  /**
   * Number of accelerators in the largest NVLink, xGMI, NeuronLink or ICI domain of the machine. Larger than `accelerators` if a domain
   * spans machines, and 1 if the accelerators share only PCIe.
   */
  readonly scaleUpDomain: number;
  /**
   * Numbers of nodes that train together: TPU slices, UltraServers, or whole racks, in ascending order. Larger numbers are multiples of the
   * last one, except that a single node trains alone.
   *
   * @default - every number
   */
  readonly domainNodes?: readonly number[];
  /** Local NVMe in GB, or 0 without it. @default - unknown or configurable */
  readonly localNvmeGB?: number;
  /** Remark about the machine. @default - no remark */
  readonly note?: string;
  /** Values that were not read in a source. @default - every value was read */
  readonly unverified?: string;
}

const TABLES: Readonly<Record<Cloud, () => Machine[]>> = {
  aws: () => converted(AWS_MACHINES, ofAws),
  google: () => converted(GOOGLE_MACHINES, ofGoogle),
  azure: () => converted(AZURE_MACHINES, ofAzure),
  alicloud: () => converted(ALICLOUD_MACHINES, ofAlicloud),
};

function converted<Row>(table: Readonly<Record<string, Row>>, convert: (name: string, row: Row) => Machine): Machine[] {
  return Object.entries(table).map(([name, row]) => convert(name, row));
}

let machines: readonly Machine[] | undefined;

/** Returns every machine of every cloud. */
export function allMachines(): readonly Machine[] {
  machines ??= Object.freeze(CLOUDS.flatMap((cloud) => TABLES[cloud]()));
  return machines;
}

let byName: ReadonlyMap<string, Machine> | undefined;

/** Returns the machine with this name, or `undefined` if it is not in the table. */
export function findMachine(cloud: Cloud, name: string): Machine | undefined {
  byName ??= new Map(allMachines().map((machine) => [`${machine.cloud} ${machine.name}`, machine]));
  return typeof name === 'string' && CLOUDS.includes(cloud) ? byName.get(`${cloud} ${name}`) : undefined;
}

/**
 * Returns the machine with this name.
 *
 * @throws AiInfraError with code `MachineUnknown` and the most similar names, if it is not in the table
 */
export function machineNamed(cloud: Cloud, name: string): Machine {
  const found = findMachine(cloud, name);
  if (found) return found;
  throw new AiInfraError([CLOUDS.includes(cloud) ? unknownMachine(cloud, name) : unknownCloud(cloud)]);
}

function unknownCloud(cloud: unknown) {
  return {
    code: 'MachineUnknown',
    prop: 'cloud',
    allowed: `one of ${CLOUDS.join(', ')}`,
    got: cloud,
    fix: 'Use the cloud of the machine.',
  } as const;
}

function unknownMachine(cloud: Cloud, name: unknown) {
  const names = allMachines()
    .filter((machine) => machine.cloud === cloud)
    .map((machine) => machine.name);
  const close = nearest(typeof name === 'string' ? name : '', names);
  return {
    code: 'MachineUnknown',
    prop: 'machine',
    allowed: `the name of a machine in the ${cloud} table`,
    got: name,
    fix: close.length > 0 ? `Did you mean ${close.join(', ')}?` : 'List the names with allMachines().',
  } as const;
}

/** Converts an AWS row, from the table or from the user. */
export function ofAws(name: string, row: AwsMachineRow): Machine {
  const rdma = row.efaInterfaces > 0;
  return drop({
    cloud: 'aws',
    name,
    chip: row.chip,
    accelerators: row.accelerators,
    acceleratorMemoryGiB: memoryOf(row, row.acceleratorMemoryGiB),
    vcpus: row.vcpus,
    memoryGiB: row.memoryGiB,
    arch: row.arch,
    rdma,
    fabricGbps: row.networkGbps,
    scaleUpDomain: domain(row, Math.max(1, ...(row.ultraServerNodes ?? []))),
    domainNodes: CHIPS[row.chip].vendor === 'AWS' ? undefined : row.ultraServerNodes,
    localNvmeGB: row.localNvmeGB,
    unverified: row.unverified,
  });
}

/** Converts a Google row, from the table or from the user. */
export function ofGoogle(name: string, row: GoogleMachineRow): Machine {
  return drop({
    cloud: 'google',
    name,
    chip: row.chip,
    accelerators: row.accelerators,
    acceleratorMemoryGiB: memoryOf(row, row.acceleratorMemoryGB),
    vcpus: row.vcpus,
    memoryGiB: row.memoryGB,
    arch: row.arch,
    rdma: row.transport === 'RoCE',
    fabricGbps: googleFabricGbps(row),
    scaleUpDomain:
      row.kind === 'tpu' ? sliceDomain(name, row) : domain(row, row.placement === '1x72' ? GOOGLE_NVL72_MACHINES : 1),
    domainNodes: row.kind === 'tpu' ? sliceNodes(name, row) : row.placement === '1x72' ? [GOOGLE_NVL72_MACHINES] : undefined,
    localNvmeGB: googleNvme(row),
    note: row.note,
    unverified: row.unverified,
  });
}

/** Converts an Azure row, from the table or from the user. */
export function ofAzure(name: string, row: AzureMachineRow): Machine {
  const { infiniband } = row;
  return drop({
    cloud: 'azure',
    name,
    chip: row.chip,
    accelerators: row.accelerators,
    acceleratorMemoryGiB: memoryOf(row, row.acceleratorMemoryGB),
    vcpus: row.vcpus,
    memoryGiB: row.memoryGiB,
    arch: row.arch,
    rdma: infiniband !== undefined,
    fabricGbps: infiniband && infiniband.links * infiniband.gbpsPerLink,
    scaleUpDomain: domain(row, row.rackMachines ?? 1),
    domainNodes: row.rackMachines === undefined ? undefined : [row.rackMachines],
    localNvmeGB: row.localNvmeGB,
    note: row.note,
    unverified: row.unverified,
  });
}

/** Converts an Alibaba Cloud row, from the table or from the user. */
export function ofAlicloud(name: string, row: AlicloudMachineRow): Machine {
  return drop({
    cloud: 'alicloud',
    name,
    chip: row.chip,
    accelerators: row.accelerators,
    acceleratorMemoryGiB: memoryOf(row, row.acceleratorMemoryGB),
    vcpus: row.vcpus,
    memoryGiB: row.memoryGiB,
    arch: 'amd64',
    rdma: row.erdma,
    fabricGbps: row.erdmaGbps ?? row.networkGbps,
    scaleUpDomain: domain(row, 1),
    note: row.note,
    unverified: row.unverified,
  });
}

function memoryOf({ chip, accelerators }: { chip: ChipName; accelerators: number }, stated: number): number {
  return Math.min(stated, CHIPS[chip].memoryGiB * Math.min(1, accelerators));
}

/** Number of accelerators in a domain: those of its machines, up to the limit of the chip. A slice of an accelerator has no domain. */
function domain({ chip, accelerators }: { chip: ChipName; accelerators: number }, machinesOfDomain: number): number {
  return Math.max(1, Math.min(CHIPS[chip].scaleUpDomain, accelerators * machinesOfDomain));
}

/** A TPU machine in a multi-machine slice reaches the whole torus of its chip. Other TPU machines form a slice alone. */
function sliceDomain(name: string, { chip, accelerators }: GoogleMachineRow): number {
  const row = Object.entries(GOOGLE_TPU_TOPOLOGIES).find(([machine]) => machine === name)?.[1];
  const chipRow: ChipRow = CHIPS[chip];
  return row && 'placement' in row ? chipRow.scaleUpDomain : accelerators;
}

/** Numbers of nodes of the slices of a TPU machine. */
function sliceNodes(name: string, { chip, accelerators }: GoogleMachineRow): readonly number[] | undefined {
  const sizes = tpuSliceSizes(name, CHIPS[chip].scaleUpDomain);
  return sizes.length === 0 ? undefined : sizes.filter((chips) => chips >= accelerators).map((chips) => chips / accelerators);
}

const GB_PER_GIB = 2 ** 30 / 1e9;

function googleNvme({ kind, localSsd }: GoogleMachineRow): number | undefined {
  if (kind === 'tpu' || localSsd?.mode === 'none') return 0;
  return localSsd?.mode === 'attached' ? Math.round(localSsd.count * localSsd.sizeGB * GB_PER_GIB) : undefined;
}

/** Removes keys with undefined values, so that machines compare and print the same. */
function drop(machine: { readonly [Key in keyof Machine]: Machine[Key] | undefined }): Machine {
  return Object.freeze(
    Object.fromEntries(Object.entries(machine).filter(([, value]) => value !== undefined)),
  ) as unknown as Machine;
}
