import type { ProblemCollector } from '../../core/errors';
import type { KubernetesManifest } from '../../kubernetes';
import { isUnknown } from '../../terraform/tokens';
import type { Capacity } from '../capacity/capacity';
import { isOlder } from './node-pool-checks';

/**
 * From this version on, GKE has ComputeClasses.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/concepts/about-custom-compute-classes
 */
const COMPUTE_CLASS_FLOOR = '1.30.3-gke.1451000';

/** Adds a problem if the cluster is too old for the ComputeClass that a fallback needs. */
export function checkComputeClass(
  problems: ProblemCollector,
  capacity: Capacity | undefined,
  version: string | undefined,
): void {
  if (!capacity?.fallback || version === undefined || isUnknown(version) || !isOlder(version, COMPUTE_CLASS_FLOOR))
    return;
  problems.add({
    code: 'GkeVersion',
    prop: 'cluster.kubernetesVersion',
    allowed: `${COMPUTE_CLASS_FLOOR} or newer for spot capacity with a fallback, which needs a ComputeClass`,
    got: version,
    fix: 'Use a newer version, or Capacity.spot() without `fallback`.',
  });
}

/**
 * A ComputeClass: node pools in the order in which GKE fills them, spot machines first and then their fallback.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/reference/crds/computeclass
 */
export function computeClass(name: string, pools: readonly string[]): KubernetesManifest {
  return {
    apiVersion: 'cloud.google.com/v1',
    kind: 'ComputeClass',
    metadata: { name },
    spec: {
      priorities: pools.map((pool) => ({ nodepools: [pool] })),
      nodePoolAutoCreation: { enabled: false },
      whenUnsatisfiable: 'DoNotScaleUp',
    },
  };
}
