import { type ITerraformDependable, TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import { withConstructPath } from '../core/errors';
import {
  type AcceptanceRun,
  bundleFiles,
  type ManifestBundle,
  manifestFile,
  type TrainingSoftware,
} from '../kubernetes';
import { passCriterion } from '../kubernetes/acceptance-job';
import { InstalledCharts } from './charts';
import type { Installation } from './installation';
import { physicalName } from './names';
import { RawChart } from './raw-chart';
import { writeBesideStack } from './stack-files';

/** Properties for `ClusterSoftware`. */
export interface ClusterSoftwareProps {
  /** Who installs the software. */
  readonly installation: Installation;
  /** Software with tokens for values that are known only at deployment. */
  readonly software: () => TrainingSoftware;
  /** The same software with variables instead of tokens. */
  readonly bundle: () => ManifestBundle;
  /** Acceptance jobs of fabrics, written as files because each runs once. */
  readonly acceptance: () => readonly AcceptanceRun[];
  /** Values of the variables, as outputs for GitOps. @default - none */
  readonly outputs?: Readonly<Record<string, string>>;
  /** Values that a user writes into jobs, as outputs with every installation. @default - none */
  readonly jobOutputs?: Readonly<Record<string, string>>;
  /** Resources that must exist first: the cluster, its system nodes, and the permission to install. */
  readonly after: readonly ITerraformDependable[];
}

/** Charts and manifests of a cluster: Terraform installs them, or they are written to the stack folder for GitOps. */
export class ClusterSoftware extends Construct {
  /** Helm charts. @default - none with GitOps */
  public readonly charts?: InstalledCharts;
  /** Objects that need no chart, such as node agents. @default - none with GitOps, or if there are no such objects */
  public readonly onNodes?: RawChart;
  /** Objects that need the charts, such as queues and runtimes. @default - none with GitOps */
  public readonly objects?: RawChart;

  private bundled?: ManifestBundle;

  /** @internal */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: ClusterSoftwareProps,
  ) {
    super(scope, id);
    const { installation, software, acceptance, after } = props;
    if (installation.byDeployment) {
      const { releases, manifests, nodeManifests } = withConstructPath(this, software);
      this.charts = new InstalledCharts(this, 'Charts', { releases, after });
      if (nodeManifests.length > 0) this.onNodes = new RawChart(this, 'Nodes', { manifests: nodeManifests, after });
      this.objects = new RawChart(this, 'Objects', { manifests, after: [...this.charts.releases.values()] });
    }
    this.writeFiles(withConstructPath(this, acceptance));
    this.outputValues();
  }

  /** Charts and manifests with variables for values that are known only at deployment. */
  get bundle(): ManifestBundle {
    this.bundled ??= withConstructPath(this, this.props.bundle);
    return this.bundled;
  }

  /** Folder of the Kubernetes files, in the stack folder. */
  get folder(): string {
    return `kubernetes/${physicalName(this)}`;
  }

  private writeFiles(acceptance: readonly AcceptanceRun[]): void {
    const { folder } = this;
    for (const { pool, expected } of acceptance) {
      new TerraformOutput(this, `Acceptance-${pool.name}`, {
        description: `Fabric of ${pool.nodes} ${pool.machine}: apply ${folder}/${fileOf(pool)} once`,
        value: passCriterion(expected),
      });
    }
    const within = (files: object) =>
      Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text as string]));
    writeBesideStack(this, 'Files', () => ({
      ...(this.props.installation.byDeployment ? {} : within(bundleFiles(this.bundle))),
      ...within(Object.fromEntries(acceptance.map(({ pool, manifests }) => [fileOf(pool), manifestFile(manifests)]))),
    }));
  }

  /** Writes the values for jobs as outputs, and with GitOps those of the variables. */
  private outputValues(): void {
    const { outputs, jobOutputs, installation } = this.props;
    const values = { ...jobOutputs, ...(installation.byDeployment ? {} : outputs) };
    for (const [name, value] of Object.entries(values)) new TerraformOutput(this, name, { value });
  }
}

function fileOf({ name }: AcceptanceRun['pool']): string {
  return `acceptance-${name}.yaml`;
}
