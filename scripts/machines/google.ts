import {
  GOOGLE_MACHINES,
  type GoogleLocalSsd,
  type GoogleMachineRow,
  type GoogleNetwork,
} from '../../lib/core/catalog/google-machines';
import { GOOGLE_PLACES } from '../../lib/core/catalog/google-places';
import { code, fraction, table, unverified } from './table';

const ROWS = Object.entries<GoogleMachineRow>(GOOGLE_MACHINES);
const PLACES: Readonly<Record<string, readonly string[]>> = GOOGLE_PLACES;

/** The machines of Google Cloud. */
export function machineTables(): string[] {
  return [
    '## Google Cloud',
    '',
    'Sources: `lib/core/catalog/google-machines.ts` and `google-places.ts`. Google writes GB for 2³⁰ bytes. For a machine that is not in the table',
    'yet, use `GoogleMachine.of(name, row)`.',
    '',
    '### Compute of Google Cloud',
    '',
    ...table(
      ['Machine', 'Accelerators', 'GB each', 'vCPUs', 'Memory GB', 'CPU', 'Local SSD GB', 'Capacity'],
      ROWS.map(([name, row]) => [
        code(name),
        `${fraction(row.accelerators)} ${row.chip}`,
        row.acceleratorMemoryGB,
        row.vcpus,
        row.memoryGB,
        row.arch,
        ssdOf(row.localSsd),
        row.provisioning?.join(', '),
      ]),
    ),
    '',
    '### Networks of Google Cloud',
    '',
    '*Networks* are the additional networks, with all interfaces of a node. Each interface is attached. Machines that are not in the table have only the',
    'primary network. TPUs communicate over ICI.',
    '',
    ...table(
      ['Machine', 'Gbps', 'Transport', 'Networks', 'MTU', 'Minimum GKE version', 'Nodes run'],
      ROWS.filter(([, { networks }]) => networks).map(([name, row]) => [
        code(name),
        row.networkGbps,
        row.transport,
        row.networks!.map(networkText).join(' + '),
        [...new Set(row.networks!.map(({ mtu }) => mtu))].join(', '),
        Object.values(row.minGkeVersion ?? {}).join(', '),
        row.plugins?.join(', '),
      ]),
    ),
    '',
    '### Zones of Google Cloud',
    '',
    'Zones in which a source lists the machine, or a region if no source lists its zones. Other zones give the finding `machine/region`.',
    '',
    ...table(
      ['Machine', 'Zones and regions'],
      ROWS.map(([name]) => [code(name), PLACES[name]?.join(', ')]),
    ),
    '',
    ...unverified(
      'Google Cloud',
      ROWS.map(([name, row]) => [name, row.unverified]),
    ),
  ];
}

function ssdOf(ssd: GoogleLocalSsd | undefined): string | undefined {
  if (!ssd || ssd.mode === 'none') return undefined;
  const counts = ssd.mode === 'attached' ? [ssd.count] : ssd.allowedCounts;
  return `${counts.join(' or ')} × ${ssd.sizeGB}${ssd.mode === 'optional' ? ', optional' : ''}`;
}

function networkText({ role, count, subnetsPerVpc, interfaces }: GoogleNetwork): string {
  const each = interfaces ?? subnetsPerVpc;
  return each > 1 ? `${count} ${role} with ${each} interfaces` : `${count} ${role}`;
}
