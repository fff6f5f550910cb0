import type { Construct } from 'constructs';
import type { FindingId } from '../../core/findings';
import { servingFindings } from '../../kubernetes/serving/inference-findings';
import { record } from '../../terraform/findings';
import { ReleaseChannel } from '../cluster/control-plane-props';
import type { SizedInference } from './sized-inference';

// What the construct knows better: its machines record it of themselves.
const OWN: readonly FindingId[] = ['machine/unverified'];

/** Records what is doubtful about a model on GKE. */
export function recordInferenceFindings(inference: Construct, sized: SizedInference): void {
  const { props, plan } = sized;
  for (const finding of plan?.findings ?? []) if (!OWN.includes(finding.id)) record(inference, finding);
  recordPrice(inference, sized);
  recordCapacity(inference, sized);
  recordCluster(inference, sized);
  recordIngress(inference, sized);
  const { model, server, load } = props;
  const doubted = { ...sized, image: server.image, sizeGiB: model.sizeGiB, load };
  for (const finding of servingFindings(doubted)) record(inference, finding);
}

function recordPrice(inference: Construct, { props: { capacity }, plan }: SizedInference): void {
  const price = plan?.costs.find(({ chosen }) => chosen)?.price;
  if (capacity.market !== 'flex-start' || !price) return;
  record(inference, {
    id: 'cost/price',
    level: 'info',
    message: 'No source has prices of flex-start: the plan takes those of on-demand, which are no lower.',
    fix: 'Give what your account pays in prices.',
    evidence: price.source,
  });
}

function recordCapacity(inference: Construct, { props, scale }: SizedInference): void {
  const { capacity, machine, nodePool } = props;
  if (capacity.market === 'spot' && !capacity.fallback) {
    record(inference, {
      id: 'spot/no-fallback',
      level: 'info',
      message: `Nothing takes over when there is no spot capacity of ${machine.name}.`,
      fix: 'Use Capacity.spot({ fallback: Capacity.onDemand() }).',
      evidence: 'https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms',
    });
  }
  if (capacity.maxRunDays !== undefined) {
    record(inference, {
      id: 'capacity/expires',
      level: 'info',
      message: `A flex-start node ends after ${capacity.maxRunDays} days, with the replicas on it; its successor waits for a free machine.`,
      fix: 'Keep two replicas, or serve from another capacity.',
      evidence: 'https://cloud.google.com/kubernetes-engine/docs/concepts/dws',
    });
  }
  if (capacity.until) {
    record(inference, {
      id: 'capacity/expires',
      level: 'info',
      message: `The reservation of ${machine.name} ends on ${capacity.until.toISOString().slice(0, 10)}.`,
      fix: 'Renew it before.',
      evidence: 'until of Capacity.newReservation',
    });
  }
  if (scale.kind === 'fixed' || (capacity.market !== 'reservation' && !nodePool)) return;
  record(inference, {
    id: 'scaling/standing-nodes',
    level: 'warning',
    message: 'Replicas follow the requests, and the machines below them all stand: fewer replicas cost as much.',
    fix: 'Use ServingScaling.fixed, or capacity that is paid only while it runs.',
    evidence: nodePool ? 'the pool that was brought' : 'the reservation, which is paid used or not',
  });
}

function recordCluster(inference: Construct, { props: { cluster } }: SizedInference): void {
  if (!cluster || 'network' in cluster) return;
  record(inference, {
    id: 'network/policies',
    level: 'info',
    message: 'Who may call the servers is said by a network policy, and the cluster was brought: it may enforce none.',
    fix: 'Make it with Dataplane V2, and acknowledge this.',
    evidence: 'https://cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2',
  });
}

function recordIngress(inference: Construct, { props }: SizedInference): void {
  const { ingress, cluster, version, releaseChannel } = props;
  if (!ingress.isEncrypted) {
    record(inference, {
      id: 'network/plain-requests',
      level: 'info',
      message: 'Requests and answers cross the network unencrypted: the load balancer has no certificate.',
      fix: 'Give certificate to ServingIngress.inferenceGateway, or acknowledge this.',
      evidence: 'https://cloud.google.com/kubernetes-engine/docs/how-to/secure-gateway',
    });
  }
  if (ingress.kind !== 'inference-gateway') return;
  const known = cluster ? cluster.version : version;
  const recent = releaseChannel !== ReleaseChannel.EXTENDED && releaseChannel !== ReleaseChannel.STABLE;
  if (known !== undefined || (!cluster && recent)) return;
  record(inference, {
    id: 'gateway/pool-kind',
    level: 'warning',
    message:
      'GKE has the kind InferencePool from 1.34.0-gke.1626000 on, and which version the cluster runs is not stated.',
    fix: 'State version, or install the kind yourself and acknowledge this.',
    evidence: 'https://cloud.google.com/kubernetes-engine/docs/how-to/deploy-gke-inference-gateway',
  });
}
