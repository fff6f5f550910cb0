import {
  planFindings,
  plainRequests,
  servingFindings,
  fixedNodes,
  unenforcedPolicies,
} from '../../kubernetes/serving/inference-findings';
import { recordPriceFindings } from '../report/price-findings';
import { record } from '../template/findings';
import type { KubernetesInference } from './kubernetes-inference';
import { recordKarpenterFindings } from './karpenter-findings';
import type { ResolvedInference } from './resolved-inference';

/** Records the findings of a model on EKS. */
export function recordInferenceFindings(inference: KubernetesInference, sized: ResolvedInference): void {
  recordPlan(inference, sized);
  recordAccess(inference, sized);
  recordIngress(inference);
  recordFixedNodes(inference, sized);
  const { model, server } = sized.props;
  const served = { ...sized, image: server.image, sizeGiB: model.sizeGiB, load: sized.props.load };
  for (const finding of servingFindings(served)) record(inference, finding);
  if (inference.karpenter) recordKarpenterFindings(inference.karpenter, sized);
}

function recordPlan(inference: KubernetesInference, { plan, props }: ResolvedInference): void {
  if (!plan) return;
  for (const finding of planFindings(plan)) record(inference, finding);
  recordPriceFindings(inference, plan, props.capacity);
}

function recordAccess(inference: KubernetesInference, { props }: ResolvedInference): void {
  const { vpc, software, controlPlane } = inference;
  if (controlPlane && !props.source.newCluster.admins?.length) {
    record(inference, {
      id: 'access/no-admins',
      level: 'info',
      message: 'No role administers the cluster, so nobody can use kubectl or see its pods.',
      fix: 'Pass the roles of your operators as `admins` to ClusterSource.create.',
      evidence: 'https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html',
    });
  }
  if (vpc.privateSubnets.length === 0 && software.installed.length > 0) {
    record(software, {
      id: 'network/no-egress',
      level: 'warning',
      message:
        'The VPC has no private subnet with egress, but charts, images and some models come from public registries.',
      fix: 'Use a VPC with egress, or Installation.gitOps() with mirrors.',
      evidence: 'https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html',
    });
  }
  if (controlPlane) return;
  const evidence = 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html';
  record(inference, unenforcedPolicies('Set `enableNetworkPolicy` in the vpc-cni add-on of the cluster', evidence));
}

function recordIngress({ loadBalancer }: KubernetesInference): void {
  if (!loadBalancer || loadBalancer.isEncrypted) return;
  const evidence = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/network/create-tls-listener.html';
  record(loadBalancer, plainRequests('Pass `certificate` to ServingIngress.internalLoadBalancer', evidence));
}

function recordFixedNodes(inference: KubernetesInference, { props: { nodes }, scale }: ResolvedInference): void {
  if (scale.kind === 'fixed' || nodes.kind !== 'managed') return;
  const alternative = 'ServingNodes.karpenter() if one machine holds a replica';
  record(inference, fixedNodes(alternative, 'minNodes of the group'));
}
