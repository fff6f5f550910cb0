import { type ITerraformDependable, TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import { located } from '../../core/errors';
import { bundleFiles, type ManifestBundle } from '../../kubernetes';
import { physicalName } from '../../terraform/names';
import { RawChart } from '../../terraform/raw-chart';
import { writeBesideStack } from '../../terraform/stack-files';
import { batchManifests, type BatchValues } from './batch-manifests';
import type { SettledBatch } from './settled-batch';

/** Properties for `BatchSoftware`. */
export interface BatchSoftwareProps {
  readonly settled: SettledBatch;
  readonly values: BatchValues;
  /** What must stand before: the cluster, its pools, what the pods may read and write. */
  readonly after: readonly ITerraformDependable[];
}

const VARIABLES = {
  INPUT_BUCKET: 'Name of the bucket of the shards',
  RESULTS_BUCKET: 'Name of the bucket of results',
  MODEL_ADDRESS: 'Where the model is, gs://…, without a slash at its end',
} as const;

/** The objects of a workflow: installed by the deployment, or written beside the stack for whoever installs. */
export class BatchSoftware extends Construct {
  /** @default - someone else installs */
  public readonly objects?: RawChart;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: BatchSoftwareProps,
  ) {
    super(scope, id);
    const { settled, values, after } = props;
    if (settled.props.installation.byDeployment) {
      const manifests = located(this, () => batchManifests(settled, values));
      this.objects = new RawChart(this, 'Objects', { manifests, after });
    } else this.writeFiles();
  }

  /** The objects with variables for what only a deployment knows. */
  get bundle(): ManifestBundle {
    const { settled, values } = this.props;
    return located(this, () => {
      const manifests = batchManifests(settled, {
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

  /** Where its Kubernetes files are, in the folder of the stack. */
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
