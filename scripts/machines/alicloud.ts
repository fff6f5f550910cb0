import { ALICLOUD_MACHINES, type AlicloudMachineRow } from '../../lib/core/catalog/alicloud-machines';
import { code, fraction, table, unverified } from './table';

const ROWS = Object.entries<AlicloudMachineRow>(ALICLOUD_MACHINES);

/** The documentation of the Alibaba Cloud machines. */
export function machineTables(): string[] {
  return [
    '## Alibaba Cloud',
    '',
    'Sources: `lib/core/catalog/alicloud-machines.ts`. Lingjun machines have no public table and are not included.',
    '',
    '### Alibaba Cloud compute',
    '',
    'All machines have amd64 CPUs.',
    '',
    ...table(
      ['Machine', 'Accelerators', 'GB each', 'vCPUs', 'Memory GiB', 'Bare metal', 'UEFI image', 'Remark'],
      ROWS.map(([name, row]) => [
        code(name),
        `${fraction(row.accelerators)} ${row.chip}`,
        row.acceleratorMemoryGB,
        row.vcpus,
        row.memoryGiB,
        row.bareMetal ? 'yes' : 'no',
        row.uefiImageRequired ? 'required' : 'optional',
        row.note,
      ]),
    ),
    '',
    '### Alibaba Cloud network',
    '',
    '*eRDMA Gbps* is empty if the vendor states no separate bandwidth. *ACK* shows whether ACK lists the machine for eRDMA. *Deployment set* shows whether a',
    '`LowLatency` deployment set supports it.',
    '',
    ...table(
      ['Machine', 'Network Gbps', 'eRDMA', 'eRDMA Gbps', 'ACK', 'Network interfaces', 'Deployment set'],
      ROWS.map(([name, row]) => [
        code(name),
        row.networkGbps,
        row.erdma ? 'yes' : 'no',
        row.erdmaGbps,
        row.ackErdma ? 'yes' : 'no',
        row.maxEnis,
        row.lowLatencyDeploymentSet === undefined ? undefined : row.lowLatencyDeploymentSet ? 'yes' : 'no',
      ]),
    ),
    '',
    ...unverified(
      'Alibaba Cloud',
      ROWS.map(([name, row]) => [name, row.unverified]),
    ),
  ];
}
