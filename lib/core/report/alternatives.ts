import type { Option, Options } from '../planning/options';
import type { ReportAlternative } from './document';
import { ofRange } from './from-plan';

const MOST_ALTERNATIVES = 8;

/** The best options beside a plan: one a machine and market, not the plan's own machine, no more than `most`. */
export function alternativesOf(
  { ranked }: Options,
  own: { readonly cloud: string; readonly machine: string },
  most = MOST_ALTERNATIVES,
): readonly ReportAlternative[] {
  const seen = new Set<string>();
  const best = ranked.filter(({ cloud, machine, market }) => {
    const key = `${cloud} ${machine} ${market}`;
    const fresh = !seen.has(key) && !(cloud === own.cloud && machine === own.machine);
    seen.add(key);
    return fresh;
  });
  return best.slice(0, most).map(alternativeOf);
}

/** An option as a report shows it. */
export function alternativeOf(option: Option): ReportAlternative {
  const { cloud, machine, nodes, region, market, layout, evidence, seconds, usd, boundSeconds, boundUsd } = option;
  return {
    cloud,
    machine,
    machines: nodes,
    region,
    market,
    layout,
    evidence,
    ...(seconds && { seconds: ofRange(seconds) }),
    ...(boundSeconds !== undefined && { atLeastSeconds: boundSeconds }),
    ...(usd && { usd: ofRange(usd) }),
    ...(boundUsd !== undefined && { atLeastUsd: boundUsd }),
  };
}
