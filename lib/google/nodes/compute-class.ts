import type { KubernetesManifest } from '../../kubernetes';

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
