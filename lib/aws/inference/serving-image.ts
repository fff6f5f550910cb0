import { Stack, Token } from 'aws-cdk-lib';
import { type IRepository, Repository } from 'aws-cdk-lib/aws-ecr';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Fact, FactName } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';
import type { ProblemCollector } from '../../core/errors';
import { assertProps, required, STRING, brand } from '../../core/prop-schema';
import { REPOSITORY } from '../props/prop-types';

/** Returns the repository of an image for a stack. */
type Find = (scope: Construct) => IRepository;

/**
 * Image of a serving container. It must be in ECR, in the region of the endpoint.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
export class ServingImage {
  /**
   * An image in an ECR repository.
   *
   * @param tagOrDigest prefer a digest, `sha256:…`: a tag can move to another image
   */
  static ecr(repository: IRepository, tagOrDigest: string): ServingImage {
    assertProps({ repository, tagOrDigest }, { repository: required(REPOSITORY), tagOrDigest: required(STRING) });
    return new ServingImage(() => repository, tagOrDigest);
  }

  /**
   * An AWS Deep Learning Container, from the AWS account for the region of the stack. Triton images are in other accounts: use `ecr` for
   * them.
   *
   * @param repositoryName for example `vllm` or `djl-inference`
   * @see https://aws.github.io/deep-learning-containers/
   */
  static deepLearningContainer(repositoryName: string, tagOrDigest: string): ServingImage {
    assertProps({ repositoryName, tagOrDigest }, { repositoryName: required(STRING), tagOrDigest: required(STRING) });
    return new ServingImage((scope) => ofAws(scope, repositoryName), tagOrDigest, true);
  }

  private constructor(
    private readonly repository: Find,
    private readonly tagOrDigest: string,
    private readonly isOfAws = false,
  ) {}

  /** @internal CUDA version in the tag of the image, as in the tags of AWS images: `cu130` is 13.0. Undefined if unknown. */
  get cudaVersion(): string | undefined {
    const [, major, minor] = /(?:^|-)cu(\d{2})(\d)(?:-|$)/.exec(this.tagOrDigest) ?? [];
    return major && `${major}.${minor}`;
  }

  /** @internal Adds a problem if the CDK has no AWS account of the image for the region. */
  check(problems: ProblemCollector, scope: Construct): void {
    const { region } = Stack.of(scope);
    const known = Token.isUnresolved(region) || Fact.find(region, FactName.DLC_REPOSITORY_ACCOUNT) !== undefined;
    if (!this.isOfAws || known) return;
    problems.add({
      code: 'ServingContainerInvalid',
      prop: 'container.image',
      allowed: `an image in your own repository, because the CDK lists no account with AWS images for ${region}`,
      got: 'a Deep Learning Container',
      fix: 'Copy the image into your repository, and use ServingImage.ecr.',
    });
  }

  /** @internal Returns the URI of the image, and allows the grantee to pull it. */
  bind(scope: Construct, grantee: IGrantable): string {
    const repository = this.repository(scope);
    repository.grantPull(grantee);
    return repository.repositoryUriForTagOrDigest(this.tagOrDigest);
  }
}

brand(ServingImage, 'aws.ServingImage');

function ofAws(scope: Construct, repositoryName: string): IRepository {
  const stack = Stack.of(scope);
  const account = stack.regionalFact(FactName.DLC_REPOSITORY_ACCOUNT);
  const repositoryArn = stack.formatArn({
    service: 'ecr',
    account,
    resource: 'repository',
    resourceName: repositoryName,
  });
  return Repository.fromRepositoryAttributes(scope, 'Repository', { repositoryName, repositoryArn });
}
