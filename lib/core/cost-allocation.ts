import { Problems } from './errors';

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

// The strictest of the clouds: Google Cloud labels take 63 characters, lower case, digits, `_` and `-`, and a key begins with a letter;
// AWS keeps keys that begin with `aws:`; Azure refuses <>%&\?/. Upper case in a value is kept: the Google edge lowers it.
const KEY = /^[a-z][a-z0-9_-]{0,62}$/;
const VALUE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/;
const VALUE_RULE = '1 to 63 letters, digits, "-" or "_", beginning with a letter or digit';
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The tags of a cost allocation, checked against the rules of every cloud at once, so that moving a workload renames no cost.
 *
 * @see https://cloud.google.com/resource-manager/docs/labels-overview#requirements
 * @see https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
 */
export function costTags(props: CostAllocationProps): Readonly<Record<string, string>> {
  const problems = new Problems();
  checkCostAllocation(problems, props);
  problems.throwIfAny();
  const named = Object.entries(COST_TAG_KEYS).flatMap(([prop, key]) => {
    const value = props[prop as RequiredKey | OptionalKey];
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries([...named, ...Object.entries(props.additionalTags ?? {})]);
}

/** Adds what is wrong with a cost allocation: missing keys, and keys or values that a cloud refuses. */
export function checkCostAllocation(problems: Problems, props: CostAllocationProps | undefined): void {
  for (const prop of REQUIRED_COST_PROPS) {
    if (props?.[prop] === undefined || props[prop] === '') {
      problems.add({ code: 'TagMissing', prop, allowed: `given: every resource carries '${COST_TAG_KEYS[prop]}'`, got: props?.[prop], fix: `Set ${prop}.` });
    }
  }
  for (const prop of Object.keys(COST_TAG_KEYS) as (RequiredKey | OptionalKey)[]) {
    const value = props?.[prop];
    if (value) checkValue(problems, prop, value);
  }
  if (props?.endDate && !isDay(props.endDate)) {
    problems.add({ code: 'TagValue', prop: 'endDate', allowed: 'a day as YYYY-MM-DD', got: props.endDate, fix: 'Write the day in full, e.g. 2027-03-31.' });
  }
  for (const [key, value] of Object.entries(props?.additionalTags ?? {})) {
    checkKey(problems, key);
    checkValue(problems, `additionalTags.${key}`, value);
  }
}

function checkValue(problems: Problems, prop: string, value: string): void {
  if (typeof value === 'string' && VALUE.test(value)) return;
  problems.add({ code: 'TagValue', prop, allowed: VALUE_RULE, got: value, fix: 'Use a short handle: Google Cloud labels refuse spaces, dots and "@".' });
}

function checkKey(problems: Problems, key: string): void {
  const taken = (Object.values(COST_TAG_KEYS) as string[]).includes(key);
  if (KEY.test(key) && !taken) return;
  problems.add({
    code: 'TagKey',
    prop: `additionalTags.${key}`,
    allowed: taken ? 'a key of its own' : '1 to 63 lower-case letters, digits, "-" or "_", beginning with a letter',
    got: key,
    fix: taken ? 'Set the prop of that name in its place.' : 'Rename the key; "aws:" and upper case are refused by one cloud or another.',
  });
}

function isDay(text: string): boolean {
  return DAY.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
}
