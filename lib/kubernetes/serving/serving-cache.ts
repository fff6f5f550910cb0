import { assertProps, required, STRING, brand } from '../../core/prop-schema';
import type { ModelCache } from './model-files';

/**
 * Cache for the files of a model between starts.
 *
 * @example
 * ```ts
 * import { ServingCache } from 'ai-infra-constructs/aws';
 *
 * const cache = ServingCache.node();
 * ```
 */
export class ServingCache {
  /** Stores the files in each pod, on the disk of the node. Every start downloads the model. */
  static pod(): ServingCache {
    return new ServingCache({ kind: 'pod' });
  }

  /** Stores the files on the node, for the next pod on the same node. The namespace then admits pods that mount folders of the node. */
  static node(path = '/mnt/k8s-disks/0/models'): ServingCache {
    assertProps({ path }, { path: required(STRING) });
    return new ServingCache({ kind: 'node', path });
  }

  /** Stores the files on a volume that all pods share. The claim must be in the namespace of the model. */
  static volume(claimName: string): ServingCache {
    assertProps({ claimName }, { claimName: required(STRING) });
    return new ServingCache({ kind: 'volume', claimName });
  }

  /** @internal Cache for the Kubernetes objects. */
  public readonly cache: ModelCache;

  private constructor(cache: ModelCache) {
    this.cache = cache;
  }
}

brand(ServingCache, 'kubernetes.ServingCache');
