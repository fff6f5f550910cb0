import { SAGEMAKER_MACHINES, SAGEMAKER_PRICES, type SageMakerMachineRow } from '../../core/catalog/sagemaker-machines';
import type * as Machines from '../../core/catalog/machines';
import type { Machine } from '../../core/catalog/machines';
import type { AwsMachineRow } from '../../core/catalog/aws-machines';
import type { PriceOverride } from '../../core/catalog/price-override';
import type { Problems } from '../../core/errors';
import { nearest } from '../../core/nearest';
import { AwsMachine } from '../machine/machine';

const ROWS: Readonly<Record<string, SageMakerMachineRow>> = SAGEMAKER_MACHINES;

/** The name that SageMaker gives a machine. */
export function instanceType({ name }: Pick<AwsMachine, 'name'>): string {
  return `ml.${name}`;
}

/** Whether SageMaker is known to host endpoints on a machine. */
export function isHost({ name }: Pick<AwsMachine, 'name'>): boolean {
  return Object.hasOwn(ROWS, name);
}

/** Adds a problem where the table has the machine, and SageMaker does not. One that is described by hand may be newer than both. */
export function checkHost(problems: Problems, machine: AwsMachine): void {
  if (isHost(machine) || !AwsMachine.all.some(({ name }) => name === machine.name)) return;
  problems.add({
    code: 'MachineNotHosted',
    prop: 'machine',
    allowed: 'one that SageMaker hosts endpoints on',
    got: machine.name,
    fix: `Take ${nearest(machine.name, Object.keys(ROWS), 2).join(' or ') || 'a larger one'}, or serve on EKS.`,
  });
}

/** Whether the machine has local disks, which SageMaker encrypts in hardware; nothing where that is not known. */
export function hasLocalDisks({ spec }: AwsMachine): boolean | undefined {
  return spec.localNvmeGB === undefined ? undefined : spec.localNvmeGB > 0;
}

/** A machine in the words of the planner. A replica never leaves its instance: SageMaker joins none. */
export function plannedHost(problems: Problems, machine: AwsMachine): Machine | undefined {
  const { name, spec } = machine;
  if (isOfTable(spec)) {
    const { ofAws } = require('../../core/catalog/machines') as typeof Machines;
    const host = ofAws(name, spec);
    const scaleUpDomain = Math.min(host.scaleUpDomain, Math.max(1, spec.accelerators));
    return { ...host, name: instanceType(machine), rdma: false, scaleUpDomain };
  }
  problems.add({
    code: 'ChipUnplanned',
    prop: 'load',
    allowed: `left out for ${name}, whose chip is described by hand: nothing can be planned for it`,
    got: 'a ServingLoad',
    fix: 'Leave load out, and state scaling.',
  });
  return undefined;
}

/** What an instance costs an hour, as far as it is known. */
export function hostPrices({ name }: AwsMachine): PriceOverride[] {
  const usdPerHour = ROWS[name]?.usdPerHour;
  if (usdPerHour === undefined) return [];
  const { region, date, text } = SAGEMAKER_PRICES;
  return [{ machine: `ml.${name}`, cloud: 'aws', market: 'on-demand', usdPerHour, region, date, source: text }];
}

function isOfTable(spec: AwsMachine['spec']): spec is AwsMachineRow {
  return typeof spec.chip === 'string';
}
