import type { ILayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { AiInfraError } from '../core/errors';

/** Options for an installation by the deployment. */
export interface InClusterOptions {
  /**
   * The layer with kubectl and helm.
   *
   * @default - that of the package `@aws-cdk/lambda-layer-kubectl-v36`, which must be installed: 37 MB that others need not load
   */
  readonly kubectlLayer?: ILayerVersion;
}

const KUBECTL_PACKAGE = '@aws-cdk/lambda-layer-kubectl-v36';

/** Who installs what runs on the cluster. */
export class Installation {
  /** The deployment itself, by a Lambda function in the private subnets. */
  static inCluster(options: InClusterOptions = {}): Installation {
    return new Installation(true, options.kubectlLayer);
  }

  /** Someone else, e.g. Flux or Argo CD: charts and manifests are written beside the template, with the same pins. */
  static gitOps(): Installation {
    return new Installation(false);
  }

  private constructor(
    /** Whether the deployment installs. */
    public readonly byDeployment: boolean,
    private readonly givenLayer?: ILayerVersion,
  ) {}

  /** The layer to install with; nothing where someone else installs. */
  layer(scope: Construct, id: string): ILayerVersion | undefined {
    if (!this.byDeployment) return undefined;
    return this.givenLayer ?? packagedLayer(scope, id);
  }
}

type KubectlLayer = new (scope: Construct, id: string) => ILayerVersion;

function packagedLayer(scope: Construct, id: string): ILayerVersion {
  let Layer: KubectlLayer;
  try {
    // Loaded only here, so that nobody else needs the package.
    ({ KubectlV36Layer: Layer } = require(KUBECTL_PACKAGE) as { KubectlV36Layer: KubectlLayer });
  } catch {
    const problem = {
      code: 'KubectlLayerMissing',
      prop: 'installation',
      allowed: 'an installation that can run: kubectl and helm come as a Lambda layer',
      got: `no package ${KUBECTL_PACKAGE}`,
      fix: `Run \`npm install ${KUBECTL_PACKAGE}\`, pass Installation.inCluster({ kubectlLayer }), or use Installation.gitOps().`,
    } as const;
    throw new AiInfraError([problem], scope);
  }
  return new Layer(scope, id);
}
