import { CHIP_NAME } from '../../core/catalog/chip-name';
import type { AzureInfiniband, AzureMachineRow } from '../../core/catalog/azure-machines';
import { checkFigures, isCount, isFigure, wrongFigure } from '../../core/catalog/machine-row';
import type { Problems } from '../../core/errors';
import { ANYTHING, fits, FLAG, listOf, NUMBER, objectOf, oneOf, required, type Shape, TEXT } from '../../core/shapes';

const INFINIBAND: Shape<AzureInfiniband> = {
  links: required(NUMBER),
  gbpsPerLink: required(NUMBER),
  generation: required(TEXT),
};

const ROW: Shape<AzureMachineRow> = {
  chip: required(CHIP_NAME),
  accelerators: required(NUMBER),
  acceleratorMemoryGB: required(NUMBER),
  vcpus: required(NUMBER),
  memoryGiB: required(NUMBER),
  arch: required(oneOf(['amd64', 'arm64'])),
  infiniband: objectOf(INFINIBAND, 'a fabric { links, gbpsPerLink, generation }'),
  localDisk: required(TEXT),
  localNvmeGB: NUMBER,
  rackMachines: NUMBER,
  aksInfinibandFeature: oneOf(['register', 'unregister']),
  aksOsSku: oneOf(['Ubuntu2404']),
  gpuDriver: required(listOf(oneOf(['Install', 'None']))),
  capacityReservationGroup: FLAG,
  note: ANYTHING,
  unverified: ANYTHING,
};

const POSITIVE = ['accelerators', 'acceleratorMemoryGB', 'vcpus', 'memoryGiB'] as const;

/**
 * Adds what is wrong with a machine row that was written by hand.
 *
 * @param name of the size: an `r` in its features says that it has RDMA
 */
export function checkMachineRow(problems: Problems, name: unknown, row: AzureMachineRow): void {
  if (!fits(problems, row, ROW, 'row')) return;
  const wrong = wrongFigure(problems, 'the page of the size, or `az vm list-skus`');
  checkFigures(wrong, row, POSITIVE);
  const { infiniband, localNvmeGB = 0, rackMachines = 1, gpuDriver } = row;
  if (!(localNvmeGB >= 0 && Number.isFinite(localNvmeGB))) wrong('localNvmeGB', '0 or more', localNvmeGB);
  if (!isCount(rackMachines)) wrong('rackMachines', 'a whole number of machines', rackMachines);
  if (gpuDriver.length === 0) wrong('gpuDriver', 'the values that work: Install, None, or both', gpuDriver);
  if (infiniband && !(isCount(infiniband.links) && isFigure(infiniband.gbpsPerLink)))
    wrong('infiniband', 'a whole number of links, and a rate above 0', infiniband);
  // Source: Azure/ai-infrastructure-on-azure a01b073, infrastructure_references/aks/README.md, section 6; read 2026-11.
  if (row.arch === 'arm64' && row.aksOsSku === undefined)
    wrong('aksOsSku', 'Ubuntu2404 for arm64: the usual image does not boot there', row.aksOsSku);
  const hasR = typeof name === 'string' && saysRdma(name);
  if (hasR !== (infiniband !== undefined))
    wrong('infiniband', hasR ? 'given: an r in the name says RDMA' : 'left out: no r in the name, no RDMA', infiniband);
}

/**
 * Whether the name of a size says that it has RDMA: an `r` among the letters behind its cores, as in `ND96isr_H100_v5`.
 *
 * @see https://learn.microsoft.com/en-us/azure/virtual-machines/vm-naming-conventions
 */
export function saysRdma(name: string): boolean {
  return /^Standard_[A-Z]+\d+[a-z]*r[a-z]*(?=_|G\d|$)/.test(name);
}
