import { AZURE_ML_LIMITS } from '../../core/catalog/azure-ml-hosting';
import type { Problems } from '../../core/errors';
import { isKnown } from '../../terraform/tokens';
import type { ServedModel } from './served-model';

/**
 * Adds what is wrong with who gets which requests.
 *
 * @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-safely-rollout-online-endpoints
 */
export function checkTraffic(problems: Problems, models: Readonly<Record<string, ServedModel>>): void {
  const entries = Object.entries(models);
  const whole = entries.map(([name, { trafficPercent, mirrorPercent }]) => [
    checkShare(problems, `models.${name}.trafficPercent`, trafficPercent, 100),
    checkShare(problems, `models.${name}.mirrorPercent`, mirrorPercent, AZURE_ML_LIMITS.mirrorPercent),
  ]);
  if (!whole.flat().every(Boolean)) return;
  const given = entries.filter(([, { trafficPercent }]) => trafficPercent !== undefined);
  const sum = given.reduce((all, [, { trafficPercent }]) => all + trafficPercent!, 0);
  if (given.length > 0 && sum !== 100) {
    wrong(problems, 'models', 'models whose trafficPercent adds up to 100', sum, 'Share out 100 percent.');
  }
  checkMirror(problems, entries, given.length > 0);
}

function checkMirror(problems: Problems, entries: readonly [string, ServedModel][], stated: boolean): void {
  const mirrors = entries.filter(([, { mirrorPercent = 0 }]) => mirrorPercent > 0);
  for (const [name, { trafficPercent, mirrorPercent }] of mirrors) {
    const live = stated ? (trafficPercent ?? 0) : name === entries[0]?.[0] ? 100 : 0;
    if (live === 0) continue;
    const prop = `models.${name}.mirrorPercent`;
    const allowed = 'left out for a model that gets live requests';
    wrong(problems, prop, allowed, mirrorPercent, 'Set its trafficPercent to 0.');
  }
  if (mirrors.length < 2) return;
  wrong(
    problems,
    'models',
    'one model with mirrorPercent at most',
    mirrors.map(([name]) => name),
    'Compare one by one.',
  );
}

function checkShare(problems: Problems, prop: string, share: number | undefined, most: number): boolean {
  if (share === undefined) return true;
  if (!isKnown(problems, prop, share)) return false;
  if (Number.isInteger(share) && share >= 0 && share <= most) return true;
  wrong(problems, prop, `a whole number from 0 to ${most}`, share, 'Give whole percent.');
  return false;
}

function wrong(problems: Problems, prop: string, allowed: string, got: unknown, fix: string): void {
  problems.add({ code: 'TrafficSplit', prop, allowed, got, fix });
}
