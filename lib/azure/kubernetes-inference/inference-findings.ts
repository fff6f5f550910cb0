import type { Construct } from 'constructs';
import {
  planFindings,
  plainRequests,
  servingFindings,
  standingNodes,
  unenforcedPolicies,
} from '../../kubernetes/serving/inference-findings';
import { record } from '../../terraform/findings';
import { isUnknown } from '../../terraform/tokens';
import type { SizedInference } from './sized-inference';

/** Records what is doubtful about a model on AKS. */
export function recordInferenceFindings(scope: Construct, sized: SizedInference): void {
  const { plan, props } = sized;
  for (const finding of planFindings(plan)) record(scope, finding);
  const { server, model, load } = props;
  const image = isUnknown(server.image) ? undefined : server.image;
  const doubted = { ...sized, surge: sized.elastic, image, sizeGiB: model.sizeGiB, load };
  for (const finding of servingFindings(doubted)) record(scope, finding);
  recordStanding(scope, sized);
  if (props.cluster) recordPolicies(scope);
  if (props.ingress.kind === 'load-balancer') recordPlain(scope);
}

function recordPolicies(scope: Construct): void {
  const evidence = 'https://learn.microsoft.com/en-us/azure/aks/use-network-policies';
  record(scope, unenforcedPolicies('Take a cluster with Cilium', evidence));
}

function recordPlain(scope: Construct): void {
  const evidence = 'https://learn.microsoft.com/en-us/azure/aks/internal-lb';
  record(scope, plainRequests('Put a gateway with a certificate before it', evidence));
}

function recordStanding(scope: Construct, { scale, elastic }: SizedInference): void {
  if (scale.kind === 'fixed' || elastic) return;
  const evidence = 'https://learn.microsoft.com/en-us/azure/virtual-machines/capacity-reservation-overview';
  record(scope, standingNodes('Capacity.onDemand()', evidence));
}
