import { type Checks, duration, rounded } from './checks';
import type { TrainingDraft } from './plan-draft';
import { joined } from './plan-hardware';

const NETWORK_SOURCE = 'AI-Hypercomputer/maxtext: Llama-2-7B over TCP on 8 to 128 H100 lost 6.6 % for each doubling';

/** Whether what works on one matrix is joined closely enough, and whether the nodes are. */
export function checkFabric(checks: Checks, draft: TrainingDraft): void {
  checkDomain(checks, draft);
  checkCrossing(checks, draft);
  checkExchange(checks, draft);
}

function checkDomain(checks: Checks, { parallelism, hardware, machine }: TrainingDraft): void {
  if (parallelism.tensor <= hardware.domain) return;
  checks.about('fabric/domain', `the table of ${machine.cloud} machines, ${machine.name}`).contradict({
    code: 'DomainTooSmall',
    prop: 'job.parallelism.tensor',
    allowed: `at most the ${hardware.domain} accelerators of a scale-up domain of ${machine.name}`,
    got: parallelism.tensor,
    fix: 'Lower tensor parallelism and raise pipeline parallelism.',
  });
}

function checkCrossing(checks: Checks, { parallelism, hardware, machine }: TrainingDraft): void {
  const { tensor, expert } = parallelism;
  if (hardware.rdma || Math.max(tensor, expert) <= joined(hardware)) return;
  const [kind, size] = tensor > joined(hardware) ? ['tensor', tensor] : ['expert', expert];
  checks.about('fabric/rdma', `the table of ${machine.cloud} machines, ${machine.name}`).contradict({
    code: 'FabricTooSlow',
    prop: `job.parallelism.${kind}`,
    allowed: `at most ${joined(hardware)} on ${machine.name}, whose nodes are not joined by RDMA`,
    got: size,
    fix: 'Keep it within a node, or take a machine with RDMA.',
  });
}

const FEW_NODES = 2;

/** Whether gradients and weights pass between nodes in the time of a step. */
function checkExchange(checks: Checks, draft: TrainingDraft): void {
  const { hardware, machine, nodes, accelerators } = draft;
  if (nodes === 1 || accelerators <= hardware.domain) return;
  const report = checks.about('fabric/rdma', NETWORK_SOURCE);
  const fix = 'Take a machine with RDMA, raise the global batch, or use fewer and larger nodes.';
  const seconds = exchangeSeconds(draft);
  const step = draft.time.stepSeconds?.median ?? draft.boundStepSeconds;
  const slow = seconds !== undefined && step !== undefined && seconds > step;
  if (slow && !hardware.rdma) {
    report.contradict({
      code: 'FabricTooSlow',
      prop: 'nodes',
      allowed: `so few that the network of ${machine.name} keeps up: it exchanges weights and gradients for ${duration(seconds)} in a step of ${duration(step)}`,
      got: nodes,
      fix,
    });
  } else if (slow) {
    report.warn(
      `Weights and gradients pass the fabric for ${duration(seconds)} in a step of ${duration(step)}.`,
      'Raise the global batch, or split the model further.',
    );
  } else if (!hardware.rdma && nodes > FEW_NODES) {
    const share = hardware.fabricBytesPerSecond;
    const speed =
      share === undefined ? 'of unknown speed' : `of ${rounded((share * 8) / 1e9)} Gbit/s for each accelerator`;
    report.warn(`${nodes} nodes train together over a network without RDMA, ${speed}.`, fix);
  }
}

/** Bytes that an accelerator sends in a step per parameter it holds: two gathers of weights and one scatter of gradients, in bf16. */
const EXCHANGED_BYTES = 6;

/**
 * Seconds in which each accelerator's share of the fabric passes what it exchanges in a step, hidden behind nothing. Only
 * trained parameters have gradients.
 */
function exchangeSeconds({ job, parallelism, hardware }: TrainingDraft): number | undefined {
  const { fabricBytesPerSecond } = hardware;
  if (fabricBytesPerSecond === undefined || parallelism.data === 1) return undefined;
  const { tensor, pipeline, sharding } = parallelism;
  const exchanged = sharding === 'zero-3' ? job.model.parameters : job.trainableParameters;
  return (EXCHANGED_BYTES * exchanged) / (tensor * pipeline) / fabricBytesPerSecond;
}
