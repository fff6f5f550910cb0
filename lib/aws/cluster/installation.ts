import type { ILayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type Problem, Problems } from '../../core/errors';
import { branded, demand, type Kind } from '../../core/shapes';
import { LAYER } from '../props/shapes';

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
    demand<InClusterOptions>(options, { kubectlLayer: LAYER }, { name: 'options' });
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

  /** Adds a problem where the deployment would install, and has nothing to install with. */
  check(problems: Problems): void {
    if (!this.byDeployment || this.givenLayer || loadLayer()) return;
    problems.add(LAYER_MISSING);
  }

  /** The layer to install with; nothing where someone else installs. */
  layer(scope: Construct, id: string): ILayerVersion | undefined {
    if (!this.byDeployment) return undefined;
    return this.givenLayer ?? packagedLayer(scope, id);
  }
}

/** An installation, of whichever copy of the package. */
export const INSTALLATION: Kind = branded(
  Installation,
  'Installation',
  'an Installation',
  'Use Installation.inCluster() or Installation.gitOps().',
);

type KubectlLayer = new (scope: Construct, id: string) => ILayerVersion;

const LAYER_MISSING: Problem = {
  code: 'KubectlLayerMissing',
  prop: 'installation',
  allowed: 'an installation that can run: kubectl and helm come as a Lambda layer',
  got: `no package ${KUBECTL_PACKAGE}`,
  fix: `Run \`npm install ${KUBECTL_PACKAGE}\`, pass Installation.inCluster({ kubectlLayer }), or use Installation.gitOps().`,
};

function packagedLayer(scope: Construct, id: string): ILayerVersion {
  const Layer = loadLayer();
  const problems = new Problems();
  if (!Layer) problems.add(LAYER_MISSING);
  problems.throwIfAny(scope);
  return new Layer!(scope, id);
}

/** Loaded only where it is asked to install, so that nobody else needs the package. */
function loadLayer(): KubectlLayer | undefined {
  try {
    return (require(KUBECTL_PACKAGE) as { KubectlV36Layer: KubectlLayer }).KubectlV36Layer;
  } catch {
    return undefined;
  }
}
