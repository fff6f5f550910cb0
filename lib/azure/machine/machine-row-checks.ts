import type { AzureMachineRow } from '../../core/catalog/azure-machines';
import { checkFigures, isCount, isFigure, wrongFigure } from '../../core/catalog/machine-row';
import type { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { AZURE_MACHINE_ROW } from '../../core/prop-schemas';

const POSITIVE = ['accelerators', 'acceleratorMemoryGB', 'vcpus', 'memoryGiB'] as const;

/**
 * Adds each problem of a custom machine row.
 *
 * @param name VM size. An `r` in its features means RDMA.
 */
export function checkMachineRow(problems: ProblemCollector, name: unknown, row: AzureMachineRow): void {
  if (!validateProps(problems, row, AZURE_MACHINE_ROW, 'row')) return;
  const wrong = wrongFigure(problems, 'the page of the size, or `az vm list-skus`');
  checkFigures(wrong, row, POSITIVE);
  const { infiniband, localNvmeGB = 0, rackMachines = 1, gpuDriver } = row;
  if (!(localNvmeGB >= 0 && Number.isFinite(localNvmeGB))) wrong('localNvmeGB', '0 or more', localNvmeGB);
  if (!isCount(rackMachines)) wrong('rackMachines', 'a whole number of machines', rackMachines);
  if (gpuDriver.length === 0) wrong('gpuDriver', 'Install, None, or both', gpuDriver);
  if (infiniband && !(isCount(infiniband.links) && isFigure(infiniband.gbpsPerLink)))
    wrong('infiniband', 'a whole number of links and a rate greater than 0', infiniband);
  // Source: Azure/ai-infrastructure-on-azure a01b073, infrastructure_references/aks/README.md, section 6; read 2026-11.
  if (row.arch === 'arm64' && row.aksOsSku === undefined)
    wrong('aksOsSku', 'Ubuntu2404 for arm64, which the default image does not support', row.aksOsSku);
  const hasR = typeof name === 'string' && hasRdmaName(name);
  if (hasR !== (infiniband !== undefined))
    wrong(
      'infiniband',
      hasR ? 'set, because an r in the name means RDMA' : 'left out, because there is no r for RDMA in the name',
      infiniband,
    );
}

/**
 * Whether the name of a VM size means RDMA: an `r` in the letters after the number of cores, as in `ND96isr_H100_v5`.
 *
 * @see https://learn.microsoft.com/en-us/azure/virtual-machines/vm-naming-conventions
 */
export function hasRdmaName(name: string): boolean {
  return /^Standard_[A-Z]+\d+[a-z]*r[a-z]*(?=_|G\d|$)/.test(name);
}
