import type { ILayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type Problem, ProblemCollector } from '../../core/errors';
import { assertProps, brand } from '../../core/prop-schema';
import { LAYER_VERSION } from '../props/prop-types';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attachCustomSynthesis, Duration, type ISynthesisSession, Stack } from 'aws-cdk-lib';
import { HelmChart, type ICluster, KubernetesManifest as AppliedManifest } from 'aws-cdk-lib/aws-eks-v2';
import { type ChartRelease, isOci, type ManifestBundle, ociAddress } from '../../kubernetes';

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

/** Installs charts in dependency order, then the Kubernetes objects that need them. The objects are last in the returned list. */
export function installSoftware(
  scope: Construct,
  cluster: ICluster,
  { releases, manifests }: Pick<ManifestBundle, 'releases' | 'manifests'>,
): Construct[] {
  const charts = new Map(releases.map((release) => [release.chart, installChart(scope, cluster, release)]));
  for (const { chart, needs = [] } of releases) {
    const installed = needs.flatMap((needed) => charts.get(needed) ?? []);
    charts.get(chart)!.node.addDependency(...installed);
  }
  const objects = new AppliedManifest(scope, 'Manifests', {
    cluster,
    manifest: manifests.map((manifest) => ({ ...manifest })),
    // A failed first attempt can leave objects behind.
    overwrite: true,
  });
  objects.node.addDependency(...charts.values());
  return [...charts.values(), objects];
}

function installChart(scope: Construct, cluster: ICluster, release: ChartRelease): HelmChart {
  return new HelmChart(scope, release.chart, {
    cluster,
    chart: release.chart,
    repository: isOci(release) ? ociAddress(release) : release.repository,
    version: release.version,
    namespace: release.namespace,
    release: release.release,
    createNamespace: true,
    values: { ...release.values },
    // Later charts and objects need the custom resources and the webhooks of this chart.
    wait: true,
    // The Lambda function has a limit of 15 minutes, and downloads the chart first.
    timeout: Duration.minutes(12),
  });
}

/** Name of the folder with the Kubernetes files of the parent construct, in the folder of the templates. */
export function kubernetesFolder(scope: Construct): string {
  const stack = Stack.of(scope);
  const ids = scope.node.scopes.slice(stack.node.scopes.length, -1).map(({ node }) => node.id);
  return `${stack.artifactId}.${ids.join('-')}.kubernetes`;
}

/** Writes files next to the template. Only at synthesis, because it takes time to create the text. */
export function writeKubernetesFiles(scope: Construct, files: () => Readonly<Record<string, string>>): void {
  const folder = kubernetesFolder(scope);
  attachCustomSynthesis(scope, {
    onSynthesize({ outdir }: ISynthesisSession) {
      const texts = Object.entries(files());
      if (texts.length > 0) mkdirSync(join(outdir, folder), { recursive: true });
      for (const [name, text] of texts) writeFileSync(join(outdir, folder, name), text);
    },
  });
}
