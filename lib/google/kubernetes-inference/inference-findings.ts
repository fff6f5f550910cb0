import type { Construct } from 'constructs';
import { nothingTakesOver, reservationEnds } from '../../core/capacity-findings';
import {
  planFindings,
  plainRequests,
  servingFindings,
  standingNodes,
  unenforcedPolicies,
} from '../../kubernetes/serving/inference-findings';
import { record } from '../../terraform/findings';
import { recordFlexStartPrice } from '../capacity/flex-start-price';
import { ReleaseChannel } from '../cluster/control-plane-props';
import type { SizedInference } from './sized-inference';

/** Records what is doubtful about a model on GKE. */
export function recordInferenceFindings(inference: Construct, sized: SizedInference): void {
  const { props, plan } = sized;
  for (const finding of planFindings(plan)) record(inference, finding);
  if (plan) recordFlexStartPrice(inference, props.capacity, plan);
  recordCapacity(inference, sized);
  recordCluster(inference, sized);
  recordIngress(inference, sized);
  const { model, server, load } = props;
  const doubted = { ...sized, image: server.image, sizeGiB: model.sizeGiB, load };
  for (const finding of servingFindings(doubted)) record(inference, finding);
}

function recordCapacity(inference: Construct, { props, scale }: SizedInference): void {
  const { capacity, machine, nodePool } = props;
  if (capacity.market === 'spot' && !capacity.fallback) {
    const evidence = 'https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms';
    record(inference, nothingTakesOver(machine.name, evidence));
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
  if (capacity.until) record(inference, reservationEnds(machine.name, capacity.until));
  if (scale.kind === 'fixed' || (capacity.market !== 'reservation' && !nodePool)) return;
  const evidence = nodePool ? 'the pool that was brought' : 'the reservation, which is paid used or not';
  record(inference, standingNodes('capacity that is paid only while it runs', evidence));
}

function recordCluster(inference: Construct, { props: { cluster } }: SizedInference): void {
  if (!cluster || 'network' in cluster) return;
  const evidence = 'https://cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2';
  record(inference, unenforcedPolicies('Make it with Dataplane V2', evidence));
}

function recordIngress(inference: Construct, { props }: SizedInference): void {
  const { ingress, cluster, version, releaseChannel } = props;
  if (!ingress.isEncrypted) {
    const evidence = 'https://cloud.google.com/kubernetes-engine/docs/how-to/secure-gateway';
    record(inference, plainRequests('Give certificate to ServingIngress.inferenceGateway', evidence));
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
