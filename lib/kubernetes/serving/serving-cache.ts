import { branded, demand, type Kind, required, TEXT } from '../../core/shapes';
import type { ModelCache } from './model-files';

/** Where the files of a model are kept between starts. */
export class ServingCache {
  /** With each pod, on the node's disk: nothing is shared, and each start fetches. */
  static pod(): ServingCache {
    return new ServingCache({ kind: 'pod' });
  }

  /** On the node: the next pod there finds what the last one fetched. The namespace then admits pods that use folders of the host. */
  static node(path = '/mnt/k8s-disks/0/models'): ServingCache {
    demand({ path }, { path: required(TEXT) });
    return new ServingCache({ kind: 'node', path });
  }

  /** On a volume that all pods share, by a claim in the namespace of the model. */
  static volume(claimName: string): ServingCache {
    demand({ claimName }, { claimName: required(TEXT) });
    return new ServingCache({ kind: 'volume', claimName });
  }

  private constructor(
    /** The cache in the words of the Kubernetes layer. */
    public readonly cache: ModelCache,
  ) {}
}

/** A cache, of whichever copy of the package. */
export const SERVING_CACHE: Kind = branded(
  ServingCache,
  'ServingCache',
  'a ServingCache',
  'Use ServingCache.pod() or ServingCache.node().',
);
