import type { IConstruct } from 'constructs';
import { demand, FLAG, listOf, RECORD, TEXT } from '../core/shapes';
import type { Sections, StackArchitecture } from './architecture';
import { CLOUDFORMATION_READERS } from './cloudformation/readers';
import { costOf, type PriceOptions } from './cost';
import { byText, countsOf } from './json';
import { stacksOf, type SynthesizedStack } from './source';
import { TERRAFORM_READERS } from './terraform/readers';
import { stackText } from './text';
import type { Readers } from './view';

/** What an architecture can be read from. */
export type ArchitectureSource =
  /** A stack, a stage or an app of the AWS CDK, or of CDK for Terraform. */
  | IConstruct
  /** A CloudFormation template, Terraform configuration, or something whose `toJSON` gives one, as `Template` of the CDK's assertions. */
  | object
  /** The path of a template, of a cloud assembly or of an output folder; or a template or configuration as JSON. */
  | string;

/** How an architecture is described. */
export interface ArchitectureOptions extends PriceOptions {
  /** Whether it tells what the machines cost. A release of this library may bring newer prices. @default true */
  readonly cost?: boolean;
}

const MARK = Symbol.for('ai-infra-constructs.Architecture');

/** What an app deploys, in terms of architecture: small, stable and readable. As a text, it is fit for a snapshot. */
export class Architecture {
  /** Whether a value is an `Architecture`, whichever copy of the package made it. */
  static isArchitecture(value: unknown): value is Architecture {
    return typeof value === 'object' && value !== null && MARK in value;
  }

  /** @param stacks in the order of their names */
  constructor(public readonly stacks: readonly StackArchitecture[]) {
    Object.defineProperty(this, MARK, { value: true });
  }

  /** A text with a line for each fact, in an order that no hash decides. */
  toString(): string {
    return this.stacks.map(stackText).join('\n\n---\n\n');
  }
}

/**
 * Describes what a stack, or each stack of an app, deploys: machines, interfaces, storage, endpoints, what is open to the internet,
 * encryption, scaling, and what the machines cost. Asset hashes, tokens, logical ids, accounts and regions play no part in it.
 *
 * Works on any app, with or without constructs of this library. An app that cannot be synthesized throws its own error.
 */
export function architectureOf(source: ArchitectureSource, options: ArchitectureOptions = {}): Architecture {
  demand<ArchitectureOptions>(options, OPTIONS, { name: 'options' });
  const stacks = stacksOf(source).map((stack) => described(stack, options));
  return new Architecture(stacks.sort((a, b) => byText(a.name, b.name)));
}

const OPTIONS = { cost: FLAG, priceRegion: TEXT, prices: listOf(RECORD) };

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

/** By name, then by all that is told: the order in which a template has them says nothing. */
function sorted<T extends { readonly name: string }>(parts: readonly T[]): readonly T[] {
  return [...parts].sort((a, b) => byText(a.name, b.name) || byText(JSON.stringify(a), JSON.stringify(b)));
}
