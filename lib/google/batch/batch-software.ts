import { type ITerraformDependable, TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import { withConstructPath } from '../../core/errors';
import { bundleFiles, type ManifestBundle } from '../../kubernetes';
import { physicalName } from '../../terraform/names';
import { RawChart } from '../../terraform/raw-chart';
import { writeBesideStack } from '../../terraform/stack-files';
import { batchManifests, type BatchValues } from './batch-manifests';
import type { ResolvedBatch } from './resolved-batch';

/** Properties for `BatchSoftware`. */
export interface BatchSoftwareProps {
  /** The resolved workflow. */
  readonly batch: ResolvedBatch;
  /** Deployment values. */
  readonly values: BatchValues;
  /** Resources that must exist first, for example the node pools and the permissions of the pods. */
  readonly after: readonly ITerraformDependable[];
}

const VARIABLES = {
  INPUT_BUCKET: 'Name of the bucket of the shards',
  RESULTS_BUCKET: 'Name of the bucket of the results',
  MODEL_ADDRESS: 'Address of the model, gs://…, without a trailing slash',
} as const;

/** The objects of a workflow. The deployment installs them, or writes them to files next to the stack for GitOps. */
export class BatchSoftware extends Construct {
  /** Installed objects. @default - GitOps installs them */
  public readonly objects?: RawChart;

  /** @internal */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: BatchSoftwareProps,
  ) {
    super(scope, id);
    const { batch, values, after } = props;
    if (batch.props.installation.byDeployment) {
      const manifests = withConstructPath(this, () => batchManifests(batch, values));
      this.objects = new RawChart(this, 'Objects', { manifests, after });
    } else this.writeFiles();
  }

  /** Objects, with variables for values that are known only at deployment. */
  get bundle(): ManifestBundle {
    const { batch, values } = this.props;
    return withConstructPath(this, () => {
      const manifests = batchManifests(batch, {
        ...values,
        input: '${INPUT_BUCKET}',
        results: '${RESULTS_BUCKET}',
        modelAddress: values.modelAddress === undefined ? undefined : '${MODEL_ADDRESS}',
      });
      const text = JSON.stringify(manifests);
      const used = Object.entries(VARIABLES).filter(([name]) => text.includes(`\${${name}}`));
      return { releases: [], manifests, variables: Object.fromEntries(used) };
    });
  }

  /** Folder of the Kubernetes files, relative to the folder of the stack. */
  get folder(): string {
    return `kubernetes/${physicalName(this)}`;
  }

  private writeFiles(): void {
    const { input, results, modelAddress } = this.props.values;
    writeBesideStack(this, 'Files', () => ({
      [`${this.folder}/manifests.yaml`]: bundleFiles(this.bundle)['manifests.yaml'],
    }));
    new TerraformOutput(this, 'InputBucket', { value: input });
    new TerraformOutput(this, 'ResultsBucket', { value: results });
    if (modelAddress !== undefined) new TerraformOutput(this, 'ModelAddress', { value: modelAddress });
  }
}
