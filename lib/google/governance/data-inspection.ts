import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { CurrentProject } from '../operations/current-project';
import { checkRegion } from '../props/location';
import { DataLossPreventionInspectTemplate, DataLossPreventionJobTrigger } from '../provider/google';
import type { IDataBucket } from '../storage/data-bucket';
import { DATA_INSPECTION_PROPS } from '../prop-schemas';
import { isKnown } from '../../terraform/tokens';
import { checkProviders } from '../../terraform/provider-checks';
import type { InspectionResults } from './inspection-results';

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
    checkProviders(this);
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

/** Options for the inspection of a bucket. */
export interface DataInspectionOptions {
  /** Destinations of the results, at least one. */
  readonly results: readonly InspectionResults[];
  /** InfoTypes to detect. @default - 14 infoTypes for credentials, financial data, contact data and identity documents */
  readonly infoTypes?: readonly string[];
  /** Days between runs, 1 to 60. @default 1 */
  readonly everyDays?: number;
  /** Percentage of the new files to read, 1 to 100. The service bills the data that it reads. @default 100 */
  readonly filesPercent?: number;
}

/**
 * The default infoTypes, a selection of this library.
 *
 * @see https://cloud.google.com/sensitive-data-protection/docs/infotypes-reference
 */
export const INFO_TYPES: readonly string[] = [
  ...['AUTH_TOKEN', 'AWS_CREDENTIALS', 'AZURE_AUTH_TOKEN', 'ENCRYPTION_KEY', 'GCP_API_KEY', 'GCP_CREDENTIALS'],
  ...['JSON_WEB_TOKEN', 'PASSWORD', 'CREDIT_CARD_NUMBER', 'EMAIL_ADDRESS', 'IBAN_CODE', 'PASSPORT'],
  ...['PHONE_NUMBER', 'STREET_ADDRESS'],
];

const INFO_TYPE = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** Source: documentation of the provider, google 6.50.0, data_loss_prevention_job_trigger. */
const MAX_DAYS = 60;

/** Adds each problem in the options of an inspection. */
export function checkInspection(problems: ProblemCollector, options: DataInspectionOptions): void {
  const { results, infoTypes, everyDays, filesPercent } = options;
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'InspectionInvalid', prop, allowed, got, fix });
  const whole = (prop: string, got: number | undefined, max: number, fix: string) => {
    if (!isKnown(problems, prop, got) || (Number.isInteger(got) && got >= 1 && got <= max)) return;
    wrong(prop, `a whole number from 1 to ${max}`, got, fix);
  };
  if (results.length === 0) wrong('results', 'a list with at least one destination', results, 'Add a destination.');
  if (infoTypes?.length === 0)
    wrong('infoTypes', 'a list with at least one infoType', infoTypes, 'Leave it out for the default infoTypes.');
  infoTypes?.forEach((name, index) => {
    if (INFO_TYPE.test(name)) return;
    wrong(
      `infoTypes[${index}]`,
      'the name of an infoType, for example EMAIL_ADDRESS',
      name,
      'Copy it from the infoType reference.',
    );
  });
  whole('everyDays', everyDays, MAX_DAYS, 'The service starts runs every 1 to 60 days.');
  whole('filesPercent', filesPercent, 100, 'Remove the inspection to read nothing.');
}
