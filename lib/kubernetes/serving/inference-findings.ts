import type { Finding, FindingId } from '../../core/findings';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { ServingScale } from './scale';

// What constructs know better: their machines record it of themselves.
const OWN: readonly FindingId[] = ['machine/unverified'];

/** The doubts of a plan, but what its construct tells itself. */
export function planFindings(plan: ServingPlan | undefined): Finding[] {
  return (plan?.findings ?? []).filter(({ id }) => !OWN.includes(id));
}

/** A served model, as far as it gives rise to doubts on every cloud. */
export interface DoubtedServing {
  readonly scale: ServingScale;
  /** Whether an update may start a replica before it stops another. */
  readonly surge: boolean;
  /** The image of the server. @default - known only at deployment */
  readonly image?: string;
  /** Size of the files of the model. */
  readonly sizeGiB: number;
  /** @default - none was stated */
  readonly load?: ServingLoad;
  /** @default - nothing was planned */
  readonly plan?: ServingPlan;
}

/** What is doubtful about a served model, whichever cluster it runs on. */
export function servingFindings(serving: DoubtedServing): Finding[] {
  return [...scalingFindings(serving), ...imageFindings(serving.image), ...sizeFindings(serving)];
}

/** That a cluster which was brought may let anybody call. @param fix what makes it enforce policies */
export function unenforcedPolicies(fix: string, evidence: string): Finding {
  return {
    id: 'network/policies',
    level: 'info',
    message: 'Who may call the servers is said by a network policy, and the cluster was brought: it may enforce none.',
    fix: `${fix}, and acknowledge this.`,
    evidence,
  };
}

/** That a load balancer hands requests on as they come. @param fix what encrypts them */
export function plainRequests(fix: string, evidence: string): Finding {
  return {
    id: 'network/plain-requests',
    level: 'info',
    message: 'Requests and answers cross the network unencrypted: the load balancer has no certificate.',
    fix: `${fix}, or acknowledge this.`,
    evidence,
  };
}

/** That machines do not follow the replicas. @param otherwise what makes them do so */
export function standingNodes(otherwise: string, evidence: string): Finding {
  return {
    id: 'scaling/standing-nodes',
    level: 'warning',
    message: 'Replicas follow the requests, and the machines below them all stand: fewer replicas cost as much.',
    fix: `Use ServingScaling.fixed, or ${otherwise}.`,
    evidence,
  };
}

function scalingFindings({ scale, surge }: DoubtedServing): Finding[] {
  const least = scale.kind === 'fixed' ? scale.replicas : scale.least;
  const found: Finding[] = [];
  if (least === 0) {
    found.push({
      id: 'serving/wake-up',
      level: 'info',
      message:
        'Without replicas the service answers nothing: requests fail until a machine, an image and a model are there.',
      fix: 'Let what stands before it hold requests for that long, or keep one replica.',
      evidence: 'https://keda.sh/docs/latest/concepts/scaling-deployments/',
    });
  }
  if (scale.kind === 'fixed' && scale.replicas === 1) {
    found.push({
      id: 'serving/one-replica',
      level: 'info',
      message: `One replica answers all requests${surge ? '' : ', and an update stops it before the next one is up'}.`,
      fix: 'Use ServingScaling.fixed(2) or a range where it matters.',
      evidence: 'https://kubernetes.io/docs/concepts/workloads/pods/disruptions/',
    });
  }
  if (scale.kind === 'hpa') {
    found.push({
      id: 'scaling/adapter',
      level: 'warning',
      message:
        'The autoscaler of Kubernetes reads gauges of the servers from an adapter of custom metrics, which is not installed here.',
      fix: 'Use ServingScaling.keda, or install an adapter that offers these gauges and acknowledge this.',
      evidence: 'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#scaling-on-custom-metrics',
    });
  }
  return found;
}

/** That the image of a server may change; nothing where its digest says that it does not. */
export function imageFindings(image: string | undefined, evidence: string = KUBERNETES_IMAGES): Finding[] {
  if (image === undefined || image.includes('@sha256:')) return [];
  return [
    {
      id: 'image/mutable',
      level: 'info',
      message: `The server runs ${image}, whose tag may come to mean other content.`,
      fix: 'Name the image by its digest, best in a registry of your own.',
      evidence,
    },
  ];
}

const KUBERNETES_IMAGES = 'https://kubernetes.io/docs/concepts/containers/images/#image-names';

/** Share by which the files of a model may differ from its declared weights: adapters, tokenizers, rounding. */
const SIZE_TOLERANCE = 0.25;

/** That the files of a model are of another size than its declared weights. */
export function sizeFindings({ sizeGiB, load, plan }: Pick<DoubtedServing, 'sizeGiB' | 'load' | 'plan'>): Finding[] {
  if (!plan || !load) return [];
  const planned = (plan.coldStart.weightsGB * 1e9) / 2 ** 30;
  if (Math.abs(sizeGiB - planned) <= SIZE_TOLERANCE * planned) return [];
  return [
    {
      id: 'model/size',
      level: 'warning',
      message: `The files are ${Math.round(sizeGiB)} GiB, and the weights of ${load.model.name} in ${load.weightPrecision} are ${Math.round(planned)} GiB.`,
      fix: 'State weightPrecision of the load as the files have it, or mend the size.',
      evidence: `parameters of ${load.model.name} at ${load.weightPrecision}`,
    },
  ];
}
