import { AZURE_ML_LIMITS } from '../../core/catalog/azure-ml-hosting';
import type { ProblemCollector } from '../../core/errors';
import { isKnown } from '../../terraform/tokens';
import type { ServedModel } from './served-model';

/**
 * Adds each problem of the traffic split and the mirroring.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-safely-rollout-online-endpoints
 */
export function checkTraffic(problems: ProblemCollector, models: Readonly<Record<string, ServedModel>>): void {
  const entries = Object.entries(models);
  const valid = entries.map(([name, { trafficPercent, mirrorPercent }]) => [
    checkPercentage(problems, `models.${name}.trafficPercent`, trafficPercent, 100),
    checkPercentage(problems, `models.${name}.mirrorPercent`, mirrorPercent, AZURE_ML_LIMITS.mirrorPercent),
  ]);
  if (!valid.flat().every(Boolean)) return;
  const given = entries.filter(([, { trafficPercent }]) => trafficPercent !== undefined);
  const sum = given.reduce((all, [, { trafficPercent }]) => all + trafficPercent!, 0);
  if (given.length > 0 && sum !== 100) {
    wrong(
      problems,
      'models',
      'models whose trafficPercent adds up to 100',
      sum,
      'Split 100 percent between the models.',
    );
  }
  checkMirror(problems, entries, given.length > 0);
}

function checkMirror(problems: ProblemCollector, entries: readonly [string, ServedModel][], isSplit: boolean): void {
  const mirrors = entries.filter(([, { mirrorPercent = 0 }]) => mirrorPercent > 0);
  for (const [name, { trafficPercent, mirrorPercent }] of mirrors) {
    const live = isSplit ? (trafficPercent ?? 0) : name === entries[0]?.[0] ? 100 : 0;
    if (live === 0) continue;
    const prop = `models.${name}.mirrorPercent`;
    const allowed = 'left out for a model that gets live requests';
    wrong(problems, prop, allowed, mirrorPercent, 'Set its trafficPercent to 0.');
  }
  if (mirrors.length < 2) return;
  wrong(
    problems,
    'models',
    'at most one model with mirrorPercent',
    mirrors.map(([name]) => name),
    'Mirror requests to one model at a time.',
  );
}

function checkPercentage(problems: ProblemCollector, prop: string, percent: number | undefined, max: number): boolean {
  if (percent === undefined) return true;
  if (!isKnown(problems, prop, percent)) return false;
  if (Number.isInteger(percent) && percent >= 0 && percent <= max) return true;
  wrong(problems, prop, `a whole number from 0 to ${max}`, percent, 'Use a whole percentage.');
  return false;
}

function wrong(problems: ProblemCollector, prop: string, allowed: string, got: unknown, fix: string): void {
  problems.add({ code: 'TrafficSplit', prop, allowed, got, fix });
}
