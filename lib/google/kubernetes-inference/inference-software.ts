import { type ITerraformDependable, TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import { withConstructPath } from '../../core/errors';
import { bundleFiles, type ManifestBundle } from '../../kubernetes';
import { BundleVariables } from '../../terraform/bundle-variables';
import { InstalledCharts } from '../../terraform/charts';
import { physicalName } from '../../terraform/names';
import { RawChart } from '../../terraform/raw-chart';
import { writeBesideStack } from '../../terraform/stack-files';
import { clusterValues } from '../cluster/cluster-source';
import type { AcceleratorNetworks } from '../network/accelerator-networks';
import { networkObjects } from '../network/network-attributes';
import { inferenceManifests, type InferenceManifests, type InferenceValues } from './inference-manifests';
import type { ResolvedInference } from './resolved-inference';

/** Properties for `InferenceSoftware`. */
export interface InferenceSoftwareProps extends Pick<
  InferenceValues,
  'address' | 'proxyCidr' | 'pools' | 'managedPrometheus'
> {
  /** The resolved model. */
  readonly sized: ResolvedInference;
  /** Networks of the additional interfaces. @default - the machine has no additional interfaces */
  readonly networks?: AcceleratorNetworks;
  /** Resources that must exist first, for example the node pools and the permissions of the model. */
  readonly after: readonly ITerraformDependable[];
}

const VARIABLES = { MODEL_ADDRESS: 'Address of the model, gs://…, without a trailing slash' } as const;

/** Charts and manifests of a model. The deployment installs them, or writes them to files next to the stack for GitOps. */
export class InferenceSoftware extends Construct {
  /** Installed charts. @default - GitOps installs them, or no chart is needed */
  public readonly charts?: InstalledCharts;
  /** Installed objects. @default - GitOps installs them */
  public readonly objects?: RawChart;

  /** @internal */
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
    const { releases, manifests } = withConstructPath(this, () => inferenceManifests(sized, this.values()));
    if (releases.length > 0) this.charts = new InstalledCharts(this, 'Charts', { releases, after });
    const charts = this.charts ? [...this.charts.releases.values()] : [];
    this.objects = new RawChart(this, 'Objects', { manifests, after: [...after, ...charts] });
  }

  private get variables(): BundleVariables {
    return new BundleVariables(clusterValues(this.props.sized.props.cluster));
  }

  /** Charts and manifests, with variables for values that are known only at deployment. */
  get bundle(): ManifestBundle {
    return withConstructPath(this, () => {
      const software = this.rendered();
      const used = Object.entries(VARIABLES).filter(([name]) => JSON.stringify(software).includes(`\${${name}}`));
      return this.variables.replaceIn({ ...software, variables: Object.fromEntries(used) });
    });
  }

  /** Folder of the Kubernetes files, relative to the folder of the stack. */
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
    for (const [id, value] of Object.entries(this.variables.outputs)) new TerraformOutput(this, id, { value });
  }
}
