import { Stack, Token } from 'aws-cdk-lib';
import { type IRepository, Repository } from 'aws-cdk-lib/aws-ecr';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Fact, FactName } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';
import type { Problems } from '../../core/errors';
import { branded, demand, having, type Kind, required, TEXT } from '../../core/shapes';

const REPOSITORY: Kind = having(
  'an ECR repository',
  ['repositoryArn', 'repositoryUriForTagOrDigest', 'grantPull'],
  'Pass the repository itself, e.g. of Repository.fromRepositoryName.',
);

/** Finds the repository of an image from within a stack. */
type Find = (scope: Construct) => IRepository;

/**
 * The image of a container that serves models. It must be in ECR, in the region of the endpoint; serverless endpoints take no other
 * registry either.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
export class ServingImage {
  /**
   * An image in a repository.
   *
   * @param tagOrDigest a digest, `sha256:…`, is the same image for ever; a tag may come to name another one
   */
  static ecr(repository: IRepository, tagOrDigest: string): ServingImage {
    demand({ repository, tagOrDigest }, { repository: required(REPOSITORY), tagOrDigest: required(TEXT) });
    return new ServingImage(() => repository, tagOrDigest);
  }

  /**
   * One of AWS's Deep Learning Containers, in the account that AWS keeps them in for the region of the stack. Images of Triton are kept
   * in other accounts: name their repository with `ecr`.
   *
   * @param repositoryName e.g. `vllm` or `djl-inference`
   * @see https://aws.github.io/deep-learning-containers/
   */
  static deepLearningContainer(repositoryName: string, tagOrDigest: string): ServingImage {
    demand({ repositoryName, tagOrDigest }, { repositoryName: required(TEXT), tagOrDigest: required(TEXT) });
    return new ServingImage((scope) => ofAws(scope, repositoryName), tagOrDigest, true);
  }

  private constructor(
    private readonly repository: Find,
    private readonly tagOrDigest: string,
    private readonly isOfAws = false,
  ) {}

  /** @internal Adds a problem where nobody knows which account of AWS has it. */
  check(problems: Problems, scope: Construct): void {
    const { region } = Stack.of(scope);
    const known = Token.isUnresolved(region) || Fact.find(region, FactName.DLC_REPOSITORY_ACCOUNT) !== undefined;
    if (!this.isOfAws || known) return;
    problems.add({
      code: 'ServingContainerInvalid',
      prop: 'container.image',
      allowed: `one of your own in ${region}: the CDK knows no account there that has AWS’s images`,
      got: 'a Deep Learning Container',
      fix: 'Copy it into a repository of yours, and use ServingImage.ecr.',
    });
  }

  /** @internal The URI of the image, which the grantee may pull. */
  bind(scope: Construct, grantee: IGrantable): string {
    const repository = this.repository(scope);
    repository.grantPull(grantee);
    return repository.repositoryUriForTagOrDigest(this.tagOrDigest);
  }
}

/** An image, of whichever copy of the package. */
export const SERVING_IMAGE: Kind = branded(
  ServingImage,
  'ServingImage',
  'a ServingImage',
  "Use ServingImage.ecr(repository, 'sha256:…') or ServingImage.deepLearningContainer('vllm', …).",
);

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
