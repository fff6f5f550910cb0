import { Duration } from 'aws-cdk-lib';
import { type Cluster, HelmChart, KubernetesManifest } from 'aws-cdk-lib/aws-eks-v2';
import type { CfnFileSystem } from 'aws-cdk-lib/aws-fsx';
import type { Construct } from 'constructs';
import type { KubernetesLiterals } from '../kubernetes-literals';

/** Charts and objects. A hand-written stack has them as literals; here they are JSON. */
export function software(
  stack: Construct,
  cluster: Cluster,
  fileSystem: CfnFileSystem,
  { releases, manifests }: KubernetesLiterals,
): Construct[] {
  const charts = releases.map((release) => {
    const oci = release.repository.startsWith('oci://');
    return new HelmChart(stack, release.chart, {
      cluster,
      chart: release.chart,
      repository: oci ? `${release.repository}/${release.chart}` : release.repository,
      version: release.version,
      namespace: release.namespace,
      release: release.release,
      createNamespace: true,
      values: release.values,
      wait: true,
      timeout: Duration.minutes(12),
    });
  });
  const [jobset, trainer] = charts;
  trainer!.node.addDependency(jobset!);
  const objects = new KubernetesManifest(stack, 'Manifests', {
    cluster,
    overwrite: true,
    manifest: manifests.map((manifest) =>
      manifest.kind === 'PersistentVolume' ? mount(manifest, fileSystem) : manifest,
    ),
  });
  objects.node.addDependency(...charts);
  return [...charts, objects];
}

function mount(manifest: Record<string, unknown>, fileSystem: CfnFileSystem): Record<string, unknown> {
  const spec = manifest.spec as Record<string, object>;
  const csi = {
    ...spec.csi,
    volumeHandle: fileSystem.ref,
    volumeAttributes: { dnsname: fileSystem.attrDnsName, mountname: fileSystem.attrLustreMountName },
  };
  return { ...manifest, spec: { ...spec, csi } };
}
