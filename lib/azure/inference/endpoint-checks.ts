import { AZURE_ML_LIMITS } from '../../core/catalog/azure-ml-hosting';
import type { Problems } from '../../core/errors';
import { checkBounds } from '../../terraform/tokens';
import { checkMlName } from '../machine-learning/names';
import { checkIdentity } from '../machine-learning/work-identity';
import { checkWorkspace } from '../machine-learning/workspace-attributes';
import type { InferenceEndpointProps } from './endpoint-options';
import { checkScaling } from './endpoint-scaling-checks';
import { checkModelFit } from './model-fit';
import { checkTraffic } from './endpoint-traffic-checks';
import { settle, type SettledEndpoint, type SettledModel } from './settled-endpoint';

/** Adds everything that contradicts itself in an endpoint whose props have the right kinds, and settles what was left open. */
export function checkedEndpoint(problems: Problems, props: InferenceEndpointProps): SettledEndpoint {
  checkWorkspace(problems, 'workspace', props.workspace);
  checkMlName(problems, 'endpoint', 'endpointName', props.endpointName);
  checkOwnIdentity(problems, props);
  checkModels(problems, props);
  checkTraffic(problems, props.models);
  const capture = props.dataCapture?.percent;
  checkBounds(problems, 'CaptureInvalid', 'dataCapture.percent', capture, { least: 1, most: 100 });
  const own = problems.all.length;
  // What contradicts the load comes last: what cannot be at all is the first thing to mend.
  const settled = settle(problems, props);
  if (problems.all.length === own && settled.models[0]) checkAnswer(problems, props, settled.models[0], settled);
  return settled;
}

function checkOwnIdentity(problems: Problems, { identity, workspace }: InferenceEndpointProps): void {
  checkIdentity(problems, 'identity', identity);
  const { storageAccountId, containerRegistryId } = workspace;
  if (identity || (storageAccountId !== undefined && containerRegistryId !== undefined)) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'identity',
    allowed: 'given where storage or registry of the workspace are not known',
    got: undefined,
    fix: 'State workspace.storageAccountId and workspace.containerRegistryId, and a new identity gets its rights there.',
  });
}

function checkModels(problems: Problems, props: InferenceEndpointProps): void {
  const entries = Object.entries(props.models);
  const { deployments } = AZURE_ML_LIMITS;
  if (entries.length === 0 || entries.length > deployments) {
    problems.add({
      code: 'ServedModels',
      prop: 'models',
      allowed: `1 to ${deployments} models, by name`,
      got: entries.length,
      fix: entries.length === 0 ? 'Name one: { chat: { … } }.' : 'Make several endpoints.',
    });
  }
  for (const [name, model] of entries) {
    checkMlName(problems, 'endpoint', `models.${name}`, name);
    const within = problems.within(`models.${name}`);
    model.artifact.check(within);
    model.container.check(within);
    checkBounds(within, 'InferenceTimeout', 'timeoutSeconds', model.timeoutSeconds, {
      least: 1,
      most: AZURE_ML_LIMITS.requestSeconds,
    });
    checkBounds(within, 'InferenceTimeout', 'startupMinutes', model.startupMinutes, { least: 1, most: 60 });
    checkBounds(within, 'ScalingLimits', 'concurrency', model.concurrency, { least: 1, most: 10_000 });
    checkScaling(within, model.scaling);
    checkModelFit(within, model.artifact, model.machine ?? props.machine);
  }
  checkScaling(problems, props.scaling);
}

/** An answer that even bandwidth and peak of the chip do not give in time is cut off each time. */
function checkAnswer(
  problems: Problems,
  props: InferenceEndpointProps,
  first: SettledModel,
  { plan }: SettledEndpoint,
): void {
  const floor = plan?.latency?.floor;
  if (!floor || !props.load) return;
  const seconds = (floor.ttftMs + floor.tpotMs * props.load.outputTokens) / 1000;
  if (seconds <= first.timeoutSeconds) return;
  problems.add({
    code: 'InferenceTimeout',
    prop: first.model.timeoutSeconds === undefined ? 'load' : `models.${first.name}.timeoutSeconds`,
    allowed: `enough for an answer of ${props.load.outputTokens} tokens, which takes ${Math.ceil(seconds)} s at least; the service waits ${AZURE_ML_LIMITS.requestSeconds} s at most`,
    got: first.timeoutSeconds,
    fix: 'Ask for shorter answers, take a faster machine, or use a batch endpoint.',
  });
}
