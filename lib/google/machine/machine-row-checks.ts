import type { GoogleMachineRow } from '../../core/catalog/google-machines';
import { checkFigures, isCount, wrongFigure } from '../../core/catalog/machine-row';
import type { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { GOOGLE_MACHINE_ROW } from '../../core/prop-schemas';

const POSITIVE = ['accelerators', 'acceleratorMemoryGB', 'vcpus', 'memoryGB', 'networkGbps'] as const;

/** Adds each problem of a machine row from a user. */
export function checkMachineRow(problems: ProblemCollector, row: GoogleMachineRow): void {
  if (!validateProps(problems, row, GOOGLE_MACHINE_ROW, 'row')) return;
  const wrong = wrongFigure(problems, 'the page of the machine family or `gcloud compute machine-types describe`');
  checkFigures(wrong, row, POSITIVE);
  row.networks?.forEach(({ count, subnetsPerVpc, interfaces = 1, mtu }, index) => {
    if (!(isCount(count) && isCount(interfaces) && (isCount(subnetsPerVpc) || subnetsPerVpc === 0)))
      wrong(`networks[${index}]`, 'a network with whole numbers of VPCs, subnets and interfaces', {
        count,
        subnetsPerVpc,
        interfaces,
      });
    if (!(mtu >= MIN_MTU && mtu <= MAX_MTU)) wrong(`networks[${index}].mtu`, `${MIN_MTU} to ${MAX_MTU}`, mtu);
  });
  const { deviceClaim } = row;
  if (deviceClaim && !(isCount(deviceClaim.count) && typeof deviceClaim.deviceClass === 'string'))
    wrong('deviceClaim', 'a device class with a whole number of devices', deviceClaim);
  if (row.transport && !row.networks?.length) {
    wrong('networks', `a list of the networks for ${row.transport}`, row.networks);
  }
}

/** @see https://cloud.google.com/vpc/docs/mtu */
const [MIN_MTU, MAX_MTU] = [1300, 8896];
