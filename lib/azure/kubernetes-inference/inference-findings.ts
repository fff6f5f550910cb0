import type { Construct } from 'constructs';
import type { FindingId } from '../../core/findings';
import { servingFindings } from '../../kubernetes/serving/inference-findings';
import { record } from '../../terraform/findings';
import { isUnknown } from '../../terraform/tokens';
import type { SizedInference } from './sized-inference';

// What the construct knows better: its machines record it of themselves.
const OWN: readonly FindingId[] = ['machine/unverified'];

/** Records what is doubtful about a model on AKS. */
export function recordInferenceFindings(scope: Construct, sized: SizedInference): void {
  const { plan, props } = sized;
  for (const finding of plan?.findings ?? []) if (!OWN.includes(finding.id)) record(scope, finding);
  const { server, model, load } = props;
  const image = isUnknown(server.image) ? undefined : server.image;
  const doubted = { ...sized, surge: sized.elastic, image, sizeGiB: model.sizeGiB, load };
  for (const finding of servingFindings(doubted)) record(scope, finding);
  recordStanding(scope, sized);
  if (props.cluster) recordPolicies(scope);
  if (props.ingress.kind === 'load-balancer') recordPlain(scope);
}

function recordPolicies(scope: Construct): void {
  record(scope, {
    id: 'network/policies',
    level: 'info',
    message: 'Who may call the servers is said by a network policy, and the cluster was brought: it may enforce none.',
    fix: 'Take a cluster with Cilium, and acknowledge this.',
    evidence: 'https://learn.microsoft.com/en-us/azure/aks/use-network-policies',
  });
}

function recordPlain(scope: Construct): void {
  record(scope, {
    id: 'network/plain-requests',
    level: 'info',
    message: 'Requests and answers cross the network unencrypted: the load balancer hands them on as they are.',
    fix: 'Put a gateway with a certificate before it, or acknowledge this.',
    evidence: 'https://learn.microsoft.com/en-us/azure/aks/internal-lb',
  });
}

function recordStanding(scope: Construct, { scale, elastic }: SizedInference): void {
  if (scale.kind === 'fixed' || elastic) return;
  record(scope, {
    id: 'scaling/standing-nodes',
    level: 'warning',
    message: 'Replicas follow the requests, and reserved machines all stand: fewer replicas cost as much.',
    fix: 'Use ServingScaling.fixed, or Capacity.onDemand().',
    evidence: 'https://learn.microsoft.com/en-us/azure/virtual-machines/capacity-reservation-overview',
  });
}
