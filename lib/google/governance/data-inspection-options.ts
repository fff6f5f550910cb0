import type { Problems } from '../../core/errors';
import { listOf, NUMBER, required, type Shape, TEXT } from '../../core/shapes';
import { isKnown } from '../../terraform/tokens';
import { INSPECTION_RESULTS, type InspectionResults } from './inspection-results';

/** What an inspection looks for, how often, and whom it tells. */
export interface DataInspectionOptions {
  /** Where it tells what it found: one way or more. */
  readonly results: readonly InspectionResults[];
  /** What to look for, as the service names it. @default - secrets, and data that tells who or where someone is, see `INFO_TYPES` */
  readonly infoTypes?: readonly string[];
  /** Days from one run to the next, 1 to 60. @default 1 */
  readonly everyDays?: number;
  /** Share of the new files to read, 1 to 100. The service is paid by what it reads. @default 100 */
  readonly filesPercent?: number;
}

/** The kinds of the options. */
export const INSPECTION: Shape<DataInspectionOptions> = {
  results: required(listOf(INSPECTION_RESULTS)),
  infoTypes: listOf(TEXT),
  everyDays: NUMBER,
  filesPercent: NUMBER,
};

/**
 * What is looked for unless something else is said: a choice of this library among the detectors of the service.
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
const MOST_DAYS = 60;

/** Adds what is wrong with the options of an inspection. */
export function checkInspection(problems: Problems, options: DataInspectionOptions): void {
  const { results, infoTypes, everyDays, filesPercent } = options;
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'InspectionInvalid', prop, allowed, got, fix });
  const whole = (prop: string, got: number | undefined, most: number, fix: string) => {
    if (!isKnown(problems, prop, got) || (Number.isInteger(got) && got >= 1 && got <= most)) return;
    wrong(prop, `a whole number from 1 to ${most}`, got, fix);
  };
  if (results.length === 0) wrong('results', 'at least one', results, 'Say who is to be told what is found.');
  if (infoTypes?.length === 0) wrong('infoTypes', 'at least one', infoTypes, 'Leave it out for the usual ones.');
  infoTypes?.forEach((name, index) => {
    if (INFO_TYPE.test(name)) return;
    wrong(`infoTypes[${index}]`, 'the name of a detector, e.g. EMAIL_ADDRESS', name, 'Copy it from their list.');
  });
  whole('everyDays', everyDays, MOST_DAYS, 'The service starts a run once a day to once in 60 days.');
  whole('filesPercent', filesPercent, 100, 'Leave the inspection out to read nothing.');
}
