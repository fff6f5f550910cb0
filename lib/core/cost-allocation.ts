import type { IConstruct } from 'constructs';
import { ProblemCollector } from './errors';
import { RECORD } from './prop-schema';
import type { Machine } from './catalog/machines';
import type { Prices } from './catalog/price-override';
import type { PriceMarket } from './catalog/prices';
import type { ServingPlan } from './planning/serving/plan-serving';
import type { TrainingPlan } from './planning/plan-training';
import type { ServingLoad } from './workload/serving-load';
import type { TrainingJob } from './workload/training-job';

/** Who pays for a resource, and why it exists. Values must be valid on every cloud: see `costTags`. */
export interface CostAllocationProps {
  /** The project that the resource belongs to, for example `atlas`. */
  readonly project: string;
  /** The team that runs the resource, for example `research`. */
  readonly team: string;
  /** The environment, for example `prod`. */
  readonly environment: string;
  /** The cost center that pays, for example `R-17`. */
  readonly costCenter: string;
  /** The owner, as a team handle. Google Cloud labels do not support email addresses. */
  readonly owner: string;
  /** The sensitivity of the data. @default - no tag */
  readonly dataClass?: string;
  /** The kind of workload, for example `pretraining`. @default - no tag */
  readonly workload?: string;
  /** The day when the resource should be deleted, as `YYYY-MM-DD`. @default - no tag */
  readonly endDate?: string;
  /** More tags, with the same rules. @default - none */
  readonly additionalTags?: Readonly<Record<string, string>>;
}

/** A required prop of a cost allocation. */
export type RequiredCostProp = 'project' | 'team' | 'environment' | 'costCenter' | 'owner';
type OptionalCostProp = 'dataClass' | 'workload' | 'endDate';

/** The tag key of each prop. The keys are the same on every cloud. */
export const COST_TAG_KEYS = {
  project: 'project',
  team: 'team',
  environment: 'environment',
  costCenter: 'cost-center',
  owner: 'owner',
  dataClass: 'data-class',
  workload: 'workload',
  endDate: 'end-date',
} as const satisfies Record<RequiredCostProp | OptionalCostProp, string>;

/** The required props. */
export const REQUIRED_COST_PROPS: readonly RequiredCostProp[] = [
  'project',
  'team',
  'environment',
  'costCenter',
  'owner',
];

// The rules that every cloud accepts. Google Cloud labels allow at most 63 lower-case letters, digits, `_` and `-`, and a key starts with a
// letter. Values can have upper case here: the Google constructs convert it. AWS reserves the prefix `aws:`. Azure and Alibaba Cloud reserve
// some key prefixes, and Alibaba Cloud reserves one value prefix.
const KEY = /^(?!azure|microsoft|windows|aliyun|acs)[a-z][a-z0-9_-]{0,62}$/;
const KEY_RULE =
  '1 to 63 lower-case letters, digits, "-" or "_", starting with a letter. Tags are the same on every cloud, so they cannot start with azure, microsoft, windows, aliyun or acs';
const VALUE = /^(?!aliyun)[a-z0-9][a-z0-9_-]{0,62}$/i;
const VALUE_RULE =
  '1 to 63 letters, digits, "-" or "_", starting with a letter or digit. Tags are the same on every cloud, so they cannot start with aliyun';
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Returns the tags of a cost allocation. They are valid on every cloud, so moving a workload does not change its tags.
 *
 * @see https://cloud.google.com/resource-manager/docs/labels-overview#requirements
 * @see https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
 * @see https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/tag-resources#limitations
 * @see https://www.alibabacloud.com/help/en/oss/support/0010-00000002
 */
export function costTags(props: CostAllocationProps, scope?: IConstruct): Readonly<Record<string, string>> {
  const problems = new ProblemCollector();
  checkCostAllocation(problems, props);
  problems.throwIfAny(scope);
  const named = Object.entries(COST_TAG_KEYS).flatMap(([prop, key]) => {
    const value = props[prop as RequiredCostProp | OptionalCostProp];
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries([...named, ...Object.entries(props.additionalTags ?? {})]);
}

/** Adds problems for missing keys, and for keys or values that a cloud does not accept. */
export function checkCostAllocation(problems: ProblemCollector, props: CostAllocationProps | undefined): void {
  for (const prop of Object.keys(COST_TAG_KEYS) as (RequiredCostProp | OptionalCostProp)[])
    checkProp(problems, prop, props?.[prop]);
  checkAdditional(problems, props?.additionalTags);
}

/** Maximum number of tags on an AWS or Azure resource: see the pages at `costTags`. */
const MAX_TAGS = 50;

function checkAdditional(problems: ProblemCollector, tags: unknown): void {
  if (tags === undefined || !RECORD.validate(problems, 'additionalTags', tags)) return;
  const given = Object.entries(tags as object);
  const max = MAX_TAGS - Object.keys(COST_TAG_KEYS).length;
  if (given.length > max) {
    problems.add({
      code: 'TagsTooMany',
      prop: 'additionalTags',
      allowed: `at most ${max} tags, because a resource supports ${MAX_TAGS} tags in total`,
      got: given.length,
      fix: 'Remove the tags that no cost report uses.',
    });
  }
  for (const [key, value] of given) {
    checkKey(problems, key);
    checkValue(problems, `additionalTags.${key}`, value);
  }
}

function checkProp(problems: ProblemCollector, prop: RequiredCostProp | OptionalCostProp, value: unknown): void {
  const required = REQUIRED_COST_PROPS.some((one) => one === prop);
  if (required && (value === undefined || value === null || value === '')) {
    problems.add({
      code: 'TagMissing',
      prop,
      allowed: `set, because every resource needs the tag '${COST_TAG_KEYS[prop]}'`,
      got: value,
      fix: `Set ${prop}.`,
    });
  } else if (value !== undefined) {
    (prop === 'endDate' ? checkDay : checkValue)(problems, prop, value);
  }
}

function checkValue(problems: ProblemCollector, prop: string, value: unknown): void {
  if (typeof value === 'string' && VALUE.test(value)) return;
  problems.add({
    code: 'TagValue',
    prop,
    allowed: VALUE_RULE,
    got: value,
    fix: 'Use a short handle: Google Cloud labels do not support spaces, dots, or "@".',
  });
}

function checkKey(problems: ProblemCollector, key: string): void {
  const reserved = (Object.values(COST_TAG_KEYS) as string[]).includes(key);
  if (KEY.test(key) && !reserved) return;
  problems.add({
    code: 'TagKey',
    prop: `additionalTags.${key}`,
    allowed: reserved ? 'a key that no prop sets' : KEY_RULE,
    got: key,
    fix: reserved
      ? 'Set the prop with that name instead.'
      : 'Rename the key: some clouds do not accept "aws:" or upper case.',
  });
}

function checkDay(problems: ProblemCollector, prop: string, value: unknown): void {
  if (typeof value === 'string' && DAY.test(value) && isOfCalendar(value)) return;
  problems.add({
    code: 'TagValue',
    prop,
    allowed: 'a day as YYYY-MM-DD',
    got: value,
    fix: 'Write the full date, for example 2027-03-31.',
  });
}

function isOfCalendar(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

/** Percentages of a budget that trigger a notification. */
export interface BudgetShares {
  /** Percentages of the actual spend. @default [50, 80, 100] */
  readonly actualPercent?: readonly number[];
  /** Percentages of the forecast for the month. @default [100] */
  readonly forecastPercent?: readonly number[];
}

/** Default percentages of this library, the same on every cloud. */
export const ACTUAL_PERCENT: readonly number[] = [50, 80, 100];
export const FORECAST_PERCENT: readonly number[] = [100];

/** Adds a problem if percentages are not positive, are listed twice, or exceed the number of notifications that the service supports. */
export function checkShares(problems: ProblemCollector, props: BudgetShares, max = Infinity): void {
  const shares = [props.actualPercent ?? ACTUAL_PERCENT, props.forecastPercent ?? FORECAST_PERCENT];
  const distinct = shares.every((each) => new Set(each).size === each.length);
  const all = shares.flat();
  if (distinct && all.every((percent) => percent > 0 && Number.isFinite(percent)) && all.length <= max) return;
  problems.add({
    code: 'BudgetInvalid',
    prop: 'actualPercent and forecastPercent',
    allowed: `percentages above 0 without duplicates${max < Infinity ? `, at most ${max} in total` : ''}`,
    got: all,
    fix: 'Keep the percentages that someone acts on.',
  });
}

/** A plan and its inputs. */
export interface PlannedWorkload {
  /** The plan. */
  readonly plan: TrainingPlan | ServingPlan;
  /** The planned workload. @default - unknown, so the report shows no alternative machines */
  readonly workload?: TrainingJob | ServingLoad;
  /** Your own prices, and the day that their age is counted from. @default - the prices of the catalog */
  readonly prices?: Prices;
  /**
   * What the service of the construct sells, so that the report lists alternatives on the same service. Called when the report is written.
   *
   * @default - the construct runs on machines of a cloud, and the alternatives are those of every cloud
   */
  readonly offers?: () => ServiceOffers;
}

/** The machines that a service sells, which are fewer than those of its cloud, and their markets. */
export interface ServiceOffers {
  /** Machines, as the planner sees them and with the names of the service. */
  readonly machines: readonly Machine[];
  /** Markets that the service sells its machines in. */
  readonly markets: readonly PriceMarket[];
  /** Prices of the service. @default - the prices of the construct */
  readonly prices?: Prices;
}

/** A construct and its plan. */
export interface ConstructPlan extends PlannedWorkload {
  readonly construct: IConstruct;
}

const RECORDED = Symbol.for('ai-infra-constructs.PlannedWorkload');

/** Attaches a plan to its construct, on any cloud. `plansIn` finds it at synthesis. */
export function keepPlan(construct: IConstruct, workload: PlannedWorkload): void {
  Object.defineProperty(construct, RECORDED, { value: workload });
}

/** Returns the plans of a construct and of all constructs below it, in tree order. Parts with their own report are left out. */
export function plansIn(construct: IConstruct, hasOwnReport: (part: IConstruct) => boolean): ConstructPlan[] {
  const own = RECORDED in construct ? [{ construct, ...(construct[RECORDED] as PlannedWorkload) }] : [];
  const below = construct.node.children.filter((child) => !hasOwnReport(child));
  return [...own, ...below.flatMap((child) => plansIn(child, hasOwnReport))];
}
