import { Stack, Token } from 'aws-cdk-lib';
import type { FindingId } from '../../core/findings';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
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
  recordScaling(inference, sized);
  recordModel(inference, sized);
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

function recordScaling(inference: KubernetesInference, { props, scale, surge }: SizedInference): void {
  const { scaling, nodes } = props;
  if (scaling.least === 0) {
    record(inference, {
      id: 'serving/wake-up',
      level: 'info',
      message:
        'Without replicas the service answers nothing: requests fail until a machine, an image and a model are there.',
      fix: 'Let what stands before it hold requests for that long, or keep one replica.',
      evidence: 'https://keda.sh/docs/latest/concepts/scaling-deployments/',
    });
  }
  if (scale.kind === 'fixed' && scale.replicas === 1) {
    record(inference, {
      id: 'serving/one-replica',
      level: 'info',
      message: `One replica answers all requests${surge ? '' : ', and an update stops it before the next one is up'}.`,
      fix: 'Use ServingScaling.fixed(2) or a range where it matters.',
      evidence: 'https://kubernetes.io/docs/concepts/workloads/pods/disruptions/',
    });
  }
  if (scale.kind === 'hpa') {
    record(inference, {
      id: 'scaling/adapter',
      level: 'warning',
      message:
        'The autoscaler of Kubernetes reads gauges of the servers from an adapter of custom metrics, which is not installed here.',
      fix: 'Use ServingScaling.keda, or install an adapter that offers these gauges and acknowledge this.',
      evidence: 'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#scaling-on-custom-metrics',
    });
  }
  if (scale.kind !== 'fixed' && nodes.kind === 'managed') {
    record(inference, {
      id: 'scaling/standing-nodes',
      level: 'warning',
      message:
        'Replicas follow the requests, and the machines of a managed group all stand: fewer replicas cost as much.',
      fix: 'Use ServingScaling.fixed, or ServingNodes.karpenter() where one machine holds a replica.',
      evidence: 'standingNodes of the group',
    });
  }
}

/** Share by which the files of a model may differ from its declared weights: adapters, tokenizers, rounding. */
const SIZE_TOLERANCE = 0.25;

function recordModel(inference: KubernetesInference, { props: { model, load, server }, plan }: SizedInference): void {
  if (!server.image.includes('@sha256:')) {
    record(inference, {
      id: 'image/mutable',
      level: 'info',
      message: `The server runs ${server.image}, whose tag may come to mean other content.`,
      fix: 'Name the image by its digest, best in a registry of your own.',
      evidence: 'https://kubernetes.io/docs/concepts/containers/images/#image-names',
    });
  }
  if (!plan || !load) return;
  const planned = (plan.coldStart.weightsGB * 1e9) / 2 ** 30;
  if (Math.abs(model.sizeGiB - planned) <= SIZE_TOLERANCE * planned) return;
  record(inference, {
    id: 'model/size',
    level: 'warning',
    message: `The files are ${Math.round(model.sizeGiB)} GiB, and the weights of ${load.model.name} in ${load.weightPrecision} are ${Math.round(planned)} GiB.`,
    fix: 'State weightPrecision of the load as the files have it, or mend the size.',
    evidence: `parameters of ${load.model.name} at ${load.weightPrecision}`,
  });
}
