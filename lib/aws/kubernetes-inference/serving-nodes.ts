import { assertProps, brand } from '../../core/prop-schema';
import { KARPENTER_NODES_OPTIONS } from '../prop-schemas';

/** Options for Karpenter nodes. */
export interface KarpenterNodesOptions {
  /**
   * Release of the EKS image, for example `v20261105`. Karpenter replaces the nodes only when it changes.
   *
   * @default - the latest release, so that Karpenter replaces the nodes whenever AWS publishes one
   * @see https://karpenter.sh/docs/tasks/managing-amis/
   * @schema IMAGE_VERSION
   */
  readonly imageVersion?: string;
  /** Whether the existing cluster runs Karpenter already, so that it is not installed again. @default false */
  readonly installed?: boolean;
}

/** How accelerator nodes are created. */
export class ServingNodes {
  /** Karpenter adds a node when a replica does not fit, and removes it when it is empty. For replicas that fit on one machine. */
  static karpenter(options: KarpenterNodesOptions = {}): ServingNodes {
    assertProps(options, KARPENTER_NODES_OPTIONS, { name: 'options' });
    return new ServingNodes('karpenter', options);
  }

  /** A managed node group in one zone with EFA, whose nodes always run. For replicas of one or several machines. */
  static managed(): ServingNodes {
    return new ServingNodes('managed');
  }

  private constructor(
    /** @internal */
    readonly kind: 'karpenter' | 'managed',
    /** @internal */
    readonly options: KarpenterNodesOptions = {},
  ) {}
}

brand(ServingNodes, 'aws.ServingNodes');
