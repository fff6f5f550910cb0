import { AwsMachine, NodeOs } from '../lib/aws/machine/machine';
import { efaCardsOf, networkLayout } from '../lib/aws/network/network-layout';
import { AWS_MACHINES, type AwsMachineName } from '../lib/core/catalog/aws-machines';

const SOURCE = 'lib/core/catalog/aws-machines.ts';

/** The text of `docs/machines.md`, below its title. */
export function machinesText(): string {
  return [
    `Every AWS machine that the library knows. Source, with the pages that each figure was read on: \`${SOURCE}\`.`,
    'An empty cell is a figure that was not found. To add a machine: [adding a machine](adding-a-machine.md). For one that is not here',
    'yet: `AwsMachine.of(name, row)`.',
    '',
    '## Compute',
    '',
    ...table(
      ['Machine', 'Accelerators', 'GiB each', 'vCPUs', 'Memory GiB', 'CPU', 'Local NVMe GB', 'EKS images'],
      AwsMachine.all.map((machine) => [
        code(machine.name),
        `${fraction(machine.spec.accelerators)} ${chipOf(machine)}`,
        machine.spec.acceleratorMemoryGiB,
        machine.spec.vcpus,
        machine.spec.memoryGiB,
        machine.spec.arch,
        machine.spec.localNvmeGB,
        imagesOf(machine),
      ]),
    ),
    '',
    '## Network, storage and capacity',
    '',
    '*Wired* is what `Interconnect.efa()` attaches, of what the machine takes. *Lustre over EFA* says whether AWS lists the machine as a',
    'client with GPUDirect Storage. *Layers* are the levels of network topology that nodes carry as labels.',
    '',
    ...table(
      [
        'Machine',
        'EFA wired',
        'Network Gbps',
        'EBS Gbps',
        'Placement group',
        'Lustre over EFA',
        'Layers',
        'UltraServer nodes',
        'Sold as',
      ],
      AwsMachine.all.map((machine) => [
        code(machine.name),
        wiredOf(machine),
        machine.spec.networkGbps,
        machine.spec.ebsGbps,
        machine.spec.clusterPlacement ? 'yes' : 'no',
        machine.spec.lustreEfa ? 'yes' : 'no',
        machine.spec.topologyLayers,
        machine.spec.ultraServerNodes?.join(', '),
        soldAs(machine),
      ]),
    ),
    '',
    '## Regions',
    '',
    'Elsewhere a machine gives the finding `machine/region`.',
    '',
    ...table(
      ['Machine', 'Regions'],
      AwsMachine.all.map(({ name, spec }) => [code(name), spec.regions.join(', ')]),
    ),
    '',
    '## Not read in a source',
    '',
    'These machines give the finding `machine/unverified`.',
    '',
    ...AwsMachine.all
      .filter(({ spec }) => spec.unverified)
      .map(({ name, spec }) => `- \`${name}\`: ${spec.unverified}.`),
  ].join('\n');
}

/** The families with EFA, a row each, by their machine with the most EFA interfaces. */
export function familiesTable(): string {
  const families = new Map<string, AwsMachine>();
  for (const machine of AwsMachine.all.filter(({ hasEfa }) => hasEfa)) {
    const family = machine.name.split('.')[0]!;
    const widest = families.get(family);
    if (!widest || isWider(machine, widest)) families.set(family, machine);
  }
  return table(
    ['Family', 'Widest machine', 'Accelerators', 'EFA interfaces', 'Wired', 'Gbps', 'Images'],
    [...families].map(([family, machine]) => [
      family,
      code(machine.name),
      `${machine.spec.accelerators} ${chipOf(machine)}`,
      machine.spec.efaInterfaces,
      `${(100 * efaOf(machine)) / machine.spec.efaInterfaces} %`,
      machine.spec.networkGbps,
      imagesOf(machine),
    ]),
  ).join('\n');
}

type Cell = string | number | undefined;

function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const line = (cells: readonly Cell[]) => `| ${cells.map((cell) => cell ?? '').join(' | ')} |`;
  return [line(head), `|${'-|'.repeat(head.length)}`, ...rows.map(line)];
}

function code(text: string): string {
  return `\`${text}\``;
}

function chipOf({ name }: AwsMachine): string {
  return AWS_MACHINES[name as AwsMachineName].chip;
}

/** A slice of an accelerator as a fraction. */
function fraction(accelerators: number): string {
  return accelerators < 1 ? `1/${1 / accelerators}` : String(accelerators);
}

/** Whether a machine has more EFA interfaces than another, or, with as many, more bandwidth or accelerators. */
function isWider({ spec: a }: AwsMachine, { spec: b }: AwsMachine): boolean {
  return (a.efaInterfaces - b.efaInterfaces || a.networkGbps - b.networkGbps || a.accelerators - b.accelerators) > 0;
}

/** EFA interfaces that a node gets, counted on its layout. */
function efaOf(machine: AwsMachine): number {
  return networkLayout(machine, efaCardsOf(machine)).filter(({ interfaceType }) => interfaceType !== 'interface')
    .length;
}

function wiredOf(machine: AwsMachine): string {
  return machine.hasEfa ? `${efaOf(machine)} of ${machine.spec.efaInterfaces}` : 'none';
}

function imagesOf(machine: AwsMachine): string {
  const systems = [
    ['AL2023', NodeOs.AMAZON_LINUX_2023],
    ['Bottlerocket', NodeOs.BOTTLEROCKET],
  ] as const;
  const vendor = machine.isNeuron ? 'Neuron' : machine.chip.vendor;
  const names = systems.filter(([, os]) => machine.amiType(os)).map(([name]) => name);
  return `${names.join(', ')} (${vendor}${machine.spec.arch === 'arm64' ? ', arm64' : ''})`;
}

function soldAs({ markets, spec }: AwsMachine): string {
  return markets
    .map((market) => (market === 'on-demand' && spec.onDemandPriced === false ? 'on-demand (no public price)' : market))
    .join(', ');
}
