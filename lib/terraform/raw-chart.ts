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
  readonly manifests: readonly KubernetesManifest[];
  /** The namespace in which Helm keeps its own record. @default 'kube-system' */
  readonly namespace?: string;
  /** What must stand before: above all the charts that bring the kinds. @default - nothing */
  readonly after?: readonly ITerraformDependable[];
}

/** Helm asks that the version changes with the templates: they are these, whatever they are given. */
const CHART_VERSION = '1.0.0';

/** Values are data to Helm, and never templates: what looks like one in an object stays as it is. */
const TEMPLATE = '{{- range .Values.objects }}\n---\n{{ toJson . }}\n{{- end }}\n';

const LONGEST_RELEASE_NAME = 53;

/**
 * Kubernetes objects through a Helm release of a chart that is written beside the stack. `kubernetes_manifest` would ask the cluster for
 * their kinds while Terraform plans, and so fails in the stack that makes the cluster, or the chart that brings the kinds.
 */
export class RawChart extends Construct {
  public readonly release: TerraformResource;
  public readonly manifests: readonly KubernetesManifest[];

  constructor(scope: Construct, id: string, { manifests, namespace = 'kube-system', after = [] }: RawChartProps) {
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
      // Agents come to nodes that may not stand yet, and other objects are ready once they are there.
      wait: false,
      atomic: false,
      dependsOn: [...after],
    });
  }
}

function chartFile(name: string): string {
  return `apiVersion: v2\nname: ${name}\nversion: ${CHART_VERSION}\ntype: application\n`;
}
