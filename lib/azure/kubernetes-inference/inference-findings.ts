import type { Construct } from 'constructs';
import {
  planFindings,
  plainRequests,
  servingFindings,
  fixedNodes,
  unenforcedPolicies,
} from '../../kubernetes/serving/inference-findings';
import { record } from '../../terraform/findings';
import { isUnknown } from '../../terraform/tokens';
import type { ResolvedInference } from './resolved-inference';

/** Records the findings of a model on AKS. */
export function recordInferenceFindings(scope: Construct, sized: ResolvedInference): void {
  const { plan, props } = sized;
  for (const finding of planFindings(plan)) record(scope, finding);
  const { server, model, load } = props;
  const image = isUnknown(server.image) ? undefined : server.image;
  const input = { ...sized, surge: sized.elastic, image, sizeGiB: model.sizeGiB, load };
  for (const finding of servingFindings(input)) record(scope, finding);
  recordFixedNodes(scope, sized);
  if (props.cluster) recordPolicies(scope);
  if (props.ingress.kind === 'load-balancer') recordPlain(scope);
}

function recordPolicies(scope: Construct): void {
  const evidence = 'https://learn.microsoft.com/en-us/azure/aks/use-network-policies';
  record(scope, unenforcedPolicies('Use a cluster with Cilium', evidence));
}

function recordPlain(scope: Construct): void {
  const evidence = 'https://learn.microsoft.com/en-us/azure/aks/internal-lb';
  record(scope, plainRequests('Put a gateway with a certificate in front of it', evidence));
}

function recordFixedNodes(scope: Construct, { scale, elastic }: ResolvedInference): void {
  if (scale.kind === 'fixed' || elastic) return;
  const evidence = 'https://learn.microsoft.com/en-us/azure/virtual-machines/capacity-reservation-overview';
  record(scope, fixedNodes('Capacity.onDemand()', evidence));
}
