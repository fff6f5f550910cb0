import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { fits, required, type Shape, TEXT } from '../../core/shapes';
import { physicalName } from '../../terraform/names';
import { NAMED_BUCKET } from '../cluster/gke-cluster';
import type { INamedBucket } from '../cluster/job-identity';
import { CurrentProject } from '../operations/current-project';
import { checkRegion } from '../props/location';
import { DataLossPreventionInspectTemplate, DataLossPreventionJobTrigger } from '../provider/google';
import { checkInspection, type DataInspectionOptions, INSPECTION, INFO_TYPES } from './data-inspection-options';

/** Properties for `DataInspection`. */
export interface DataInspectionProps extends DataInspectionOptions {
  /** What is read. */
  readonly bucket: INamedBucket;
  /** The region in which it is read: that of the bucket. */
  readonly location: string;
}

const SHAPE: Shape<DataInspectionProps> = { ...INSPECTION, bucket: required(NAMED_BUCKET), location: required(TEXT) };

const SECONDS_PER_DAY = 86_400;

/**
 * Sensitive Data Protection looks into a bucket from time to time for personal data and secrets, and tells what it found. A run reads
 * what is new since the last one.
 *
 * @see https://cloud.google.com/sensitive-data-protection/docs/creating-job-triggers
 */
export class DataInspection extends Construct {
  /** What is looked for: other inspections may use it, too. */
  public readonly template: DataLossPreventionInspectTemplate;
  public readonly trigger: DataLossPreventionJobTrigger;

  constructor(scope: Construct, id: string, props: DataInspectionProps) {
    super(scope, id);
    const problems = new Problems();
    if (fits(problems, props, SHAPE)) {
      checkRegion(problems, 'location', props.location);
      checkInspection(problems, props);
    }
    problems.throwIfAny(this);
    const { infoTypes = INFO_TYPES, everyDays = 1, filesPercent = 100, results } = props;
    const project = CurrentProject.of(this).projectId;
    const parent = `projects/${project}/locations/${props.location}`;
    const displayName = this.node.path.slice(-LONGEST_NAME);
    this.template = new DataLossPreventionInspectTemplate(this, 'Template', {
      parent,
      templateId: physicalName(this),
      displayName,
      inspectConfig: {
        infoTypes: infoTypes.map((name) => ({ name })),
        minLikelihood: 'LIKELY',
        // A quote would copy what is sensitive into the results.
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
