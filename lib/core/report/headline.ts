import type { ReportCost, ReportDocument, ReportFact } from './document';
import { dollars, estimate, time, times } from './format';

/** The few figures that a reader looks for first. */
export function headline({
  topology,
  seconds,
  atLeastSeconds,
  costs,
  work,
  findings,
}: ReportDocument): readonly ReportFact[] {
  const main = mainCost(costs);
  const duration = estimate(seconds, atLeastSeconds, time);
  const count = (level: string) => findings.filter((finding) => finding.level === level).length;
  const contradictions = count('contradiction');
  return [
    ...(topology ? [{ name: 'Machines', value: times(topology.nodes.count, topology.nodes.machine) }] : []),
    ...(duration === '' ? [] : [{ name: 'Time', value: duration }]),
    ...(main
      ? [
          {
            name: `Cost${work === 'serving' ? ' a month' : ''}, ${main.market}`,
            value: estimate(main.usd, main.atLeastUsd, dollars),
          },
        ]
      : []),
    contradictions > 0
      ? { name: 'Contradictions', value: String(contradictions) }
      : { name: 'Warnings', value: count('warning') === 0 ? 'none' : String(count('warning')) },
  ];
}

/** What the costs are of. */
export function costHeading({ work }: ReportDocument): string {
  return work === 'training' ? 'Cost of the run' : 'Cost of a month';
}

/** The cost in the market that the plan is for, or else the least. */
function mainCost(costs: readonly ReportCost[]): ReportCost | undefined {
  const known = costs.filter(({ usd, atLeastUsd }) => usd !== undefined || atLeastUsd !== undefined);
  const amount = ({ usd, atLeastUsd = Infinity }: ReportCost) => usd?.likely ?? atLeastUsd;
  return known.find(({ chosen }) => chosen) ?? [...known].sort((a, b) => amount(a) - amount(b))[0];
}
