import { branded, demand, FLAG, kind, type Kind, type Shape } from '../../core/shapes';

/** Options for nodes that Karpenter makes. */
export interface KarpenterNodesOptions {
  /**
   * Release of the EKS image, e.g. `v20261105`: nodes are replaced when it changes, and at no other time.
   *
   * @default - the latest, so that nodes are replaced whenever AWS publishes one
   * @see https://karpenter.sh/docs/tasks/managing-amis/
   */
  readonly imageVersion?: string;
  /** Whether the cluster runs Karpenter already, which then only learns of these nodes. @default false */
  readonly installed?: boolean;
}

/** Who makes the accelerator nodes. */
export class ServingNodes {
  /** Karpenter: a machine comes when a replica finds none, and goes when it is empty. For replicas that one machine holds. */
  static karpenter(options: KarpenterNodesOptions = {}): ServingNodes {
    demand(options, KARPENTER, { name: 'options' });
    return new ServingNodes('karpenter', options);
  }

  /** A managed node group: all machines stand, in one zone, on one fabric. For replicas of several machines, and for one. */
  static managed(): ServingNodes {
    return new ServingNodes('managed');
  }

  private constructor(
    public readonly kind: 'karpenter' | 'managed',
    /** @internal */
    readonly options: KarpenterNodesOptions = {},
  ) {}
}

/** Nodes, of whichever copy of the package. */
export const SERVING_NODES: Kind = branded(
  ServingNodes,
  'ServingNodes',
  'a ServingNodes',
  'Use ServingNodes.karpenter() or ServingNodes.managed().',
);

const IMAGE_VERSION = kind(
  'a release of the EKS image, e.g. v20261105',
  (value) => typeof value === 'string' && /^v\d{8}$/.test(value),
  'Take one from https://github.com/awslabs/amazon-eks-ami/releases, or leave it out for the latest.',
);

const KARPENTER: Shape<KarpenterNodesOptions> = { imageVersion: IMAGE_VERSION, installed: FLAG };
