import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { CurrentProject } from '../operations/current-project';
import { checkRegion } from '../props/location';
import { DataLossPreventionInspectTemplate, DataLossPreventionJobTrigger } from '../provider/google';
import type { IDataBucket } from '../storage/bucket-attributes';
import { checkInspection, type DataInspectionOptions, INFO_TYPES } from './data-inspection-options';
import { DATA_INSPECTION_PROPS } from '../prop-schemas';

/** Properties for `DataInspection`. */
export interface DataInspectionProps extends DataInspectionOptions {
  /** Bucket to inspect. */
  readonly bucket: IDataBucket;
  /** Region of the inspection, which is the region of the bucket. */
  readonly region: string;
}

const SECONDS_PER_DAY = 86_400;

/**
 * A scheduled inspection of a bucket for personal data and secrets by Sensitive Data Protection. Each run reads the objects that are new since
 * the last run.
 *
 * @see https://cloud.google.com/sensitive-data-protection/docs/creating-job-triggers
 * @example
 * ```ts
 * import { DataBucket, DataInspection, InspectionResults } from 'ai-infra-constructs/google';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * new DataInspection(stack, 'Inspection', {
 *   bucket: DataBucket.fromBucketName(stack, 'Uploads', 'my-uploads'),
 *   region: 'us-central1',
 *   results: [InspectionResults.bigQuery({ dataset: 'findings' })],
 * });
 * ```
 */
export class DataInspection extends Construct {
  /** The inspection template, which other inspections can use too. */
  public readonly template: DataLossPreventionInspectTemplate;
  /** The job trigger, which starts the runs. */
  public readonly trigger: DataLossPreventionJobTrigger;

  constructor(scope: Construct, id: string, props: DataInspectionProps) {
    super(scope, id);
    const problems = new ProblemCollector();
    if (validateProps(problems, props, DATA_INSPECTION_PROPS)) {
      checkRegion(problems, 'region', props.region);
      checkInspection(problems, props);
    }
    problems.throwIfAny(this);
    const { infoTypes = INFO_TYPES, everyDays = 1, filesPercent = 100, results } = props;
    const project = CurrentProject.of(this).projectId;
    const parent = `projects/${project}/locations/${props.region}`;
    const displayName = this.node.path.slice(-LONGEST_NAME);
    this.template = new DataLossPreventionInspectTemplate(this, 'Template', {
      parent,
      templateId: physicalName(this),
      displayName,
      inspectConfig: {
        infoTypes: infoTypes.map((name) => ({ name })),
        minLikelihood: 'LIKELY',
        // A quote would copy sensitive data into the results.
        includeQuote: false,
      },
    });
    this.trigger = new DataLossPreventionJobTrigger(this, 'Trigger', {
      parent,
      triggerId: physicalName(this),
      displayName,
      status: 'HEALTHY',
      triggers: [{ schedule: { recurrencePeriodDuration: `${everyDays * SECONDS_PER_DAY}s` } }],
      inspectJob: {
        inspectTemplateName: this.template.id,
        storageConfig: {
          cloudStorageOptions: { fileSet: { url: `gs://${props.bucket.name}/**` }, filesLimitPercent: filesPercent },
          timespanConfig: { enableAutoPopulationOfTimespanConfig: true },
        },
        actions: results.map(({ action }) => action(project)),
      },
    });
  }
}

/** Source: documentation of the API, dlp v2, JobTrigger.displayName: at most 100 characters (recalled, unverified). */
const LONGEST_NAME = 100;
