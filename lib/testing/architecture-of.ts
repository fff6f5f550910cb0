import type { IConstruct } from 'constructs';
import { assertProps, BOOLEAN, STRING } from '../core/prop-schema';
import {
  type Sections,
  type StackArchitecture,
  AT_DEPLOYMENT,
  type ComputeGroup,
  type GroupCost,
  type MonthlyCost,
} from './architecture';
import { CLOUDFORMATION_READERS } from './cloudformation/readers';
import { byText, countsOf, type Readers } from './view';
import { stacksOf, type SynthesizedStack } from './source';
import { TERRAFORM_READERS } from './terraform/readers';
import { stackText } from './text';
import { PRICES } from '../core/prop-schemas';
import { type Cloud, findMachine } from '../core/catalog/machines';
import { Prices } from '../core/catalog/price-override';
import { priceOf } from '../core/catalog/price-of';
import type { PriceMarket } from '../core/catalog/prices';
import { monthlyCost } from '../core/planning/cost/plan-costs';

/** Source of an architecture. */
export type ArchitectureSource =
  /** Stack, stage or app of the AWS CDK, or of CDK for Terraform. */
  | IConstruct
  /** CloudFormation template, Terraform configuration, or an object whose `toJSON` returns one, like `Template` of the CDK assertions. */
  | object
  /** Path of a template, a cloud assembly or an output folder, or a template or configuration as JSON. */
  | string;

/** Options for the description of an architecture. */
export interface ArchitectureOptions extends PriceOptions {
  /** Whether to include the cost of the machines. A release of this library can contain newer prices. @default true */
  readonly cost?: boolean;
}

const MARK = Symbol.for('ai-infra-constructs.Architecture');

/**
 * Architecture that an app deploys. Its string form is short, stable and readable, and works well as a snapshot.
 *
 * @example
 * ```ts
 * import { App, Stack } from 'aws-cdk-lib';
 * import { architectureOf } from 'ai-infra-constructs/testing';
 *
 * const stack = new Stack(new App(), 'Training');
 * console.log(String(architectureOf(stack)));
 * ```
 */
export class Architecture {
  /** Returns whether a value is an `Architecture` from any copy of the package. */
  static isArchitecture(value: unknown): value is Architecture {
    return typeof value === 'object' && value !== null && MARK in value;
  }

  /** Architectures of the stacks, ordered by name. */
  public readonly stacks: readonly StackArchitecture[];

  /** @param stacks architectures of the stacks, ordered by name */
  constructor(stacks: readonly StackArchitecture[]) {
    this.stacks = stacks;
    Object.defineProperty(this, MARK, { value: true });
  }

  /** Returns the architecture as text with one line per fact, in an order that does not depend on hashes. */
  toString(): string {
    return this.stacks.map(stackText).join('\n\n---\n\n');
  }
}

/**
 * Describes what a stack, or each stack of an app, deploys. The description includes machines, interfaces, storage, endpoints, encryption and
 * scaling. It also includes what is open to the internet and the cost of the machines. It does not depend on asset hashes, tokens, logical
 * ids, accounts and regions.
 *
 * Works with any app, with or without constructs of this library. An app that cannot be synthesized throws its own error.
 *
 * @throws AiInfraError with code `ArchitectureSource` if the source is not a stack, an app or synthesized output
 */
export function architectureOf(source: ArchitectureSource, options: ArchitectureOptions = {}): Architecture {
  assertProps<ArchitectureOptions>(options, OPTIONS, { name: 'options' });
  const stacks = stacksOf(source).map((stack) => described(stack, options));
  return new Architecture(stacks.sort((a, b) => byText(a.name, b.name)));
}

const OPTIONS = { cost: BOOLEAN, priceRegion: STRING, prices: PRICES };

const READERS: Readonly<Record<StackArchitecture['engine'], Readers>> = {
  CloudFormation: CLOUDFORMATION_READERS,
  Terraform: TERRAFORM_READERS,
};

const NAMES = [
  ...['compute', 'endpoints', 'storage', 'queues', 'workflows', 'functions', 'kubernetes'],
  ...['scaling', 'network', 'keys', 'guards', 'exposure', 'permissions', 'watch'],
] as (keyof Sections)[];

function described({ name, engine, view }: SynthesizedStack, options: ArchitectureOptions): StackArchitecture {
  const readers = READERS[engine];
  const found = view.resources.map((resource) => ({
    type: resource.type,
    sections: Object.hasOwn(readers, resource.type) ? readers[resource.type]!(resource, view) : undefined,
  }));
  const sections = Object.fromEntries(
    NAMES.map((key) => [key, sorted(found.flatMap((one) => one.sections?.[key] ?? []))]),
  ) as unknown as Sections;
  const others = found.filter((one) => one.sections === undefined).map(({ type }) => type);
  return {
    name,
    engine,
    ...sections,
    other: countsOf(others),
    ...((options.cost ?? true) && { cost: costOf(sections.compute, options) }),
  };
}

/** Sorts parts by name, then by content, because the order in a template has no meaning. */
function sorted<T extends { readonly name: string }>(parts: readonly T[]): readonly T[] {
  return [...parts].sort((a, b) => byText(a.name, b.name) || byText(JSON.stringify(a), JSON.stringify(b)));
}

/** Options for the prices of machines. */
export interface PriceOptions {
  /**
   * Region of the prices. It does not depend on the region of a stack, so that the stages of an app in several regions share one snapshot.
   *
   * @default - us-east-1 on AWS, us-central1 on Google Cloud, eastus on Azure
   */
  readonly priceRegion?: string;
  /** Your own prices, for example of machines without accelerators. They take precedence over the catalog. @default - the prices of the catalog */
  readonly prices?: Prices;
}

const REGIONS: Readonly<Record<Cloud, string>> = {
  aws: 'us-east-1',
  google: 'us-central1',
  azure: 'eastus',
  alicloud: 'cn-hangzhou',
};

/** Returns the cost of groups for a month at their desired count. */
export function costOf(groups: readonly ComputeGroup[], options: PriceOptions): MonthlyCost {
  const priced = groups.map((group) => ({ name: group.name, ...priceOfGroup(group, options) }));
  const costs = priced.flatMap(({ cost }) => cost ?? []);
  return {
    groups: costs,
    usdPerMonth: costs.reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0),
    notPriced: priced.flatMap(({ name, reason }) => (reason === undefined ? [] : [{ name, reason }])),
  };
}

type Priced =
  { readonly cost: GroupCost; readonly reason?: undefined } | { readonly cost?: undefined; readonly reason: string };

function priceOfGroup(group: ComputeGroup, { priceRegion, prices = Prices.of([]) }: PriceOptions): Priced {
  const { cloud, machines, notPriced, name } = group;
  const [machine] = machines;
  const count = group.count?.desired ?? group.count?.min;
  const region = priceRegion ?? REGIONS[cloud];
  const market = marketOf(group);
  if (notPriced !== undefined) return { reason: notPriced };
  if (machine === undefined) return { reason: 'its machine type is not set in this stack' };
  if (machine === AT_DEPLOYMENT) return { reason: 'its machine type is known at deployment' };
  if (machines.length > 1) return { reason: 'any of several machines' };
  if (count === undefined) return { reason: 'its count is not set' };
  if (count === AT_DEPLOYMENT) return { reason: 'its count is known at deployment' };
  if (market === undefined) return { reason: 'capacity blocks have no list price' };
  if (!findMachine(cloud, machine) && !prices.overrides.some((one) => one.machine === machine)) {
    return { reason: 'the machine is not in the price table' };
  }
  const { price } = priceOf({ cloud, machine, region, market, prices });
  if (!price) return { reason: `the price table has no ${market} price in ${region}` };
  const { usdPerHour, date } = price;
  const usdPerMonth = monthlyCost(count, usdPerHour);
  return {
    cost: {
      name,
      machine,
      count,
      market,
      region,
      usdPerHour,
      usdPerMonth,
      ...(date !== undefined && { priceDate: date }),
    },
  };
}

/** Returns the market of the price. A reservation costs as much as its machines, used or not. */
function marketOf({ market }: ComputeGroup): PriceMarket | undefined {
  if (market === 'spot') return 'spot';
  return market === 'capacity-block' || market === AT_DEPLOYMENT ? undefined : 'on-demand';
}
