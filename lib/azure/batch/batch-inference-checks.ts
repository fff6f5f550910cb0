import { ProblemCollector } from '../../core/errors';
import type { EstimatedRun } from '../../core/planning/batch-estimate';
import { estimatePlannedWork, type PlannedRunInput } from '../../core/planning/planned-batch-work';
import { checkBounds, isKnown, isUnknown } from '../../terraform/tokens';
import { checkWorkLimits } from '../../terraform/work-limits';
import { checkModelFit } from '../inference/model-fit';
import { AzureMachine } from '../machine/machine';
import { plannedMachine } from '../machine/planned-machine';
import { checkMlCluster } from '../machine-learning/machine-learning-cluster-checks';
import { checkMlName } from '../machine-learning/names';
import { checkWorkspace } from '../machine-learning/workspace-attributes';
import { acceleratorsOf, batchDefaults, type BatchInferenceProps } from './batch-inference-props';
import { type BatchMarket, type MarketRate, rateOf } from './batch-rates';

/** A validated batch endpoint. */
export interface ValidatedBatch {
  /** Price of the machines. */
  readonly rate: MarketRate;
  /** @default - no `work`, or no estimate for it */
  readonly estimate?: EstimatedRun<BatchMarket>;
}

/** Adds each problem of a batch endpoint whose props have the right types, and estimates its work. */
export function checkBatchInference(
  problems: ProblemCollector,
  props: BatchInferenceProps,
): ValidatedBatch | undefined {
  checkMlName(problems, 'endpoint', 'endpointName', props.endpointName);
  props.artifact.check(problems);
  checkContainer(problems, props);
  checkNumbers(problems, props);
  if (props.work) checkWorkLimits(problems.within('work'), props.work);
  if (props.cluster) checkExistingCluster(problems, props);
  else checkNewCluster(problems, props);
  const machine = props.cluster?.machine ?? props.machine;
  if (machine) {
    checkModelFit(problems, props.artifact, machine);
    checkReplica(problems, props, machine);
  }
  const rate = rateOf(problems, props);
  if (!machine || !rate) return undefined;
  if (!props.work || problems.all.length > 0) return { rate };
  return { rate, estimate: estimatePlannedWork(problems, props.work, runInput(props, machine, rate)) };
}

/** The machines of a run, for an estimate. */
export function runInput(
  props: BatchInferenceProps,
  machine: AzureMachine,
  rate: MarketRate,
): PlannedRunInput<BatchMarket> {
  const { acceleratorsPerReplica, replicasPerMachine, maxMachines } = batchDefaults(props);
  const { location } = props.workspace.resourceGroup;
  const isInCatalog = AzureMachine.all.some(({ name }) => name === machine.name);
  return {
    machine: isInCatalog ? plannedMachine(machine) : undefined,
    machineName: machine.name,
    machines: maxMachines,
    accelerators: acceleratorsPerReplica,
    acceleratorsProp: 'acceleratorsPerReplica',
    replicas: maxMachines * replicasPerMachine,
    replicasPerMachine,
    rates: [rate],
    region: isUnknown(location) ? undefined : location,
  };
}

/** @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-batch-scoring-script */
function checkContainer(problems: ProblemCollector, props: BatchInferenceProps): void {
  const { container } = batchDefaults(props);
  container.check(problems);
  if (container.kind !== 'image') return;
  problems.add({
    code: 'ServingContainerInvalid',
    prop: 'container',
    allowed: 'ServingContainer.registered() or ServingContainer.mlflow(): a batch endpoint runs a script, not a server',
    got: 'ServingContainer.image()',
    fix: 'Register an environment with the image, and code with a scoring script.',
  });
}

/** Choices of this library: the service documents no limits for these numbers. */
const RANGES = {
  shardsPerTask: [1, 10_000],
  taskTimeoutSeconds: [1, 86_400],
  attempts: [1, 10],
  toleratedFailures: [0, 1e9],
} as const;

function checkNumbers(problems: ProblemCollector, props: BatchInferenceProps): void {
  for (const [prop, [min, max]] of Object.entries(RANGES)) {
    const value = props[prop as keyof typeof RANGES];
    const code = prop === 'taskTimeoutSeconds' ? 'BatchTimeout' : 'BatchLimit';
    checkBounds(problems, code, prop, value, { min, max });
  }
}

function checkNewCluster(problems: ProblemCollector, props: BatchInferenceProps): void {
  const { machine, workspace, capacity } = props;
  if (!machine) {
    problems.add({
      code: 'ValueMissing',
      prop: 'machine',
      allowed: 'set for a new cluster',
      got: undefined,
      fix: 'Set `machine`, or pass an existing `cluster`.',
    });
    checkWorkspace(problems, 'workspace', workspace);
    return;
  }
  const ofCluster = new ProblemCollector();
  checkMlCluster(ofCluster, { workspace, machine, capacity, maxNodes: batchDefaults(props).maxMachines });
  for (const problem of ofCluster.all) {
    problems.add({ ...problem, prop: problem.prop === 'maxNodes' ? 'maxMachines' : problem.prop });
  }
}

function checkExistingCluster(problems: ProblemCollector, props: BatchInferenceProps): void {
  checkWorkspace(problems, 'workspace', props.workspace);
  const { maxNodes } = props.cluster!;
  for (const prop of ['machine', 'capacity'] as const) {
    if (props[prop] === undefined) continue;
    const allowed = 'left out with an existing cluster, which has its own';
    problems.add({ code: 'ClusterOption', prop, allowed, got: props[prop], fix: 'Leave it out.' });
  }
  const { maxMachines } = props;
  if (!isKnown(problems, 'maxMachines', maxMachines)) return;
  if (Number.isInteger(maxMachines) && maxMachines >= 1 && maxMachines <= maxNodes) return;
  problems.add({
    code: 'NodesOutOfRange',
    prop: 'maxMachines',
    allowed: `a whole number from 1 to ${maxNodes}, the maximum of the cluster`,
    got: maxMachines,
    fix: 'Use fewer machines, or leave it out to use all nodes.',
  });
}

/** Processes of a machine share its accelerators equally. */
function checkReplica(
  problems: ProblemCollector,
  { acceleratorsPerReplica: count }: BatchInferenceProps,
  machine: AzureMachine,
): void {
  if (!isKnown(problems, 'acceleratorsPerReplica', count)) return;
  const accelerators = acceleratorsOf(machine);
  if (Number.isInteger(count) && count >= 1 && count <= accelerators && accelerators % count === 0) return;
  problems.add({
    code: 'BatchShare',
    prop: 'acceleratorsPerReplica',
    allowed: `a whole number that divides ${accelerators}, the accelerators of one ${machine.name}`,
    got: count,
    fix: 'Leave it out to run one process with all accelerators.',
  });
}
