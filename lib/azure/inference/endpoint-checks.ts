import { AZURE_ML_LIMITS } from '../../core/catalog/azure-ml-hosting';
import type { ProblemCollector } from '../../core/errors';
import { checkBounds, isKnown } from '../../terraform/tokens';
import { checkMlName } from '../machine-learning/workspace-bodies';
import { checkIdentity } from '../machine-learning/work-identity';
import { checkWorkspace } from '../machine-learning/workspace-attributes';
import { type InferenceEndpointProps, checkScaling, type ServedModel } from './endpoint-options';
import { checkModelFit } from './model-capacity';
import { resolveEndpoint, type ResolvedEndpoint } from './resolved-endpoint';

/** Adds each problem of an endpoint whose props have the right types, and resolves the settings that are left out. */
export function checkedEndpoint(problems: ProblemCollector, props: InferenceEndpointProps): ResolvedEndpoint {
  checkWorkspace(problems, 'workspace', props.workspace);
  checkMlName(problems, 'endpoint', 'endpointName', props.endpointName);
  checkOwnIdentity(problems, props);
  checkModels(problems, props);
  checkTraffic(problems, props.models);
  const capture = props.dataCapture?.percent;
  checkBounds(problems, 'CaptureInvalid', 'dataCapture.percent', capture, { min: 1, max: 100 });
  const before = problems.all.length;
  // Problems of the load come last: fix the impossible settings first.
  const resolved = resolveEndpoint(problems, props);
  if (problems.all.length === before) checkAnswer(problems, props, resolved);
  return resolved;
}

function checkOwnIdentity(problems: ProblemCollector, { identity, workspace }: InferenceEndpointProps): void {
  checkIdentity(problems, 'identity', identity);
  const { storageAccountId, containerRegistryId } = workspace;
  if (identity || (storageAccountId !== undefined && containerRegistryId !== undefined)) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'identity',
    allowed: 'set if the storage account or the registry of the workspace is unknown',
    got: undefined,
    fix: 'Set workspace.storageAccountId and workspace.containerRegistryId: the new identity gets its roles there.',
  });
}

function checkModels(problems: ProblemCollector, props: InferenceEndpointProps): void {
  const entries = Object.entries(props.models);
  const { deployments } = AZURE_ML_LIMITS;
  if (entries.length === 0 || entries.length > deployments) {
    problems.add({
      code: 'ServedModels',
      prop: 'models',
      allowed: `an object with 1 to ${deployments} models by name`,
      got: entries.length,
      fix: entries.length === 0 ? 'Add a model: { chat: { … } }.' : 'Use several endpoints.',
    });
  }
  for (const [name, model] of entries) {
    checkMlName(problems, 'endpoint', `models.${name}`, name);
    const within = problems.within(`models.${name}`);
    model.artifact.check(within);
    model.container.check(within);
    checkBounds(within, 'InferenceTimeout', 'timeoutSeconds', model.timeoutSeconds, {
      min: 1,
      max: AZURE_ML_LIMITS.requestSeconds,
    });
    checkBounds(within, 'InferenceTimeout', 'startupMinutes', model.startupMinutes, { min: 1, max: 60 });
    checkBounds(within, 'ScalingLimits', 'concurrency', model.concurrency, { min: 1, max: 10_000 });
    checkScaling(within, model.scaling);
    checkModelFit(within, model.artifact, model.machine ?? props.machine);
  }
  checkScaling(problems, props.scaling);
}

/** Rejects a timeout that is shorter than the hardware bound of an answer: each answer would be cut off. */
function checkAnswer(
  problems: ProblemCollector,
  props: InferenceEndpointProps,
  { plan, main }: ResolvedEndpoint,
): void {
  const floor = plan?.latency?.floor;
  if (!floor || !props.load || !main) return;
  const seconds = (floor.ttftMs + floor.tpotMs * props.load.outputTokens) / 1000;
  if (seconds <= main.timeoutSeconds) return;
  problems.add({
    code: 'InferenceTimeout',
    prop: main.model.timeoutSeconds === undefined ? 'load' : `models.${main.name}.timeoutSeconds`,
    allowed: `at least ${Math.ceil(seconds)} s, the minimum for an answer of ${props.load.outputTokens} tokens; the service allows at most ${AZURE_ML_LIMITS.requestSeconds} s`,
    got: main.timeoutSeconds,
    fix: 'Request shorter answers, use a faster machine, or use a batch endpoint.',
  });
}

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
