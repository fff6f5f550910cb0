import { Stack, Token } from 'aws-cdk-lib';
import type { FindingId } from '../../core/findings';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { servingFindings } from '../../kubernetes/serving/inference-findings';
import { record } from '../template/findings';
import type { KubernetesInference } from './kubernetes-inference';
import { recordKarpenterFindings } from './karpenter-findings';
import type { SizedInference } from './sized-inference';

// What the construct knows better: its machines record it of themselves.
const OWN: readonly FindingId[] = ['machine/unverified'];

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
  for (const finding of plan.findings) if (!OWN.includes(finding.id)) record(inference, finding);
  recordRegion(inference, plan);
  const price = plan.costs.find(({ chosen }) => chosen)?.price;
  if (props.capacity.market !== 'capacity-block' || price?.termYears === undefined) return;
  record(inference, {
    id: 'cost/price',
    level: 'warning',
    message: `The price is that of a commitment of ${price.termYears} years, and a capacity block is paid up front.`,
    fix: "Give what the block costs an hour in prices, of the market 'committed'.",
    evidence: price.source,
  });
}

function recordRegion(inference: KubernetesInference, { cluster: { region }, costs }: ServingPlan): void {
  const price = costs.find(({ chosen }) => chosen)?.price;
  if (!Token.isUnresolved(Stack.of(inference).region) || region === undefined || !price) return;
  record(inference, {
    id: 'cost/region',
    level: 'info',
    message: `The region is known only at deployment: the plan takes prices of ${region}.`,
    fix: 'State env.region of the stack.',
    evidence: price.source,
  });
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
  record(inference, {
    id: 'network/policies',
    level: 'info',
    message: 'Who may call the servers is said by a network policy, and the cluster was brought: it may enforce none.',
    fix: 'Set enableNetworkPolicy in the vpc-cni add-on of the cluster, and acknowledge this.',
    evidence: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html',
  });
}

function recordIngress({ loadBalancer }: KubernetesInference): void {
  if (!loadBalancer || loadBalancer.isEncrypted) return;
  record(loadBalancer, {
    id: 'network/plain-requests',
    level: 'info',
    message: 'Requests and answers cross the VPC unencrypted: the load balancer has no certificate.',
    fix: 'Give certificate to ServingIngress.internalLoadBalancer, or acknowledge this.',
    evidence: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/network/create-tls-listener.html',
  });
}

function recordStanding(inference: KubernetesInference, { props: { nodes }, scale }: SizedInference): void {
  if (scale.kind === 'fixed' || nodes.kind !== 'managed') return;
  record(inference, {
    id: 'scaling/standing-nodes',
    level: 'warning',
    message:
      'Replicas follow the requests, and the machines of a managed group all stand: fewer replicas cost as much.',
    fix: 'Use ServingScaling.fixed, or ServingNodes.karpenter() where one machine holds a replica.',
    evidence: 'standingNodes of the group',
  });
}
