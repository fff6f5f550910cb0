import {
  type AcceleratorPool,
  type KubernetesManifest,
  modelServing,
  type ModelServingProps,
  vllmServer,
} from '../../../lib/kubernetes';
import { h100 } from '../pools';

export const DIGEST = 'a'.repeat(64);
export const COMMIT = 'b'.repeat(40);

/** Pool of p5.48xlarge for serving. */
export function nodes(changes: Partial<AcceleratorPool> = {}): AcceleratorPool {
  return h100({ name: 'serving', nodes: 4, ...changes });
}

/** Model with 140 GB on four of the eight accelerators of a node, with optional changes. */
export function llama(changes: Partial<ModelServingProps> = {}): ModelServingProps {
  return {
    name: 'llama',
    namespace: 'serving',
    pool: nodes(),
    server: vllmServer(),
    source: {
      kind: 'object-storage',
      address: 's3://models/llama/v3',
      sha256: DIGEST,
      image: 'aws-cli:2',
      copy: 'aws s3 cp "$from" "$to"',
    },
    weightsGiB: 140,
    acceleratorsPerReplica: 4,
    scale: { kind: 'fixed', replicas: 2 },
    ...changes,
  };
}

/** Returns the object with this kind. */
export function objectOf(kind: string, changes: Partial<ModelServingProps> = {}): KubernetesManifest {
  const found = modelServing(llama(changes)).find((one) => one.kind === kind);
  if (!found) throw new Error(`no ${kind}`);
  return found;
}
