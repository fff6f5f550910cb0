import { AZURE_MACHINES, type AzureMachineRow } from '../../lib/core/catalog/azure-machines';
import { code, fraction, table, unverified } from './table';

const ROWS = Object.entries<AzureMachineRow>(AZURE_MACHINES);

/** Tables of the Azure machines. */
export function machineTables(): string[] {
  return [
    '## Azure',
    '',
    'Sources: `lib/core/catalog/azure-machines.ts`. For a size that is not here yet: `AzureMachine.of(name, row)`.',
    '',
    '### Compute of Azure',
    '',
    ...table(
      ['Size', 'Accelerators', 'GB each', 'vCPUs', 'Memory GiB', 'CPU', 'Local disk', 'Capacity reservation group'],
      ROWS.map(([name, row]) => [
        code(name),
        `${fraction(row.accelerators)} ${row.chip}`,
        row.acceleratorMemoryGB,
        row.vcpus,
        row.memoryGiB,
        row.arch,
        row.localDisk,
        yesOrNo(row.capacityReservationGroup),
      ]),
    ),
    '',
    '### InfiniBand of Azure',
    '',
    'Every link of a node is wired. Sizes that are not here have none. *Feature* is what the subscription feature `AKSInfinibandSupport` must be for',
    'AKS: a subscription cannot be both.',
    '',
    ...table(
      ['Size', 'Links', 'Gbps', 'Generation', 'Feature', 'Rack', 'GPU driver of AKS'],
      ROWS.filter(([, { infiniband }]) => infiniband).map(([name, row]) => [
        code(name),
        row.infiniband!.links,
        row.infiniband!.links * row.infiniband!.gbpsPerLink,
        row.infiniband!.generation,
        { register: 'registered', unregister: 'not registered' }[row.aksInfinibandFeature!],
        row.rackMachines && `${row.rackMachines} nodes`,
        row.gpuDriver.join(' or '),
      ]),
    ),
    '',
    ...unverified(
      'Azure',
      ROWS.map(([name, row]) => [name, row.unverified]),
    ),
  ];
}

function yesOrNo(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : value ? 'yes' : 'no';
}
