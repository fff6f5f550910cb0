import { Problems } from '../../core/errors';
import { checkBounds, isKnown } from '../../terraform/tokens';
import { checkModelFit } from '../inference/model-fit';
import { checkMlCluster } from '../machine-learning/machine-learning-cluster-checks';
import { checkMlName } from '../machine-learning/names';
import { checkWorkspace } from '../machine-learning/workspace-attributes';
import { batchDefaults, type BatchInferenceProps } from './batch-inference-props';
import { type MarketRate, rateOf } from './batch-rates';

/** Adds everything that contradicts itself in a batch endpoint whose props have the right kinds, and finds the price of its machines. */
export function checkBatchInference(problems: Problems, props: BatchInferenceProps): MarketRate | undefined {
  checkMlName(problems, 'endpoint', 'endpointName', props.endpointName);
  props.artifact.check(problems);
  checkContainer(problems, props);
  checkNumbers(problems, props);
  if (props.cluster) checkShared(problems, props);
  else checkOwn(problems, props);
  const machine = props.cluster?.machine ?? props.machine;
  if (machine) {
    checkModelFit(problems, props.artifact, machine);
    checkShare(problems, props, machine.spec.accelerators);
  }
  return rateOf(problems, props);
}

/** @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-batch-scoring-script */
function checkContainer(problems: Problems, props: BatchInferenceProps): void {
  const { container } = batchDefaults(props);
  container.check(problems);
  if (container.kind !== 'image') return;
  problems.add({
    code: 'ServingContainerInvalid',
    prop: 'container',
    allowed: 'ServingContainer.registered or ServingContainer.mlflow: a batch endpoint calls a script, and no server',
    got: 'ServingContainer.image',
    fix: 'Register an environment with that image, and code with a scoring script.',
  });
}

/** Our own bounds, but for those of the script: the service documents none. */
const RANGES = {
  shardsPerBatch: [1, 10_000],
  batchesPerMachine: [1, 64],
  batchTimeoutSeconds: [1, 86_400],
  attempts: [1, 10],
  toleratedFailures: [0, 1e9],
} as const;

function checkNumbers(problems: Problems, props: BatchInferenceProps): void {
  for (const [prop, [least, most]] of Object.entries(RANGES)) {
    const value = props[prop as keyof typeof RANGES];
    const code = prop === 'batchTimeoutSeconds' ? 'BatchTimeout' : 'BatchLimit';
    checkBounds(problems, code, prop, value, { least, most });
  }
}

/** A cluster that is made is judged as one. */
function checkOwn(problems: Problems, props: BatchInferenceProps): void {
  const { machine, workspace, capacity } = props;
  if (!machine) {
    problems.add({
      code: 'ValueMissing',
      prop: 'machine',
      allowed: 'given for a new cluster',
      got: undefined,
      fix: 'Give machine, or a cluster that stands.',
    });
    checkWorkspace(problems, 'workspace', workspace);
    return;
  }
  const ofCluster = new Problems();
  checkMlCluster(ofCluster, { workspace, machine, capacity, nodes: batchDefaults(props).mostMachines });
  for (const problem of ofCluster.all) {
    problems.add({ ...problem, prop: problem.prop === 'nodes' ? 'mostMachines' : problem.prop });
  }
}

function checkShared(problems: Problems, props: BatchInferenceProps): void {
  checkWorkspace(problems, 'workspace', props.workspace);
  const { nodes } = props.cluster!;
  for (const prop of ['machine', 'capacity'] as const) {
    if (props[prop] === undefined) continue;
    const allowed = 'left out with a cluster, which has its own';
    problems.add({ code: 'ClusterOption', prop, allowed, got: props[prop], fix: 'Leave it out.' });
  }
  const { mostMachines } = props;
  if (!isKnown(problems, 'mostMachines', mostMachines)) return;
  if (Number.isInteger(mostMachines) && mostMachines >= 1 && mostMachines <= nodes) return;
  problems.add({
    code: 'NodesOutOfRange',
    prop: 'mostMachines',
    allowed: `a whole number from 1 to ${nodes}, the most of the cluster`,
    got: mostMachines,
    fix: 'Take fewer, or leave it out for all.',
  });
}

/** Calls that run side by side share the accelerators of a machine out. */
function checkShare(problems: Problems, props: BatchInferenceProps, accelerators: number): void {
  const { batchesPerMachine } = props;
  if (batchesPerMachine === undefined || !Number.isInteger(batchesPerMachine) || batchesPerMachine <= 1) return;
  if (accelerators % batchesPerMachine === 0) return;
  problems.add({
    code: 'BatchShare',
    prop: 'batchesPerMachine',
    allowed: `a number that shares out the ${accelerators} accelerators of a machine without rest`,
    got: batchesPerMachine,
    fix: 'Take 1, or a part of that number.',
  });
}
