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
import { GOOGLE_TPU_TOPOLOGIES } from './google-tpu-topologies';

/** The clouds that have a table of machines. */
export const CLOUDS = ['aws', 'google', 'azure', 'alicloud'] as const;

/** A cloud that has a table of machines. */
export type Cloud = (typeof CLOUDS)[number];

/** A machine of any cloud, in words that hold in all of them: a view of the row in the table of its cloud. */
export interface Machine {
  readonly cloud: Cloud;
  readonly name: string;
  readonly chip: ChipName;
  /** Accelerators in the machine; a fraction where it has a slice of one. */
  readonly accelerators: number;
  /**
   * Of each accelerator (of the slice, where it is a slice): what the table of the cloud prints, or the chip's own figure
   * where that is less, since some clouds print memory that no program can have.
   */
  readonly acceleratorMemoryGiB: number;
  readonly vcpus?: number;
  readonly memoryGiB?: number;
  readonly arch: 'amd64' | 'arm64';
  /**
   * Whether machines reach each other by RDMA: EFA, InfiniBand, RoCE or eRDMA. GPUDirect over TCP and the data-center
   * network of TPUs are none.
   */
  readonly rdma: boolean;
  /** Of the machine, to other machines: the fabric's where there is one, else all its network interfaces. */
  readonly fabricGbps?: number;
  /**
   * Accelerators of the largest NVLink, xGMI, NeuronLink or ICI domain that it can be part of: more than it has, where a
   * domain spans machines; 1 where they share PCIe only.
   */
  readonly scaleUpDomain: number;
  /** 0 where it has none; absent where that is unknown or a matter of choice. */
  readonly localNvmeGB?: number;
  readonly note?: string;
  /** What was not read in a source. */
  readonly unverified?: string;
}

let machines: readonly Machine[] | undefined;

/** Every machine of every cloud. */
export function allMachines(): readonly Machine[] {
  machines ??= Object.freeze([
    ...Object.entries(AWS_MACHINES).map(([name, row]) => ofAws(name, row)),
    ...Object.entries(GOOGLE_MACHINES).map(([name, row]) => ofGoogle(name, row)),
    ...Object.entries(AZURE_MACHINES).map(([name, row]) => ofAzure(name, row)),
    ...Object.entries(ALICLOUD_MACHINES).map(([name, row]) => ofAlicloud(name, row)),
  ]);
  return machines;
}

let byName: ReadonlyMap<string, Machine> | undefined;

/** The machine of that name, or nothing where the table lacks it. */
export function findMachine(cloud: Cloud, name: string): Machine | undefined {
  byName ??= new Map(allMachines().map((machine) => [`${machine.cloud} ${machine.name}`, machine]));
  return typeof name === 'string' && CLOUDS.includes(cloud) ? byName.get(`${cloud} ${name}`) : undefined;
}

/** The machine of that name; an error names the nearest ones where the table lacks it. */
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
    fix: 'Name the cloud of the machine.',
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
    allowed: `the name of a machine of the ${cloud} table`,
    got: name,
    fix: close.length > 0 ? `Did you mean ${close.join(', ')}?` : 'Look the name up with allMachines().',
  } as const;
}

/** A machine of AWS, of the table or described by hand, in words that hold in all clouds. */
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
    localNvmeGB: row.localNvmeGB,
    unverified: row.unverified,
  });
}

/** A machine of Google, of the table or described by hand, in words that hold in all clouds. */
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
    localNvmeGB: googleNvme(row),
    note: row.note,
    unverified: row.unverified,
  });
}

/** A machine of Azure, of the table or described by hand, in words that hold in all clouds. */
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
    localNvmeGB: row.localNvmeGB,
    note: row.note,
    unverified: row.unverified,
  });
}

function ofAlicloud(name: string, row: AlicloudMachineRow): Machine {
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

function memoryOf({ chip, accelerators }: { chip: ChipName; accelerators: number }, printed: number): number {
  return Math.min(printed, CHIPS[chip].memoryGiB * Math.min(1, accelerators));
}

/** Accelerators of the domain: as many as the chip links, of those that the machines of one domain have; a slice is alone. */
function domain({ chip, accelerators }: { chip: ChipName; accelerators: number }, machinesOfDomain: number): number {
  return Math.max(1, Math.min(CHIPS[chip].scaleUpDomain, accelerators * machinesOfDomain));
}

/** A TPU machine that forms slices of several machines reaches the whole of its chip's torus; the others stand alone. */
function sliceDomain(name: string, { chip, accelerators }: GoogleMachineRow): number {
  const row = Object.entries(GOOGLE_TPU_TOPOLOGIES).find(([machine]) => machine === name)?.[1];
  const chipRow: ChipRow = CHIPS[chip];
  return row && 'placement' in row ? chipRow.scaleUpDomain : accelerators;
}

const GB_PER_GIB = 2 ** 30 / 1e9;

function googleNvme({ kind, localSsd }: GoogleMachineRow): number | undefined {
  if (kind === 'tpu' || localSsd?.mode === 'none') return 0;
  return localSsd?.mode === 'attached' ? Math.round(localSsd.count * localSsd.sizeGB * GB_PER_GIB) : undefined;
}

/** An absent figure is an absent key, so that views compare and print alike. */
function drop(machine: { readonly [Key in keyof Machine]: Machine[Key] | undefined }): Machine {
  return Object.freeze(
    Object.fromEntries(Object.entries(machine).filter(([, value]) => value !== undefined)),
  ) as unknown as Machine;
}
