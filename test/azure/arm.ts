import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { outsideFolder } from '../outside-folder';
import type { Json } from './support';

const { path: folder, test: armTest } = outsideFolder({
  variable: 'AI_INFRA_ARM_SCHEMAS',
  folder: '.schemas/arm',
  command: 'npm run schemas',
  checks: 'checks of request bodies against the Azure API',
});

/** A test that needs the schemas of the Azure API. */
export { armTest };

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly oneOf?: readonly Schema[];
  readonly 'x-discriminator'?: string;
  readonly 'x-known'?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
}

/** Whether there is a schema for a type, for example `Microsoft.App/managedEnvironments@2026-01-01`. */
export function isDescribed(type: string): boolean {
  return folder !== undefined && readdirSync(folder).includes(fileOf(type));
}

/** Schema violations of a synthesized `azapi_resource`. Terraform expressions match any string. */
export function faultsOf({ type, body, name, location, tags, identity }: Json): string[] {
  const { body: schema } = JSON.parse(readFileSync(join(folder!, fileOf(type as string)), 'utf8')) as { body: Schema };
  // The provider adds these to the body.
  const own = Object.fromEntries(
    Object.entries({ name, location, tags, identity: identity && { type: identity[0].type } }).filter(
      ([key, value]) => value !== undefined && schema.properties?.[key] !== undefined,
    ),
  );
  return faults(schema, { ...own, ...body }, '');
}

function fileOf(type: string): string {
  return `${type.replaceAll('/', '_')}.json`;
}

function faults(schema: Schema, value: Json, path: string): string[] {
  if (typeof value === 'string' && value.includes('${')) return [];
  if (Array.isArray(value)) {
    if (schema.type !== 'array') return [`${path}: a list, where ${String(schema.type)} is taken`];
    const many = schema.maxItems !== undefined && value.length > schema.maxItems ? [`${path}: too many`] : [];
    return [...many, ...value.flatMap((item, index) => faults(schema.items ?? {}, item, `${path}[${index}]`))];
  }
  if (typeof value === 'object' && value !== null) return faultsOfObject(schema, value as Record<string, Json>, path);
  return faultsOfValue(schema, value, path);
}

/** The variant of an object by its discriminator, merged with the shared properties. */
function variantOf(schema: Schema, value: Record<string, Json>): Schema {
  const key = schema['x-discriminator'];
  if (key === undefined || !schema.oneOf) return schema;
  const variant = schema.oneOf.find(({ properties }) => properties?.[key]?.const === value[key]);
  const properties = { [key]: { enum: schema.oneOf.map((one) => one.properties?.[key]?.const) }, ...schema.properties };
  if (!variant) return { ...schema, properties, required: [key] };
  const required = [...(schema.required ?? []), ...(variant.required ?? [])];
  return { ...variant, properties: { ...properties, ...variant.properties }, required };
}

function faultsOfObject(given: Schema, value: Record<string, Json>, path: string): string[] {
  const schema = variantOf(given, value);
  const { properties = {}, additionalProperties, required = [] } = schema;
  const missing = required.filter((key) => !(key in value)).map((key) => `${path}.${key}: missing`);
  const inner = Object.entries(value).flatMap(([key, one]) => {
    const own = properties[key] ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
    if (own) return faults(own, one, `${path}.${key}`);
    return additionalProperties === false || schema.type !== 'object' ? [`${path}.${key}: unknown`] : [];
  });
  return [...missing, ...inner];
}

function faultsOfValue(schema: Schema, value: unknown, path: string): string[] {
  const known = schema.enum ?? (schema.const === undefined ? schema['x-known'] : [schema.const]);
  if (known && !known.includes(value)) return [`${path}: '${String(value)}' is not one of ${known.join(', ')}`];
  const type = typeof value === 'number' ? ['integer', 'number'] : [typeof value];
  if (schema.type !== undefined && !type.includes(schema.type)) return [`${path}: no ${schema.type}`];
  if (typeof value === 'string' && schema.pattern && !new RegExp(schema.pattern).test(value))
    return [`${path}: '${value}' does not match ${schema.pattern}`];
  const low = typeof value === 'number' && schema.minimum !== undefined && value < schema.minimum;
  const high = typeof value === 'number' && schema.maximum !== undefined && value > schema.maximum;
  return low || high ? [`${path}: ${String(value)} is out of range`] : [];
}
