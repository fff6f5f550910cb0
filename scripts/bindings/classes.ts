/**
 * Writes the classes of a resource, a data source, or a provider from its schema. The classes are tables of fields, which
 * `lib/terraform/bindings` reads, and the TypeScript interfaces of their configuration.
 */
import { camelCase, pascalCase } from '../../lib/terraform/bindings/names';
import type { AttributeSchema, AttributeSchemaType, BlockSchema, NestedBlockSchema } from './schema';

/** Kind of a class. */
export type Kind = 'resource' | 'data' | 'provider';

/** A class to write. */
export interface ClassSource {
  readonly kind: Kind;
  /** Type in Terraform, for example `alicloud_vpc`. */
  readonly type: string;
  /** Name of the class, for example `Vpc`. */
  readonly name: string;
  readonly block: BlockSchema;
  /** Page of the documentation. */
  readonly page: string;
}

/** A field of a class or a block, as TypeScript. */
interface Field {
  /** Property of the configuration. Undefined if users cannot set it. */
  readonly input?: string;
  /** Property that differs from the configuration, because it is computed. */
  readonly output?: string;
  /** Entry in the table of fields. */
  readonly entry: string;
}

interface Interfaces {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly entries: readonly string[];
}

/** Returns the source of a class, without imports. */
export function classText({ kind, type, name, block, page }: ClassSource): string {
  const texts: string[] = [];
  const { inputs, outputs, entries } = fieldsOf(block, name, texts, true);
  const { base, extended, role } = KINDS[kind];
  const members = kind === 'provider' ? `ProviderMembers<${name}Config>` : `Members<${name}Config, ${name}Attributes>`;
  const table = [`{`, ...indented(entries), `}`].join('\n');
  const args = kind === 'provider' ? `SOURCE, ${table}` : `SOURCE, '${type}', ${table}`;
  const attributes = `/** Computed attributes of \`${name}\`. */\n${interfaceText(`${name}Attributes`, outputs)}`;
  return [
    ...texts,
    `/** Configuration of \`${name}\`. */\n${interfaceText(`${name}Config${extended}`, inputs)}`,
    ...(kind === 'provider' ? [] : [attributes]),
    `/**\n * The ${role} \`${type}\`.\n *\n * @see ${page}\n */\nexport class ${name} extends ${base}<${name}Config>(${args}) {}`,
    `export interface ${name} extends ${members} {}`,
  ].join('\n\n');
}

const KINDS = {
  resource: { base: 'resourceClass', extended: ' extends TerraformMetaArguments', role: 'resource' },
  data: { base: 'dataSourceClass', extended: ' extends TerraformMetaArguments', role: 'data source' },
  provider: { base: 'providerClass', extended: '', role: 'provider' },
} as const;

function interfaceText(name: string, members: readonly string[]): string {
  return members.length === 0
    ? name.includes(' extends ')
      ? `export type ${name.replace(' extends ', ' = ')};`
      : `export type ${name} = object;`
    : [`export interface ${name} {`, ...indented(members), '}'].join('\n');
}

function indented(lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split('\n').map((each) => `  ${each}`));
}

function fieldsOf(block: BlockSchema, owner: string, texts: string[], isTop = false): Interfaces {
  const attributes = Object.entries(block.attributes ?? {}).map(([name, schema]) =>
    attributeField(name, isTop && name === 'id' ? { ...schema, optional: false } : schema, owner, texts),
  );
  const blocks = Object.entries(block.block_types ?? {}).map(([name, schema]) =>
    blockField(name, schema, owner, texts),
  );
  const fields = [...attributes, ...blocks];
  return {
    inputs: fields.flatMap(({ input }) => input ?? []),
    outputs: fields.flatMap(({ output }) => output ?? []),
    entries: fields.map(({ entry }) => entry),
  };
}

function attributeField(name: string, schema: AttributeSchema, owner: string, texts: string[]): Field {
  const isInput = schema.required === true || schema.optional === true;
  const objectFields = objectsIn(schema.type);
  if (objectFields) return objectField(name, schema, objectFields, owner, texts);
  const type = terraformType(schema.type);
  const camel = camelCase(name);
  if (!isInput) {
    return { output: `readonly ${camel}: ${outputType(type)};`, entry: `${name}: 'computed ${type}',` };
  }
  const property = `readonly ${camel}${schema.required ? '' : '?'}: ${inputType(type)};`;
  return { input: withDocs(schema.deprecated === true, property), entry: `${name}: '${type}',` };
}

function withDocs(isDeprecated: boolean, property: string): string {
  return isDeprecated ? `/** @deprecated */\n${property}` : property;
}

/** A list or set of objects, which is an attribute in Terraform. */
function objectField(
  name: string,
  { optional, required, deprecated }: AttributeSchema,
  types: Readonly<Record<string, AttributeSchemaType>>,
  owner: string,
  texts: string[],
): Field {
  const isInput = required === true || optional === true;
  const attributes = Object.fromEntries(
    Object.entries(types).map(([key, type]) => [
      key,
      isInput ? { type, optional: true as const } : { type, computed: true as const },
    ]),
  );
  const struct = `${owner}${pascalCase(name)}`;
  const { inputs, outputs, entries } = fieldsOf({ attributes }, struct, texts);
  const camel = camelCase(name);
  const entry = `${name}: ${isInput ? 'objects' : 'computedObjects'}(${table(entries)}),`;
  if (!isInput) {
    texts.push(interfaceText(`${struct}Attributes`, outputs));
    return { output: `readonly ${camel}: BlockListReference<object, ${struct}Attributes>;`, entry };
  }
  texts.push(interfaceText(struct, inputs));
  const property = `readonly ${camel}${required ? '' : '?'}: readonly ${struct}[] | IResolvable;`;
  return { input: withDocs(deprecated === true, property), entry };
}

function blockField(name: string, schema: NestedBlockSchema, owner: string, texts: string[]): Field {
  const struct = `${owner}${pascalCase(name)}`;
  const { inputs, outputs, entries } = fieldsOf(schema.block, struct, texts);
  const isOne = schema.nesting_mode === 'single' || schema.max_items === 1;
  texts.push(interfaceText(struct, inputs));
  if (outputs.length > 0) texts.push(interfaceText(`${struct}Attributes`, outputs));
  const camel = camelCase(name);
  const optional = (schema.min_items ?? 0) > 0 ? '' : '?';
  const reference = isOne ? 'BlockReference' : 'BlockListReference';
  return {
    input: `readonly ${camel}${optional}: ${isOne ? struct : `readonly ${struct}[] | IResolvable`};`,
    ...(outputs.length > 0 && { output: `readonly ${camel}: ${reference}<${struct}, ${struct}Attributes>;` }),
    entry: `${name}: ${builderOf(schema, isOne)}(${table(entries)}),`,
  };
}

function builderOf({ nesting_mode: nesting }: NestedBlockSchema, isOne: boolean): string {
  switch (nesting) {
    case 'single':
      return 'singleBlock';
    case 'list':
      return isOne ? 'block' : 'blocks';
    case 'set':
      return isOne ? 'blockInSet' : 'blockSet';
  }
}

function table(entries: readonly string[]): string {
  return entries.length === 0 ? '{}' : ['{', ...indented(entries), '}'].join('\n');
}

/** The fields of the objects of a list or set. */
function objectsIn(type: AttributeSchemaType): Readonly<Record<string, AttributeSchemaType>> | undefined {
  if (typeof type === 'string' || type[0] === 'map' || type[0] === 'object') return undefined;
  const [, item] = type;
  return typeof item === 'object' && item[0] === 'object' ? item[1] : undefined;
}

/** Writes a type, for example `list(string)`. */
function terraformType(type: AttributeSchemaType): string {
  if (typeof type === 'string') return type;
  if (type[0] === 'object') return 'any';
  const item = terraformType(type[1]);
  return `${type[0]}(${item})`;
}

function inputType(type: string): string {
  const [, collection, item = ''] = /^(list|set|map)\((.*)\)$/.exec(type) ?? [];
  if (collection === 'map') return `Readonly<Record<string, ${PRIMITIVES[item] ?? 'unknown'}>>`;
  if (collection) return `readonly ${PRIMITIVES[item] ?? 'unknown'}[]`;
  return PRIMITIVES[type] ?? 'unknown';
}

function outputType(type: string): string {
  const [, collection, item = ''] = /^(list|set|map)\((.*)\)$/.exec(type) ?? [];
  if (collection === 'map') return MAPS[item] ?? 'AnyMap';
  if (collection && !(item in OUTPUTS)) return 'IResolvable';
  return collection ? `${OUTPUTS[item]!}[]` : (OUTPUTS[type] ?? 'IResolvable');
}

const PRIMITIVES: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  bool: 'boolean | IResolvable',
};
const OUTPUTS: Readonly<Record<string, string>> = { string: 'string', number: 'number', bool: 'IResolvable' };
const MAPS: Readonly<Record<string, string>> = { string: 'StringMap', number: 'NumberMap', bool: 'BooleanMap' };
