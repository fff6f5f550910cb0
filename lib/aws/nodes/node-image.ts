import type { KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import { Token } from 'aws-cdk-lib';
import type { ProblemCollector } from '../../core/errors';
import { assertProps, brand, required, STRING } from '../../core/prop-schema';
import { NodeOs } from '../machine/machine';
import { OWN_IMAGE_OPTIONS } from '../prop-schemas';
import { isKnown } from '../props/tokens';

/** Options for your own AMI. */
export interface OwnImageOptions {
  /** Address range of the Kubernetes services of the cluster, for example `172.20.0.0/16`. Nodes derive the address of DNS from it. */
  readonly serviceCidr: string;
}

/**
 * Image of the nodes of a group: a pinned release of the EKS image, or your own AMI. Without one, EKS chooses the newest release when it
 * creates the group, and keeps it until you update the group.
 *
 * @example
 * ```ts
 * import { NodeImage } from 'ai-infra-constructs/aws';
 *
 * const pinned = NodeImage.release('1.36.0-20261105');
 * const own = NodeImage.ami('ami-0123456789abcdef0', { serviceCidr: '172.20.0.0/16' });
 * ```
 */
export class NodeImage {
  /**
   * A release of the EKS image. A change replaces the nodes in a rolling update.
   *
   * @param version release version, for example `1.36.0-20261105`, or `1.50.0-0123abcd` for Bottlerocket
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-eks-nodegroup.html#cfn-eks-nodegroup-releaseversion
   */
  static release(version: string): NodeImage {
    assertProps({ version }, { version: required(STRING) });
    return new NodeImage(version);
  }

  /**
   * Your own AMI, built from the EKS image for Amazon Linux 2023. The image sets the Kubernetes version of the nodes.
   *
   * @param imageId for example `ami-0123456789abcdef0`
   * @see https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html#launch-template-custom-ami
   */
  static ami(imageId: string, options: OwnImageOptions): NodeImage {
    assertProps({ imageId }, { imageId: required(STRING) });
    assertProps(options, OWN_IMAGE_OPTIONS, { name: 'options' });
    return new NodeImage(undefined, { imageId, ...options });
  }

  private constructor(
    /** Release version of the EKS image. @default - the image is your own */
    public readonly releaseVersion?: string,
    /** @internal */
    public readonly own?: OwnImageOptions & { readonly imageId: string },
  ) {}

  /** @internal Adds each problem with the image of nodes. */
  check(problems: ProblemCollector, os: NodeOs, kubernetesVersion?: KubernetesVersion): void {
    if (this.own) this.checkOwn(problems, os);
    else checkRelease(problems, this.releaseVersion!, os, kubernetesVersion);
  }

  private checkOwn(problems: ProblemCollector, os: NodeOs): void {
    const { imageId } = this.own!;
    if (os === NodeOs.BOTTLEROCKET) {
      problems.add({
        code: 'AmiUnsupported',
        prop: 'image',
        allowed: `NodeImage.release() on ${NodeOs.BOTTLEROCKET}`,
        got: imageId,
        fix: `Pin a release of the EKS image, or use ${NodeOs.AMAZON_LINUX_2023}.`,
      });
    }
    if (Token.isUnresolved(imageId) || AMI.test(imageId)) return;
    problems.add({
      code: 'AmiUnsupported',
      prop: 'image',
      allowed: '"ami-" followed by 8 or 17 hexadecimal digits',
      got: imageId,
      fix: 'Copy the ID from `aws ec2 describe-images`.',
    });
  }
}

brand(NodeImage, 'aws.NodeImage');

const AMI = /^ami-([0-9a-f]{8}|[0-9a-f]{17})$/;

const RELEASES = {
  [NodeOs.AMAZON_LINUX_2023]: { pattern: /^(\d+\.\d+)\.\d+-\d{8}$/, example: '1.36.0-20261105' },
  [NodeOs.BOTTLEROCKET]: { pattern: /^\d+\.\d+\.\d+-[0-9a-f]{8}$/, example: '1.50.0-0123abcd' },
};

function checkRelease(
  problems: ProblemCollector,
  version: string,
  os: NodeOs,
  kubernetesVersion?: KubernetesVersion,
): void {
  if (!isKnown(problems, 'image', version)) return;
  const { pattern, example } = RELEASES[os] ?? RELEASES[NodeOs.AMAZON_LINUX_2023];
  const [matched, minor] = pattern.exec(version) ?? [];
  const expected = minor && kubernetesVersion && minor !== kubernetesVersion.version;
  if (matched !== undefined && !expected) return;
  problems.add({
    code: 'AmiUnsupported',
    prop: 'image',
    allowed: expected
      ? `a release for Kubernetes ${kubernetesVersion.version}`
      : `a release of the EKS image, for example ${example}`,
    got: version,
    fix: 'See the releases of awslabs/amazon-eks-ami or bottlerocket-os/bottlerocket.',
  });
}
