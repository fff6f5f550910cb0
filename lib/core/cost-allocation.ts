import type { IConstruct } from 'constructs';
import { Problems } from './errors';
import { RECORD } from './shapes';

/** Who pays for a thing, and why it exists. Values hold on every cloud: see `costTags`. */
export interface CostAllocationProps {
  /** What it is for, e.g. `atlas`. */
  readonly project: string;
  /** Who runs it, e.g. `research`. */
  readonly team: string;
  /** Where it stands, e.g. `prod`. */
  readonly environment: string;
  /** Who pays, e.g. `R-17`. */
  readonly costCenter: string;
  /** Who answers for it: a team handle, since a mail address is no label on Google Cloud. */
  readonly owner: string;
  /** How sensitive its data is. @default - no tag */
  readonly dataClass?: string;
  /** The kind of work, e.g. `pretraining`. @default - no tag */
  readonly workload?: string;
  /** The day it should be gone, `YYYY-MM-DD`. @default - no tag */
  readonly endDate?: string;
  /** Further tags, under the same rules. @default - none */
  readonly additionalTags?: Readonly<Record<string, string>>;
}

type RequiredKey = 'project' | 'team' | 'environment' | 'costCenter' | 'owner';
type OptionalKey = 'dataClass' | 'workload' | 'endDate';

/** The tag key of each prop, the same on every cloud. */
export const COST_TAG_KEYS = {
  project: 'project',
  team: 'team',
  environment: 'environment',
  costCenter: 'cost-center',
  owner: 'owner',
  dataClass: 'data-class',
  workload: 'workload',
  endDate: 'end-date',
} as const satisfies Record<RequiredKey | OptionalKey, string>;

/** The props without which a cost cannot be allocated. */
export const REQUIRED_COST_PROPS: readonly RequiredKey[] = ['project', 'team', 'environment', 'costCenter', 'owner'];

// What every cloud takes. Google Cloud labels: at most 63 characters, lower case, digits, `_` and `-`, and a key begins with a letter; upper
// case in a value is kept, since the Google edge lowers it. AWS keeps `aws:`, Azure and Alibaba Cloud keep some beginnings of a key, and
// Alibaba Cloud one of a value.
const KEY = /^(?!azure|microsoft|windows|aliyun|acs)[a-z][a-z0-9_-]{0,62}$/;
const KEY_RULE =
  '1 to 63 lower-case letters, digits, "-" or "_", beginning with a letter, but not with azure, microsoft, windows, aliyun or acs';
const VALUE = /^(?!aliyun)[a-z0-9][a-z0-9_-]{0,62}$/i;
const VALUE_RULE = '1 to 63 letters, digits, "-" or "_", beginning with a letter or digit, but not with aliyun';
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The tags of a cost allocation, checked against the rules of every cloud at once, so that moving a workload renames no cost.
 *
 * @see https://cloud.google.com/resource-manager/docs/labels-overview#requirements
 * @see https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
 * @see https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/tag-resources#limitations
 * @see https://www.alibabacloud.com/help/en/oss/support/0010-00000002
 */
export function costTags(props: CostAllocationProps, scope?: IConstruct): Readonly<Record<string, string>> {
  const problems = new Problems();
  checkCostAllocation(problems, props);
  problems.throwIfAny(scope);
  const named = Object.entries(COST_TAG_KEYS).flatMap(([prop, key]) => {
    const value = props[prop as RequiredKey | OptionalKey];
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries([...named, ...Object.entries(props.additionalTags ?? {})]);
}

/** Adds what is wrong with a cost allocation: missing keys, and keys or values that a cloud refuses. */
export function checkCostAllocation(problems: Problems, props: CostAllocationProps | undefined): void {
  for (const prop of Object.keys(COST_TAG_KEYS) as (RequiredKey | OptionalKey)[])
    checkProp(problems, prop, props?.[prop]);
  checkAdditional(problems, props?.additionalTags);
}

/** Tags that an AWS or Azure resource takes: see the pages at `costTags`. */
const MOST_TAGS = 50;

function checkAdditional(problems: Problems, tags: unknown): void {
  if (tags === undefined || !RECORD.fits(problems, 'additionalTags', tags)) return;
  const given = Object.entries(tags as object);
  const most = MOST_TAGS - Object.keys(COST_TAG_KEYS).length;
  if (given.length > most) {
    problems.add({
      code: 'TagsTooMany',
      prop: 'additionalTags',
      allowed: `at most ${most}: a resource takes ${MOST_TAGS} tags in all`,
      got: given.length,
      fix: 'Leave out what no bill is split by.',
    });
  }
  for (const [key, value] of given) {
    checkKey(problems, key);
    checkValue(problems, `additionalTags.${key}`, value);
  }
}

function checkProp(problems: Problems, prop: RequiredKey | OptionalKey, value: unknown): void {
  const required = REQUIRED_COST_PROPS.some((one) => one === prop);
  if (required && (value === undefined || value === null || value === '')) {
    problems.add({
      code: 'TagMissing',
      prop,
      allowed: `given: every resource carries '${COST_TAG_KEYS[prop]}'`,
      got: value,
      fix: `Set ${prop}.`,
    });
  } else if (value !== undefined) {
    (prop === 'endDate' ? checkDay : checkValue)(problems, prop, value);
  }
}

function checkValue(problems: Problems, prop: string, value: unknown): void {
  if (typeof value === 'string' && VALUE.test(value)) return;
  problems.add({
    code: 'TagValue',
    prop,
    allowed: VALUE_RULE,
    got: value,
    fix: 'Use a short handle: Google Cloud labels refuse spaces, dots and "@".',
  });
}

function checkKey(problems: Problems, key: string): void {
  const taken = (Object.values(COST_TAG_KEYS) as string[]).includes(key);
  if (KEY.test(key) && !taken) return;
  problems.add({
    code: 'TagKey',
    prop: `additionalTags.${key}`,
    allowed: taken ? 'a key of its own' : KEY_RULE,
    got: key,
    fix: taken
      ? 'Set the prop of that name in its place.'
      : 'Rename the key; "aws:" and upper case are refused by one cloud or another.',
  });
}

function checkDay(problems: Problems, prop: string, value: unknown): void {
  if (typeof value === 'string' && DAY.test(value) && isOfCalendar(value)) return;
  problems.add({
    code: 'TagValue',
    prop,
    allowed: 'a day as YYYY-MM-DD',
    got: value,
    fix: 'Write the day in full, e.g. 2027-03-31.',
  });
}

function isOfCalendar(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
