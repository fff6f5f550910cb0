import type { ITerraformDependable, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import type { KubernetesManifest } from '../kubernetes';
import { HELM_FIX, newRelease } from './charts';
import { jsonText } from './json-text';
import { physicalName } from './names';
import { requireProvider } from './required-provider';
import { writeBesideStack } from './stack-files';

/** Properties for `RawChart`. */
export interface RawChartProps {
  /** Kubernetes objects. */
  readonly manifests: readonly KubernetesManifest[];
  /** Namespace of the Helm release record. @default 'kube-system' */
  readonly namespace?: string;
  /** Whether the installation waits until the jobs among the objects are complete. @default false */
  readonly waitForJobs?: boolean;
  /** Resources that must exist first, such as the charts with the custom resource definitions. @default - none */
  readonly after?: readonly ITerraformDependable[];
}

/** The version is constant, because the templates never change. */
const CHART_VERSION = '1.0.0';

/** Helm does not evaluate templates in values, so objects can contain template syntax. */
const TEMPLATE = '{{- range .Values.objects }}\n---\n{{ toJson . }}\n{{- end }}\n';

const LONGEST_RELEASE_NAME = 53;

/**
 * Kubernetes objects in a Helm release of a generated chart. `kubernetes_manifest` reads the kinds from the cluster during plan, so it fails in the stack
 * that creates the cluster or the custom resource definitions.
 */
export class RawChart extends Construct {
  /** The Helm release. */
  public readonly release: TerraformResource;
  /** Kubernetes objects. */
  public readonly manifests: readonly KubernetesManifest[];

  /** @internal */
  constructor(
    scope: Construct,
    id: string,
    { manifests, namespace = 'kube-system', waitForJobs = false, after = [] }: RawChartProps,
  ) {
    super(scope, id);
    requireProvider(this, 'helm', HELM_FIX);
    this.manifests = manifests;
    const name = physicalName(this, LONGEST_RELEASE_NAME);
    const folder = `charts/${name}`;
    writeBesideStack(this, 'Files', () => ({
      [`${folder}/Chart.yaml`]: chartFile(name),
      [`${folder}/templates/objects.yaml`]: TEMPLATE,
    }));
    this.release = newRelease(this, 'Resource', {
      name,
      namespace,
      chart: `\${path.module}/${folder}`,
      values: [jsonText({ objects: manifests })],
      // Agents can wait for nodes that do not exist yet, and other objects are ready immediately.
      wait: waitForJobs,
      ...(waitForJobs && { waitForJobs }),
      atomic: false,
      dependsOn: [...after],
    });
  }
}

function chartFile(name: string): string {
  return `apiVersion: v2\nname: ${name}\nversion: ${CHART_VERSION}\ntype: application\n`;
}
