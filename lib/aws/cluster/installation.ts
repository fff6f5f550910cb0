import type { ILayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type Problem, ProblemCollector } from '../../core/errors';
import { assertProps, brand } from '../../core/prop-schema';
import { LAYER_VERSION } from '../props/prop-types';

/** Options for `Installation.byDeployment`. */
export interface DeploymentOptions {
  /**
   * Lambda layer with kubectl and Helm.
   *
   * @default - the layer of the package `@aws-cdk/lambda-layer-kubectl-v36` (37 MB), which you must install
   */
  readonly kubectlLayer?: ILayerVersion;
}

const KUBECTL_PACKAGE = '@aws-cdk/lambda-layer-kubectl-v36';

/**
 * How charts and manifests get onto the cluster.
 *
 * @example
 * ```ts
 * import { Installation } from 'ai-infra-constructs/aws';
 *
 * const installation = Installation.gitOps();
 * ```
 */
export class Installation {
  /** The deployment installs them, with a Lambda function in the private subnets. */
  static byDeployment(options: DeploymentOptions = {}): Installation {
    assertProps<DeploymentOptions>(options, { kubectlLayer: LAYER_VERSION }, { name: 'options' });
    return new Installation(true, options.kubectlLayer);
  }

  /** A GitOps tool such as Flux or Argo CD installs them. Synthesis writes charts and manifests next to the template, with the same versions. */
  static gitOps(): Installation {
    return new Installation(false);
  }

  private constructor(
    /** Whether the deployment installs the software. */
    public readonly byDeployment: boolean,
    private readonly givenLayer?: ILayerVersion,
  ) {}

  /** @internal Adds a problem if the deployment installs software and there is no layer. */
  check(problems: ProblemCollector): void {
    if (!this.byDeployment || this.givenLayer || loadLayer()) return;
    problems.add(LAYER_MISSING);
  }

  /** @internal Returns the layer, or left out for GitOps. */
  layer(scope: Construct, id: string): ILayerVersion | undefined {
    if (!this.byDeployment) return undefined;
    return this.givenLayer ?? packagedLayer(scope, id);
  }
}

brand(Installation, 'aws.Installation');

type KubectlLayer = new (scope: Construct, id: string) => ILayerVersion;

const LAYER_MISSING: Problem = {
  code: 'KubectlLayerMissing',
  prop: 'installation',
  allowed: 'an installation with a Lambda layer for kubectl and Helm',
  got: `no package ${KUBECTL_PACKAGE}`,
  fix: `Run \`npm install ${KUBECTL_PACKAGE}\`, pass Installation.byDeployment({ kubectlLayer }), or use Installation.gitOps().`,
};

function packagedLayer(scope: Construct, id: string): ILayerVersion {
  const Layer = loadLayer();
  const problems = new ProblemCollector();
  if (!Layer) problems.add(LAYER_MISSING);
  problems.throwIfAny(scope);
  return new Layer!(scope, id);
}

/** Loads the layer only if the deployment installs software, so that the package stays optional. */
function loadLayer(): KubectlLayer | undefined {
  try {
    return (require(KUBECTL_PACKAGE) as { KubectlV36Layer: KubectlLayer }).KubectlV36Layer;
  } catch {
    return undefined;
  }
}
