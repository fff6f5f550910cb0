import { branded, assertProps, BOOLEAN, propType, type PropType, type PropSchema } from '../../core/prop-schema';

/** Options for Karpenter nodes. */
export interface KarpenterNodesOptions {
  /**
   * Release of the EKS image, for example `v20261105`. Karpenter replaces the nodes only when it changes.
   *
   * @default - the latest release, so that Karpenter replaces the nodes whenever AWS publishes one
   * @see https://karpenter.sh/docs/tasks/managing-amis/
   */
  readonly imageVersion?: string;
  /** Whether the existing cluster runs Karpenter already, so that it is not installed again. @default false */
  readonly installed?: boolean;
}

/** How accelerator nodes are created. */
export class ServingNodes {
  /** Karpenter adds a node when a replica does not fit, and removes it when it is empty. For replicas that fit on one machine. */
  static karpenter(options: KarpenterNodesOptions = {}): ServingNodes {
    assertProps(options, KARPENTER, { name: 'options' });
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

/** Prop type of serving nodes, from any copy of the package. */
export const SERVING_NODES: PropType = branded(
  ServingNodes,
  'ServingNodes',
  'a ServingNodes',
  'Use ServingNodes.karpenter() or ServingNodes.managed().',
);

const IMAGE_VERSION = propType(
  'a release of the EKS image, for example v20261105',
  (value) => typeof value === 'string' && /^v\d{8}$/.test(value),
  'Use a release of https://github.com/awslabs/amazon-eks-ami/releases, or leave it out to use the latest one.',
);

const KARPENTER: PropSchema<KarpenterNodesOptions> = { imageVersion: IMAGE_VERSION, installed: BOOLEAN };
