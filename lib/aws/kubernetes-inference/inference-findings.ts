import {
  planFindings,
  plainRequests,
  servingFindings,
  standingNodes,
  unenforcedPolicies,
} from '../../kubernetes/serving/inference-findings';
import { recordPriceFindings } from '../report/price-findings';
import { record } from '../template/findings';
import type { KubernetesInference } from './kubernetes-inference';
import { recordKarpenterFindings } from './karpenter-findings';
import type { SizedInference } from './sized-inference';

/** Records what is doubtful about a model on EKS. */
export function recordInferenceFindings(inference: KubernetesInference, sized: SizedInference): void {
  recordPlan(inference, sized);
  recordAccess(inference, sized);
  recordIngress(inference);
  recordStanding(inference, sized);
  const { model, server } = sized.props;
  const doubted = { ...sized, image: server.image, sizeGiB: model.sizeGiB, load: sized.props.load };
  for (const finding of servingFindings(doubted)) record(inference, finding);
  if (inference.karpenter) recordKarpenterFindings(inference.karpenter, sized);
}

function recordPlan(inference: KubernetesInference, { plan, props }: SizedInference): void {
  if (!plan) return;
  for (const finding of planFindings(plan)) record(inference, finding);
  recordPriceFindings(inference, plan, props.capacity);
}

function recordAccess(inference: KubernetesInference, { props }: SizedInference): void {
  const { vpc, software, controlPlane } = inference;
  if (controlPlane && !props.admins?.length) {
    record(inference, {
      id: 'access/no-admins',
      level: 'info',
      message: 'No role administers the cluster: nobody reaches it with kubectl, or sees its pods.',
      fix: 'Name the roles of your operators in admins.',
      evidence: 'https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html',
    });
  }
  if (vpc.privateSubnets.length === 0 && software.installed.length > 0) {
    record(software, {
      id: 'network/no-egress',
      level: 'warning',
      message:
        'The VPC has no private subnet with egress, and charts, images and perhaps the model come from public places.',
      fix: 'Use a VPC with egress, or Installation.gitOps() with mirrors.',
      evidence: 'https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html',
    });
  }
  if (controlPlane) return;
  const evidence = 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html';
  record(inference, unenforcedPolicies('Set enableNetworkPolicy in the vpc-cni add-on of the cluster', evidence));
}

function recordIngress({ loadBalancer }: KubernetesInference): void {
  if (!loadBalancer || loadBalancer.isEncrypted) return;
  const evidence = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/network/create-tls-listener.html';
  record(loadBalancer, plainRequests('Give certificate to ServingIngress.internalLoadBalancer', evidence));
}

function recordStanding(inference: KubernetesInference, { props: { nodes }, scale }: SizedInference): void {
  if (scale.kind === 'fixed' || nodes.kind !== 'managed') return;
  const otherwise = 'ServingNodes.karpenter() where one machine holds a replica';
  record(inference, standingNodes(otherwise, 'standingNodes of the group'));
}
