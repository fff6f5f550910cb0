import type { Option, Options } from '../planning/options';
import type { ReportAlternative } from './document';
import { ofRange } from './from-plan';

const MAX_ALTERNATIVES = 8;

/** Returns the best alternatives to a plan: one per machine and market, without the machine of the plan, at most `max`. */
export function alternativesOf(
  { ranked }: Options,
  own: { readonly cloud: string; readonly machine: string },
  max = MAX_ALTERNATIVES,
): readonly ReportAlternative[] {
  const seen = new Set<string>();
  const best = ranked.filter(({ cloud, machine, market }) => {
    const key = `${cloud} ${machine} ${market}`;
    const fresh = !seen.has(key) && !(cloud === own.cloud && machine === own.machine);
    seen.add(key);
    return fresh;
  });
  return best.slice(0, max).map(alternativeOf);
}

/** Converts an option to an alternative of a report. */
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
