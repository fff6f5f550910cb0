import { type ITerraformDependable, TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import { located } from '../core/errors';
import {
  type AcceptanceRun,
  bundleFiles,
  type ManifestBundle,
  manifestFile,
  type TrainingSoftware,
} from '../kubernetes';
import { passesWith } from '../kubernetes/expected-bandwidth';
import { InstalledCharts } from './charts';
import type { Installation } from './installation';
import { physicalName } from './names';
import { RawChart } from './raw-chart';
import { writeBesideStack } from './stack-files';

/** Properties for `ClusterSoftware`. */
export interface ClusterSoftwareProps {
  readonly installation: Installation;
  /** What the deployment installs, with the values that only it knows as tokens. */
  readonly software: () => TrainingSoftware;
  /** The same with variables in their place. */
  readonly bundle: () => ManifestBundle;
  /** Jobs that prove a fabric: they are files, since each is to run once. */
  readonly acceptance: () => readonly AcceptanceRun[];
  /** What the variables of the bundle stand for: outputs where someone else installs. @default - none */
  readonly outputs?: Readonly<Record<string, string>>;
  /** What must stand before: the cluster, its system nodes, and the right to install. */
  readonly after: readonly ITerraformDependable[];
}

/** Charts and manifests of a training cluster: installed by the deployment, or written beside the stack for whoever installs. */
export class ClusterSoftware extends Construct {
  /** @default - someone else installs */
  public readonly charts?: InstalledCharts;
  /** What needs no chart: agents of nodes, and rights. @default - someone else installs, or there is none */
  public readonly onNodes?: RawChart;
  /** Queue, volume and runtimes: what needs the charts. @default - someone else installs */
  public readonly objects?: RawChart;

  private bundled?: ManifestBundle;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ClusterSoftwareProps,
  ) {
    super(scope, id);
    const { installation, software, acceptance, after } = props;
    if (installation.byDeployment) {
      const { releases, manifests, nodeManifests } = located(this, software);
      this.charts = new InstalledCharts(this, 'Charts', { releases, after });
      if (nodeManifests.length > 0) this.onNodes = new RawChart(this, 'Nodes', { manifests: nodeManifests, after });
      this.objects = new RawChart(this, 'Objects', { manifests, after: [...this.charts.releases.values()] });
    }
    this.writeFiles(located(this, acceptance));
    this.outputValues();
  }

  /** The charts and manifests with variables for what only a deployment knows. */
  get bundle(): ManifestBundle {
    this.bundled ??= located(this, this.props.bundle);
    return this.bundled;
  }

  /** Where its Kubernetes files are, in the folder of the stack. */
  get folder(): string {
    return `kubernetes/${physicalName(this)}`;
  }

  private writeFiles(acceptance: readonly AcceptanceRun[]): void {
    const { folder } = this;
    for (const { pool, expected } of acceptance) {
      new TerraformOutput(this, `Acceptance-${pool.name}`, {
        description: `Fabric of ${pool.nodes} ${pool.machine}: apply ${folder}/${fileOf(pool)} once`,
        value: passesWith(expected),
      });
    }
    const within = (files: object) =>
      Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text as string]));
    writeBesideStack(this, 'Files', () => ({
      ...(this.props.installation.byDeployment ? {} : within(bundleFiles(this.bundle))),
      ...within(Object.fromEntries(acceptance.map(({ pool, manifests }) => [fileOf(pool), manifestFile(manifests)]))),
    }));
  }

  /** What the variables of the bundle stand for. */
  private outputValues(): void {
    const { outputs = {}, installation } = this.props;
    if (installation.byDeployment) return;
    for (const [name, value] of Object.entries(outputs)) new TerraformOutput(this, name, { value });
  }
}

function fileOf({ name }: AcceptanceRun['pool']): string {
  return `acceptance-${name}.yaml`;
}
