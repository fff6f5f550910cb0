import { AZURE_ML_LIMITS } from '../../core/catalog/azure-ml-hosting';
import type { ProblemCollector } from '../../core/errors';
import { checkBounds } from '../../terraform/tokens';
import { checkMlName } from '../machine-learning/names';
import { checkIdentity } from '../machine-learning/work-identity';
import { checkWorkspace } from '../machine-learning/workspace-attributes';
import type { InferenceEndpointProps } from './endpoint-options';
import { checkScaling } from './endpoint-scaling-checks';
import { checkModelFit } from './model-fit';
import { checkTraffic } from './endpoint-traffic-checks';
import { resolveEndpoint, type ResolvedEndpoint, type ResolvedModel } from './resolved-endpoint';

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
  const [first] = resolved.models;
  if (problems.all.length === before && first) checkAnswer(problems, props, first, resolved);
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
  first: ResolvedModel,
  { plan }: ResolvedEndpoint,
): void {
  const floor = plan?.latency?.floor;
  if (!floor || !props.load) return;
  const seconds = (floor.ttftMs + floor.tpotMs * props.load.outputTokens) / 1000;
  if (seconds <= first.timeoutSeconds) return;
  problems.add({
    code: 'InferenceTimeout',
    prop: first.model.timeoutSeconds === undefined ? 'load' : `models.${first.name}.timeoutSeconds`,
    allowed: `at least ${Math.ceil(seconds)} s, the minimum for an answer of ${props.load.outputTokens} tokens; the service allows at most ${AZURE_ML_LIMITS.requestSeconds} s`,
    got: first.timeoutSeconds,
    fix: 'Request shorter answers, use a faster machine, or use a batch endpoint.',
  });
}
