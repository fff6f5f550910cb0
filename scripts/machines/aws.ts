import { AwsMachine, NodeOs } from '../../lib/aws/machine/machine';
import { efaCardsOf, networkLayout } from '../../lib/aws/network/network-layout';
import { AWS_MACHINES, type AwsMachineName } from '../../lib/core/catalog/aws-machines';
import { code, fraction, table, unverified } from './table';

const SOURCE = 'lib/core/catalog/aws-machines.ts';

/** The documentation of the AWS machines. */
export function machineTables(): string[] {
  return [
    '## AWS',
    '',
    `Sources: \`${SOURCE}\`. For a machine that is not in the table: \`AwsMachine.of(name, spec)\`.`,
    '',
    '### AWS compute',
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
    '### AWS network, storage, and capacity',
    '',
    '*EFA interfaces* shows how many interfaces `Interconnect.efa()` attaches, out of the maximum of the machine. *Lustre over EFA* shows',
    'whether AWS lists the machine as a client with GPUDirect Storage. *Layers* is the number of network layers that nodes have as labels.',
    '',
    ...table(
      [
        'Machine',
        'EFA interfaces',
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
        attachedOf(machine),
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
    '### AWS regions',
    '',
    'In other regions, a machine gets the finding `machine/region`.',
    '',
    ...table(
      ['Machine', 'Regions'],
      AwsMachine.all.map(({ name, spec }) => [code(name), spec.regions.join(', ')]),
    ),
    '',
    ...unverified(
      'AWS',
      AwsMachine.all.map(({ name, spec }) => [name, spec.unverified]),
    ),
  ];
}

/** One row for each family with EFA, with its machine that has the most EFA interfaces. */
export function familiesTable(): string {
  const families = new Map<string, AwsMachine>();
  for (const machine of AwsMachine.all.filter(({ hasEfa }) => hasEfa)) {
    const family = machine.name.split('.')[0]!;
    const largest = families.get(family);
    if (!largest || isLarger(machine, largest)) families.set(family, machine);
  }
  return table(
    ['Family', 'Largest machine', 'Accelerators', 'EFA interfaces', 'Attached', 'Gbps', 'Images'],
    [...families].map(([family, machine]) => [
      family,
      code(machine.name),
      `${machine.spec.accelerators} ${chipOf(machine)}`,
      machine.spec.efaInterfaces,
      `${(100 * efaOf(machine)) / machine.spec.efaInterfaces}%`,
      machine.spec.networkGbps,
      imagesOf(machine),
    ]),
  ).join('\n');
}

function chipOf({ name }: AwsMachine): string {
  return AWS_MACHINES[name as AwsMachineName].chip;
}

/** Returns whether a machine has more EFA interfaces than another, or the same number and more bandwidth or accelerators. */
function isLarger({ spec: a }: AwsMachine, { spec: b }: AwsMachine): boolean {
  return (a.efaInterfaces - b.efaInterfaces || a.networkGbps - b.networkGbps || a.accelerators - b.accelerators) > 0;
}

/** Number of EFA interfaces in the network layout of a node. */
function efaOf(machine: AwsMachine): number {
  return networkLayout(machine, efaCardsOf(machine)).filter(({ interfaceType }) => interfaceType !== 'interface')
    .length;
}

function attachedOf(machine: AwsMachine): string {
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
