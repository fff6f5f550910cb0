import { Fn, Token } from 'cdktf';
import { textParts, withoutTemplates } from '../../terraform/plain-text';

/** A policy expression, which API Management runs for each request. Only this library creates expressions. Values from users never become code. */
export class PolicyExpression {
  /** @param code C# without `<` and `&`, which XML must escape, and without single quotes, which end an attribute */
  constructor(public readonly code: string) {}
}

/** A value in a policy. Strings are escaped, and expressions are not. */
export type PolicyValue = string | number | boolean | PolicyExpression;

/** An element of a policy document. */
export interface PolicyElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, PolicyValue | undefined>>;
  readonly content: readonly PolicyElement[] | PolicyValue;
}

/** Creates an element with child elements or one value. Attributes without a value are left out. */
export function element(
  name: string,
  attributes: PolicyElement['attributes'] = {},
  content: PolicyElement['content'] = [],
): PolicyElement {
  return { name, attributes, content };
}

/** Sections of a policy document. Sections that are left out inherit. */
export interface PolicyParts {
  readonly inbound: readonly PolicyElement[];
  readonly backend?: readonly PolicyElement[];
  readonly outbound?: readonly PolicyElement[];
}

/** The policies of wider scopes. */
export const INHERITED = element('base');

/**
 * Renders a policy document as XML.
 *
 * API Management reads documents as XML, or in its own dialect in which code needs no escapes. The result means the same in both.
 *
 * @see https://learn.microsoft.com/en-us/azure/api-management/api-management-howto-policies
 */
export function policyDocument({ inbound, backend = [INHERITED], outbound = [INHERITED] }: PolicyParts): string {
  const parts = [
    element('inbound', {}, inbound),
    element('backend', {}, backend),
    element('outbound', {}, outbound),
    element('on-error', {}, [INHERITED]),
  ];
  return `${rendered(element('policies', {}, parts), '')}\n`;
}

const INDENT = '  ';

function rendered({ name, attributes, content }: PolicyElement, indent: string): string {
  const begin = `${indent}<${name}${attributesOf(attributes)}`;
  if (!Array.isArray(content)) return `${begin}>${text(content as PolicyValue)}</${name}>`;
  const inner = (content as readonly PolicyElement[]).map((one) => rendered(one, indent + INDENT));
  return inner.length === 0 ? `${begin} />` : [`${begin}>`, ...inner, `${indent}</${name}>`].join('\n');
}

function attributesOf(attributes: PolicyElement['attributes']): string {
  return Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${quoted(value!)}`)
    .join('');
}

/** Code contains the double quotes of C#, so single quotes delimit it. */
function quoted(value: PolicyValue): string {
  return value instanceof PolicyExpression ? `'@(${value.code})'` : `"${text(value)}"`;
}

function text(value: PolicyValue): string {
  if (value instanceof PolicyExpression) return `@(${value.code})`;
  if (typeof value === 'string') return Token.isUnresolved(value) ? escapedLater(value) : escapedNow(value);
  return Token.isUnresolved(value) ? Token.asString(value) : String(value);
}

/** `&` is first, because the other entities contain it. */
const ENTITIES = [
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
] as const;

/** Terraform also evaluates the document: escapes `${` and `%{`. */
function escapedNow(value: string): string {
  return withoutTemplates(ENTITIES.reduce((done, [sign, entity]) => done.replaceAll(sign, entity), value));
}

/** Terraform escapes values that are known only at deployment. */
function escapedLater(value: string): string {
  return textParts(value)
    .map((part) => (part.isToken ? escapedByTerraform(part.text) : escapedNow(part.text)))
    .join('');
}

function escapedByTerraform(token: string): string {
  return ENTITIES.reduce<string>((done, [sign, entity]) => Fn.replace(done, Fn.rawString(sign), entity), token);
}
