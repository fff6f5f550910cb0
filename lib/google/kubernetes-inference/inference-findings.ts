import type { Construct } from 'constructs';
import { noFallback, reservationEnds } from '../../core/capacity-findings';
import {
  fixedNodes,
  plainRequests,
  planFindings,
  servingFindings,
  unenforcedPolicies,
} from '../../kubernetes/serving/inference-findings';
import { record } from '../../terraform/findings';
import { recordFlexStartPrice } from '../capacity/flex-start-price';
import { isControlPlane } from '../cluster/cluster-network';
import { ReleaseChannel } from '../cluster/control-plane-props';
import type { ResolvedInference } from './resolved-inference';

/** Records the findings of a model on GKE. */
export function recordInferenceFindings(inference: Construct, sized: ResolvedInference): void {
  const { props, plan } = sized;
  for (const finding of planFindings(plan)) record(inference, finding);
  if (plan) recordFlexStartPrice(inference, props.capacity, plan);
  recordCapacity(inference, sized);
  recordCluster(inference, sized);
  recordIngress(inference, sized);
  const { model, server, load } = props;
  const serving = { ...sized, image: server.image, sizeGiB: model.sizeGiB, load };
  for (const finding of servingFindings(serving)) record(inference, finding);
}

function recordCapacity(inference: Construct, { props, scale }: ResolvedInference): void {
  const { capacity, machine, nodePool } = props;
  if (capacity.market === 'spot' && !capacity.fallback) {
    const evidence = 'https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms';
    record(inference, noFallback(machine.name, evidence));
  }
  if (capacity.maxRunDays !== undefined) {
    record(inference, {
      id: 'capacity/expires',
      level: 'info',
      message: `A flex-start node and its replicas stop after ${capacity.maxRunDays} days. The next node waits for a free machine.`,
      fix: 'Run at least two replicas, or use another capacity.',
      evidence: 'https://cloud.google.com/kubernetes-engine/docs/concepts/dws',
    });
  }
  if (capacity.until) record(inference, reservationEnds(machine.name, capacity.until));
  if (scale.kind === 'fixed' || (capacity.market !== 'reservation' && !nodePool)) return;
  const evidence = nodePool ? 'nodePool, an existing node pool' : 'the reservation, which is billed at all times';
  record(inference, fixedNodes('capacity that is billed only while it runs', evidence));
}

function recordCluster(inference: Construct, { props: { cluster } }: ResolvedInference): void {
  if (!cluster.existing || isControlPlane(cluster.existing)) return;
  const evidence = 'https://cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2';
  record(inference, unenforcedPolicies('Create the cluster with Dataplane V2', evidence));
}

function recordIngress(inference: Construct, { props }: ResolvedInference): void {
  const { ingress, cluster, zone } = props;
  if (!ingress.isEncrypted) {
    const evidence = 'https://cloud.google.com/kubernetes-engine/docs/how-to/secure-gateway';
    record(inference, plainRequests('Set certificate in ServingIngress.inferenceGateway', evidence));
  }
  if (!ingress.gateway) return;
  const { releaseChannel } = cluster.newCluster;
  const recent = releaseChannel !== ReleaseChannel.EXTENDED && releaseChannel !== ReleaseChannel.STABLE;
  if (cluster.planned(zone).kubernetesVersion !== undefined || (!cluster.existing && recent)) return;
  record(inference, {
    id: 'gateway/pool-kind',
    level: 'warning',
    message:
      'GKE includes the InferencePool kind from 1.34.0-gke.1626000 on, but the version of the cluster is unknown here.',
    fix: 'Set kubernetesVersion of the cluster, or install the kind yourself and acknowledge this.',
    evidence: 'https://cloud.google.com/kubernetes-engine/docs/how-to/deploy-gke-inference-gateway',
  });
}
