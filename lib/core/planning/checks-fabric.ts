import { duration, number } from '../format';
import type { Checks } from './checks';
import type { TrainingDraft } from './plan-draft';
import { linkedAccelerators } from './plan-hardware';

const NETWORK_SOURCE = 'AI-Hypercomputer/maxtext: Llama-2-7B over TCP on 8 to 128 H100 lost 6.6% for each doubling';

/** Checks the links between the accelerators that share a matrix, and the network between nodes. */
export function checkFabric(checks: Checks, draft: TrainingDraft): void {
  checkDomain(checks, draft);
  checkCrossing(checks, draft);
  checkExchange(checks, draft);
}

function checkDomain(checks: Checks, { parallelism, hardware, machine }: TrainingDraft): void {
  if (parallelism.tensor <= hardware.domain) return;
  checks.about('fabric/domain', `table of ${machine.cloud} machines, ${machine.name}`).contradict({
    code: 'DomainTooSmall',
    prop: 'job.parallelism.tensor',
    allowed: `at most ${hardware.domain}, the accelerators in a scale-up domain of ${machine.name}`,
    got: parallelism.tensor,
    fix: 'Lower tensor parallelism and raise pipeline parallelism.',
  });
}

function checkCrossing(checks: Checks, { parallelism, hardware, machine }: TrainingDraft): void {
  const { tensor, expert } = parallelism;
  if (hardware.rdma || Math.max(tensor, expert) <= linkedAccelerators(hardware)) return;
  const [kind, size] = tensor > linkedAccelerators(hardware) ? ['tensor', tensor] : ['expert', expert];
  checks.about('fabric/rdma', `table of ${machine.cloud} machines, ${machine.name}`).contradict({
    code: 'FabricTooSlow',
    prop: `job.parallelism.${kind}`,
    allowed: `at most ${linkedAccelerators(hardware)} on ${machine.name}, which has no RDMA between nodes`,
    got: size,
    fix: 'Keep it within a node, or use a machine with RDMA.',
  });
}

const FEW_NODES = 2;

/** Checks whether nodes can exchange gradients and weights within a step. */
function checkExchange(checks: Checks, draft: TrainingDraft): void {
  const { hardware, machine, nodes, accelerators } = draft;
  if (nodes === 1 || accelerators <= hardware.domain) return;
  const report = checks.about('fabric/rdma', NETWORK_SOURCE);
  const fix = 'Use a machine with RDMA, a larger global batch, or fewer and larger nodes.';
  const seconds = exchangeSeconds(draft);
  const step = draft.time.stepSeconds?.median ?? draft.boundStepSeconds;
  const slow = seconds !== undefined && step !== undefined && seconds > step;
  if (slow && !hardware.rdma) {
    report.contradict({
      code: 'FabricTooSlow',
      prop: 'nodes',
      allowed: `smaller, because the network of ${machine.name} needs ${duration(seconds)} for the weights and gradients of a step of ${duration(step)}`,
      got: nodes,
      fix,
    });
  } else if (slow) {
    report.warn(
      `The fabric needs ${duration(seconds)} for the weights and gradients of a step of ${duration(step)}.`,
      'Use a larger global batch, or split the model over more accelerators.',
    );
  } else if (!hardware.rdma && nodes > FEW_NODES) {
    const share = hardware.fabricBytesPerSecond;
    const speed = share === undefined ? 'unknown bandwidth' : `${number((share * 8) / 1e9)} Gbit/s per accelerator`;
    report.warn(`${nodes} nodes train together over a network without RDMA, with ${speed}.`, fix);
  }
}

/** Bytes that an accelerator sends per step and parameter: two gathers of weights and one scatter of gradients, in bf16. */
const EXCHANGED_BYTES = 6;

/**
 * Returns the seconds that an accelerator's share of the fabric needs for the data of a step, without overlap. Only trained parameters
 * have gradients.
 */
function exchangeSeconds({ job, parallelism, hardware }: TrainingDraft): number | undefined {
  const { fabricBytesPerSecond } = hardware;
  if (fabricBytesPerSecond === undefined || parallelism.data === 1) return undefined;
  const { tensor, pipeline, sharding } = parallelism;
  const exchanged = sharding === 'zero-3' ? job.model.parameters : job.trainableParameters;
  return (EXCHANGED_BYTES * exchanged) / (tensor * pipeline) / fabricBytesPerSecond;
}
