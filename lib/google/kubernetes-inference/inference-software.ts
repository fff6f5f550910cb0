import { type ITerraformDependable, TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import { located } from '../../core/errors';
import { bundleFiles, type ManifestBundle } from '../../kubernetes';
import { InstalledCharts } from '../../terraform/charts';
import { physicalName } from '../../terraform/names';
import { RawChart } from '../../terraform/raw-chart';
import { writeBesideStack } from '../../terraform/stack-files';
import type { AcceleratorNetworks } from '../network/accelerator-networks';
import { networkObjects } from '../network/network-objects';
import { inferenceManifests, type InferenceManifests, type InferenceValues } from './inference-manifests';
import type { SizedInference } from './sized-inference';

/** Properties for `InferenceSoftware`. */
export interface InferenceSoftwareProps extends Pick<
  InferenceValues,
  'address' | 'proxyCidr' | 'pools' | 'managedPrometheus'
> {
  readonly sized: SizedInference;
  /** Networks of the further interfaces of the machine. @default - it has none */
  readonly networks?: AcceleratorNetworks;
  /** What must stand before: the cluster, its system nodes, what the model's identity may read. */
  readonly after: readonly ITerraformDependable[];
}

const VARIABLES = { MODEL_ADDRESS: 'Where the model is, gs://…, without a slash at its end' } as const;

/** Charts and manifests of a model: installed by the deployment, or written beside the stack for whoever installs. */
export class InferenceSoftware extends Construct {
  /** @default - someone else installs, or no chart is needed */
  public readonly charts?: InstalledCharts;
  /** All objects of the model. @default - someone else installs */
  public readonly objects?: RawChart;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: InferenceSoftwareProps,
  ) {
    super(scope, id);
    const { sized, after } = props;
    if (!sized.props.installation.byDeployment) {
      this.writeFiles();
      return;
    }
    const { releases, manifests } = located(this, () => inferenceManifests(sized, this.values()));
    if (releases.length > 0) this.charts = new InstalledCharts(this, 'Charts', { releases, after });
    const charts = this.charts ? [...this.charts.releases.values()] : [];
    this.objects = new RawChart(this, 'Objects', { manifests, after: [...after, ...charts] });
  }

  /** The charts and manifests with variables for what only a deployment knows. */
  get bundle(): ManifestBundle {
    return located(this, () => {
      const software = this.rendered();
      const used = Object.entries(VARIABLES).filter(([name]) => JSON.stringify(software).includes(`\${${name}}`));
      return { ...software, variables: Object.fromEntries(used) };
    });
  }

  /** Where its Kubernetes files are, in the folder of the stack. */
  get folder(): string {
    return `kubernetes/${physicalName(this)}`;
  }

  private values(): InferenceValues {
    const { sized, networks } = this.props;
    return {
      ...this.props,
      modelAddress: sized.props.model.address,
      networks: networks?.networks ?? [],
      networkObjects: networks ? networkObjects(networks) : [],
    };
  }

  private rendered(): InferenceManifests {
    const { sized, networks } = this.props;
    return inferenceManifests(sized, {
      ...this.values(),
      modelAddress: sized.props.model.address === undefined ? undefined : '${MODEL_ADDRESS}',
      networkObjects: networks ? networkObjects(networks, ({ nameInput }) => nameInput ?? '') : [],
    });
  }

  private writeFiles(): void {
    const { model } = this.props.sized.props;
    writeBesideStack(this, 'Files', () =>
      Object.fromEntries(
        Object.entries(bundleFiles(this.bundle)).map(([name, text]) => [`${this.folder}/${name}`, text as string]),
      ),
    );
    if (model.address !== undefined) new TerraformOutput(this, 'ModelAddress', { value: model.address });
  }
}
