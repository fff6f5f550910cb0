import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attachCustomSynthesis, Duration, type ISynthesisSession, Stack } from 'aws-cdk-lib';
import { HelmChart, type ICluster, KubernetesManifest as AppliedManifest } from 'aws-cdk-lib/aws-eks-v2';
import type { Construct } from 'constructs';
import { type ChartRelease, isOci, type ManifestBundle, ociAddress } from '../../kubernetes';

/** Installs charts in dependency order, then the Kubernetes objects that need them. The objects are last in the returned list. */
export function installSoftware(
  scope: Construct,
  cluster: ICluster,
  { releases, manifests }: Pick<ManifestBundle, 'releases' | 'manifests'>,
): Construct[] {
  const charts = new Map(releases.map((release) => [release.chart, installChart(scope, cluster, release)]));
  for (const { chart, needs = [] } of releases) {
    for (const needed of needs) charts.get(chart)!.node.addDependency(charts.get(needed)!);
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
