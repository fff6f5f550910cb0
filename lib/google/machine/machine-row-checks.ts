import { CHIP_NAME } from '../../core/catalog/chip-name';
import type { GoogleMachineRow } from '../../core/catalog/google-machines';
import { checkFigures, isCount, wrongFigure } from '../../core/catalog/machine-row';
import type { Problems } from '../../core/errors';
import { ANYTHING, fits, listOf, NUMBER, oneOf, RECORD, required, type Shape, TEXT } from '../../core/shapes';

const MARKETS = ['on-demand', 'spot', 'flex-start', 'reservation', 'calendar-reservation', 'mig-resize-request'];

const ROW: Shape<GoogleMachineRow> = {
  kind: required(oneOf(['gpu', 'tpu'])),
  chip: required(CHIP_NAME),
  acceleratorLabel: required(TEXT),
  accelerators: required(NUMBER),
  acceleratorMemoryGB: required(NUMBER),
  vcpus: NUMBER,
  memoryGB: NUMBER,
  arch: required(oneOf(['amd64', 'arm64'])),
  networkGbps: NUMBER,
  transport: oneOf(['GPUDirect-TCPX', 'GPUDirect-TCPXO', 'RoCE']),
  networks: listOf(RECORD),
  deviceClaim: RECORD,
  primaryNic: oneOf(['IDPF']),
  plugins: listOf(TEXT),
  extraNetworks: RECORD,
  localSsd: RECORD,
  bootDisk: oneOf(['hyperdisk-balanced']),
  minGkeVersion: RECORD,
  provisioning: listOf(oneOf(MARKETS)),
  allowlisted: listOf(oneOf(MARKETS)),
  placement: oneOf(['compact', '1x72']),
  note: ANYTHING,
  unverified: ANYTHING,
};

const POSITIVE = ['accelerators', 'acceleratorMemoryGB', 'vcpus', 'memoryGB', 'networkGbps'] as const;

/** Adds what is wrong with a machine row that was written by hand. */
export function checkMachineRow(problems: Problems, row: GoogleMachineRow): void {
  if (!fits(problems, row, ROW, 'row')) return;
  const wrong = wrongFigure(problems, 'the page of the machine family, or `gcloud compute machine-types describe`');
  checkFigures(wrong, row, POSITIVE);
  row.networks?.forEach(({ count, subnetsPerVpc, interfaces = 1, mtu }, index) => {
    if (!(isCount(count) && isCount(interfaces) && (isCount(subnetsPerVpc) || subnetsPerVpc === 0)))
      wrong(`networks[${index}]`, 'a whole number of VPCs, and of subnets or interfaces in each', {
        count,
        subnetsPerVpc,
        interfaces,
      });
    if (!(mtu >= LEAST_MTU && mtu <= MOST_MTU)) wrong(`networks[${index}].mtu`, `${LEAST_MTU} to ${MOST_MTU}`, mtu);
  });
  const { deviceClaim } = row;
  if (deviceClaim && !(isCount(deviceClaim.count) && typeof deviceClaim.deviceClass === 'string'))
    wrong('deviceClaim', 'a device class, and a whole number of its devices', deviceClaim);
  if (row.transport && !row.networks?.length) {
    wrong('networks', `the networks that ${row.transport} runs over`, row.networks);
  }
}

/** @see https://cloud.google.com/vpc/docs/mtu */
const [LEAST_MTU, MOST_MTU] = [1300, 8896];
