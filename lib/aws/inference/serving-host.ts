import { SAGEMAKER_MACHINES, SAGEMAKER_PRICES, type SageMakerMachineRow } from '../../core/catalog/sagemaker-machines';
import type * as Machines from '../../core/catalog/machines';
import type { Machine } from '../../core/catalog/machines';
import type { AwsMachineRow } from '../../core/catalog/aws-machines';
import type { ListedPrice } from '../../core/catalog/price-file';
import { Prices } from '../../core/catalog/price-override';
import type { ServiceOffers } from '../../core/cost-allocation';
import { ProblemCollector } from '../../core/errors';
import { nearest } from '../../core/nearest';
import { AwsMachine } from '../machine/machine';

const ROWS: Readonly<Record<string, SageMakerMachineRow>> = SAGEMAKER_MACHINES;

/** Name of a machine in SageMaker. */
export function instanceType({ name }: Pick<AwsMachine, 'name'>): string {
  return `ml.${name}`;
}

/** Whether the catalog shows that SageMaker hosts endpoints on a machine. */
export function isHost({ name }: Pick<AwsMachine, 'name'>): boolean {
  return Object.hasOwn(ROWS, name);
}

/** Adds a problem for a machine of the catalog that SageMaker does not host. A machine that is defined by hand can be newer than the catalog. */
export function checkHost(problems: ProblemCollector, machine: AwsMachine): void {
  if (isHost(machine) || !AwsMachine.all.some(({ name }) => name === machine.name)) return;
  problems.add({
    code: 'MachineNotHosted',
    prop: 'machine',
    allowed: 'a machine that SageMaker hosts endpoints on',
    got: machine.name,
    fix: `Use ${nearest(machine.name, Object.keys(ROWS), 2).join(' or ') || 'a larger machine'}, or serve the model on EKS.`,
  });
}

/** Whether the machine has local disks, which its hardware encrypts. Undefined if unknown. */
export function hasLocalDisks({ spec }: AwsMachine): boolean | undefined {
  return spec.localNvmeGB === undefined ? undefined : spec.localNvmeGB > 0;
}

/** A machine for the planner. A replica cannot span instances of SageMaker. */
export function plannedHost(problems: ProblemCollector, machine: AwsMachine): Machine | undefined {
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
    allowed: `left out for ${name}, because the planner supports only chips of the catalog`,
    got: 'a ServingLoad',
    fix: 'Leave `load` out, and set `scaling`.',
  });
  return undefined;
}

/** Returns the prices of a plan with those of SageMaker, whose machines cost more than those of EC2. */
export function hostPrices(prices: Prices | undefined): Prices {
  const { region, date, text } = SAGEMAKER_PRICES;
  const listed = Object.entries(ROWS).flatMap(([name, { usdPerHour }]): ListedPrice[] =>
    usdPerHour === undefined
      ? []
      : [{ cloud: 'aws', machine: `ml.${name}`, region, market: 'on-demand', usdPerHour, date, source: text }],
  );
  return Prices.withListed(prices, listed);
}

/** Returns the machines that SageMaker hosts endpoints on. It sells them on demand only: endpoints have no spot instances. */
export function sageMakerOffers(prices: Prices | undefined): ServiceOffers {
  const machines = AwsMachine.all
    .filter(isHost)
    .flatMap((machine) => plannedHost(new ProblemCollector(), machine) ?? []);
  return { machines, markets: ['on-demand'], prices: hostPrices(prices) };
}

function isOfTable(spec: AwsMachine['spec']): spec is AwsMachineRow {
  return typeof spec.chip === 'string';
}
