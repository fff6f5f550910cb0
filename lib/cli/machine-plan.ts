import { allMachines, type Cloud, CLOUDS, type Machine, machineNamed } from '../core/catalog/machines';
import { pricedRegions } from '../core/catalog/price-of';
import { ProblemCollector } from '../core/errors';
import { nearest } from '../core/nearest';
import { minNodesFor } from '../core/planning/layout/cluster-sizing';
import { planServing, type ServingPlanProps, type ServingPlan } from '../core/planning/serving/plan-serving';
import { planTraining, type TrainingPlanProps, type TrainingPlan } from '../core/planning/plan-training';
import { COST_COLUMNS, costRow } from '../core/report/costs';
import type { ReportWorkload } from '../core/report/document';
import { levelName } from '../core/report/findings';
import { headline } from '../core/report/overview';
import type { ServingLoad } from '../core/workload/serving-load';
import { TrainingJob } from '../core/workload/training-job';
import { UsageError } from './exit';
import { defined, pricesOf } from './options';
import { asFlags } from './plan-flags';
import { checkRegion } from './region-names';
import { textTable } from './table';
import { styled, type Terminal } from './terminal';

/** Returns a machine by `cloud/name`, or by its name if only one cloud has it. */
export function machineOf(text: unknown): Machine {
  if (typeof text !== 'string')
    throw new UsageError(`machine must be a name such as aws/p5.48xlarge (got ${JSON.stringify(text)})`);
  const [cloud, name] = text.split('/', 2);
  if (name !== undefined) return machineNamed(cloud as Cloud, name);
  const found = allMachines().filter((machine) => machine.name === text);
  if (found.length === 1) return found[0]!;
  const close = nearest(
    text,
    allMachines().map((machine) => machine.name),
  );
  const hint = close.length > 0 ? `; did you mean ${close.join(', ')}?` : `; add its cloud: ${CLOUDS.join(', ')}`;
  throw new UsageError(`machine: no cloud has a machine '${text}'${hint}`);
}

type Values = Readonly<Record<string, unknown>>;

/** Plans a workload on a machine. */
export function planOn(machine: Machine, workload: TrainingJob | ServingLoad, on: Values): TrainingPlan | ServingPlan {
  const { nodes, replicas, acceleratorsPerReplica, wideExperts, market, region, storage, spotNodeLifeHours } = on;
  const prices = pricesOf(on);
  checkRegion('region', region, [machine.cloud], prices);
  const shared = defined({ machine, market, region, storage, prices, spotNodeLifeHours });
  if (workload instanceof TrainingJob) {
    const planOnNodes = (count: unknown) =>
      planTraining({ ...shared, job: workload, nodes: count } as unknown as TrainingPlanProps);
    return planOnNodes(nodes ?? nodesFor(workload, machine, planOnNodes));
  }
  return planServing({
    ...shared,
    load: workload,
    ...defined({ replicas, acceleratorsPerReplica, wideExperts }),
  } as unknown as ServingPlanProps);
}

/** Returns the smallest number of nodes that fits a job and meets its deadline. Throws if no number does. */
function nodesFor(job: TrainingJob, machine: Machine, planOn: (nodes: number) => TrainingPlan): number {
  const problems = new ProblemCollector();
  const nodes = minNodesFor(problems, { job, machine, planOn });
  problems.throwIfAny();
  return nodes!;
}

/** Returns a note with the region that was used by default, and the other regions. */
export function regionNote({ cloud, name }: Machine, { cluster: { region } }: TrainingPlan | ServingPlan): string {
  const others = pricedRegions(cloud, name).filter((one) => one !== region);
  if (region === undefined || others.length === 0) return '';
  return `Prices are for ${region}, because no region was set. --region also supports ${others.join(', ')}.\n`;
}

/** Formats the plan of a workload for a terminal: the results first, the findings last. */
export function planText(terminal: Pick<Terminal, 'color'>, workload: ReportWorkload): string {
  const facts = [...headline(workload), ...workload.facts];
  const width = Math.max(...facts.map(({ name }) => name.length));
  return [
    `${styled(terminal, 'bold', workload.title)}\n`,
    facts.map(({ name, value }) => `${name.padEnd(width)}  ${value}\n`).join(''),
    workload.binding === undefined ? '' : `Binding constraint: ${asFlags(workload.binding)}\n`,
    textTable(
      terminal,
      COST_COLUMNS.map((name) => ({ name })),
      workload.costs.map((cost) => costRow({ ...cost, reason: undefined })),
    ),
    workload.costs
      .map(({ market, reason }) => (reason === undefined ? '' : `${market}: ${asFlags(reason)}\n`))
      .join(''),
    workload.findings
      .map(
        ({ id, level, message, fix }) =>
          `${styled(terminal, 'bold', levelName(level))} [${id}] ${asFlags(`${message} ${fix}`)}\n`,
      )
      .join(''),
  ]
    .filter((part) => part !== '')
    .join('\n');
}
