import type { Finding, FindingId } from '../../core/findings';
import type { ServingPlan } from '../../core/planning/serving/plan-serving';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { ServingScale } from './scale';

// The constructs report these findings themselves.
const REPORTED_BY_CONSTRUCTS: readonly FindingId[] = ['machine/unverified'];

/** Returns the findings of a plan except those that the construct reports itself. */
export function planFindings(plan: ServingPlan | undefined): Finding[] {
  return (plan?.findings ?? []).filter(({ id }) => !REPORTED_BY_CONSTRUCTS.includes(id));
}

/** Properties for `servingFindings`. */
export interface ServingFindingsProps {
  /** Number of replicas. */
  readonly scale: ServingScale;
  /** Whether an update can start a new replica before it stops an old one. */
  readonly surge: boolean;
  /** Image of the server. @default - only known at deployment */
  readonly image?: string;
  /** Size of the files of the model. */
  readonly sizeGiB: number;
  /** Expected load. @default - no load */
  readonly load?: ServingLoad;
  /** Plan of the load. @default - no plan */
  readonly plan?: ServingPlan;
}

/** Returns the findings of a served model that are the same on every cloud. */
export function servingFindings(serving: ServingFindingsProps): Finding[] {
  return [...scalingFindings(serving), ...imageFindings(serving.image), ...sizeFindings(serving)];
}

/** Returns the finding that an existing cluster might not enforce network policies. @param fix how to enforce them */
export function unenforcedPolicies(fix: string, evidence: string): Finding {
  return {
    id: 'network/policies',
    level: 'info',
    message:
      'A network policy restricts the clients of the servers, but the existing cluster might not enforce network policies.',
    fix: `${fix}, and acknowledge this.`,
    evidence,
  };
}

/** Returns the finding that a load balancer does not encrypt requests. @param fix how to encrypt them */
export function plainRequests(fix: string, evidence: string): Finding {
  return {
    id: 'network/plain-requests',
    level: 'info',
    message: 'Requests and answers cross the network unencrypted: the load balancer has no certificate.',
    fix: `${fix}, or acknowledge this.`,
    evidence,
  };
}

/** Returns the finding that the number of machines is fixed while the replicas scale. @param otherwise how to scale the machines */
export function fixedNodes(otherwise: string, evidence: string): Finding {
  return {
    id: 'scaling/fixed-nodes',
    level: 'warning',
    message:
      'The replicas scale with the requests, but the number of machines is fixed. Fewer replicas do not reduce the cost.',
    fix: `Use ServingScaling.fixed, or ${otherwise}.`,
    evidence,
  };
}

function scalingFindings({ scale, surge }: ServingFindingsProps): Finding[] {
  const min = scale.kind === 'fixed' ? scale.replicas : scale.minReplicas;
  const found: Finding[] = [];
  if (min === 0) {
    found.push({
      id: 'serving/cold-start',
      level: 'info',
      message:
        'At zero replicas the service does not respond. Requests fail until a machine runs and the image and the model are loaded.',
      fix: 'Queue requests in front of the service for that time, or set minReplicas to 1.',
      evidence: 'https://keda.sh/docs/latest/concepts/scaling-deployments/',
    });
  }
  if (scale.kind === 'fixed' && scale.replicas === 1) {
    found.push({
      id: 'serving/one-replica',
      level: 'info',
      message: `One replica serves all requests${surge ? '' : ', and an update stops it before the next one is ready'}.`,
      fix: 'Use ServingScaling.fixed(2) or a range if the service must stay available.',
      evidence: 'https://kubernetes.io/docs/concepts/workloads/pods/disruptions/',
    });
  }
  if (scale.kind === 'hpa') {
    found.push({
      id: 'scaling/adapter',
      level: 'warning',
      message:
        'The HorizontalPodAutoscaler reads server metrics from a custom metrics adapter, which this construct does not install.',
      fix: 'Use ServingScaling.keda, or install an adapter that offers these metrics and acknowledge this.',
      evidence: 'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#scaling-on-custom-metrics',
    });
  }
  return found;
}

/** Returns the finding that the image of a server can change, or an empty list if the image has a digest. */
export function imageFindings(image: string | undefined, evidence: string = KUBERNETES_IMAGES): Finding[] {
  if (image === undefined || image.includes('@sha256:')) return [];
  return [
    {
      id: 'image/mutable',
      level: 'info',
      message: `The server runs ${image}, and the content of a tag can change.`,
      fix: 'Reference the image by its digest, preferably in your own registry.',
      evidence,
    },
  ];
}

const KUBERNETES_IMAGES = 'https://kubernetes.io/docs/concepts/containers/images/#image-names';

/** Maximum relative difference between the size of the files and of the weights: adapters, tokenizers, rounding. */
const SIZE_TOLERANCE = 0.25;

/** Returns the finding that the size of the files does not match the size of the weights. */
export function sizeFindings({
  sizeGiB,
  load,
  plan,
}: Pick<ServingFindingsProps, 'sizeGiB' | 'load' | 'plan'>): Finding[] {
  if (!plan || !load) return [];
  const planned = (plan.coldStart.weightsGB * 1e9) / 2 ** 30;
  if (Math.abs(sizeGiB - planned) <= SIZE_TOLERANCE * planned) return [];
  return [
    {
      id: 'model/size',
      level: 'warning',
      message: `The files have ${Math.round(sizeGiB)} GiB, but the weights of ${load.model.name} in ${plan.load.weightPrecision} have ${Math.round(planned)} GiB.`,
      fix: 'Set weightPrecision of the load to the precision of the files, or correct the size.',
      evidence: `parameters of ${load.model.name} at ${plan.load.weightPrecision}`,
    },
  ];
}
