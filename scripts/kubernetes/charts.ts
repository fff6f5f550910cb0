import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import type { ControlPlane } from './control-plane';
import type { Manifest } from './objects';

/** Release of a chart in a `helmfile.yaml`. */
export interface Release {
  /** Name of the release. */
  readonly name: string;
  /** Namespace of the release. */
  readonly namespace: string;
  /** Name of the repository and of the chart. */
  readonly chart: string;
  /** Version of the chart. */
  readonly version: string;
  /** Values. */
  readonly values: readonly Readonly<Record<string, unknown>>[];
}

const execute = promisify(execFile);

/** Rendered charts by release. Many flavors have the same values, and to parse a chart takes longer than to compare its values. */
const rendered = new Map<string, Promise<readonly Manifest[]>>();

/** Renders a chart with the values of a release, as `helm install` does. Leaves out the hooks. */
export function renderChart(plane: ControlPlane, release: Release): Promise<readonly Manifest[]> {
  const key = JSON.stringify(release);
  const known = rendered.get(key) ?? render(plane, release);
  rendered.set(key, known);
  return known;
}

async function render(plane: ControlPlane, release: Release): Promise<Manifest[]> {
  const { programs } = plane;
  const { name, namespace, values } = release;
  const files = values.map((value) =>
    plane.write(`values-${name}-${randomBytes(3).toString('hex')}.json`, JSON.stringify(value)),
  );
  const kubernetes = programs.versions['k8s.io/kubernetes']!;
  const { stdout } = await execute(
    programs.program('helm'),
    [
      ...[
        'template',
        name,
        programs.chart(chartOf(release)),
        `--namespace=${namespace}`,
        '--include-crds',
        '--no-hooks',
      ],
      ...[`--kube-version=${kubernetes}`, ...files.map((file) => `--values=${file}`)],
    ],
    { maxBuffer: 2 ** 28, env: { HOME: plane.folder } },
  );
  return documentsOf(stdout).map((object) => withNamespace(object, namespace));
}

/** Returns the name of the chart of a release, without its repository. */
export function chartOf({ chart }: Release): string {
  return chart.replace(/^.*\//, '');
}

/** Returns the objects of a file with YAML documents. */
export function documentsOf(text: string): Manifest[] {
  return parseAllDocuments(text).flatMap((document) => (document.toJS() as Manifest | null) ?? []);
}

const CLUSTER_SCOPED =
  /^(Cluster|CustomResourceDefinition|Namespace|APIService|\w+WebhookConfiguration|Priority|FlowSchema)/;

/** Helm sets the namespace of the release on objects that have none. */
function withNamespace(object: Manifest, namespace: string): Manifest {
  if (CLUSTER_SCOPED.test(object.kind) || object.metadata.namespace !== undefined) return object;
  return { ...object, metadata: { ...object.metadata, namespace } };
}
