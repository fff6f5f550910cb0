import { join } from 'node:path';
import ts from 'typescript';
import { type Layer, layerOf, plainName, schemaName, type Sources, visibleLayers } from './sources';
import { factoriesOf } from './factories';

/** Where an expression is written, and what it can use. */
export interface Context {
  readonly sources: Sources;
  readonly layer: Layer;
  /** Records that the expression uses an export of a module. */
  readonly imported: (module: string, name: string) => void;
  /** Records that the expression uses the generated schema of a type, which a layer declares. */
  readonly needs: (schema: string, layer: Layer) => void;
  /** The prop, for error messages. */
  readonly where: string;
  /** Records a type that has no schema. */
  readonly report: (fault: string) => void;
}

const TAG = 'schema';

/** Returns the expression of the type of a prop, for example `required(STRING)`. */
export function expressionOf(context: Context, prop: ts.Symbol): string {
  const { checker } = context.sources;
  const type = checker.getTypeOfSymbol(prop);
  // Without `null`, `unknown` would be `{}`.
  const present = type.flags & ts.TypeFlags.Unknown ? type : checker.getNonNullableType(type);
  const isOptional = (prop.flags & ts.SymbolFlags.Optional) !== 0 || present !== type;
  const expression = tagged(context, prop) ?? ofType(context, present);
  // Another rule checks such a prop, also if it is missing.
  const isUnchecked = expression === 'ANY';
  return isOptional || isUnchecked ? expression : core(context, 'required', `(${expression})`);
}

/** Returns the hand-written type that the `@schema` tag of a prop names. */
function tagged(context: Context, prop: ts.Symbol): string | undefined {
  const tag = prop.getJsDocTags().find(({ name }) => name === TAG);
  if (!tag) return undefined;
  const name = ts.displayPartsToString(tag.text).trim();
  const expression = handWritten(context, name);
  if (expression === undefined) context.report(`${context.where}: no prop-types.ts exports ${name}.`);
  return expression;
}

function ofType(context: Context, type: ts.Type): string {
  const { checker } = context.sources;
  const named = namedType(context, type);
  if (named !== undefined) return named;
  const { flags } = type;
  if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown) || flags & ts.TypeFlags.NonPrimitive)
    return core(context, 'ANY');
  if (flags & ts.TypeFlags.BooleanLike) return core(context, 'BOOLEAN');
  if (flags & ts.TypeFlags.String || flags & ts.TypeFlags.TemplateLiteral) return core(context, 'STRING');
  if (flags & ts.TypeFlags.Number) return core(context, 'NUMBER');
  const values = literalsOf(type);
  if (values) return core(context, 'oneOf', `([${values.map((value) => JSON.stringify(value)).join(', ')}])`);
  if (type.isUnion()) return ofUnion(context, type);
  if (checker.isArrayType(type) || checker.isTupleType(type)) {
    const [item] = checker.getTypeArguments(type as ts.TypeReference);
    return core(context, 'listOf', `(${ofType(context, item!)})`);
  }
  if (type.getCallSignatures().length > 0) return core(context, 'FUNCTION');
  const entry = checker.getIndexTypeOfType(type, ts.IndexKind.String);
  if (entry && checker.getPropertiesOfType(type).length === 0) {
    if (entry.flags & ts.TypeFlags.String) return core(context, 'recordOf', `(${core(context, 'STRING_OR_EMPTY')})`);
    return core(context, 'recordOf', `(${ofType(context, entry)})`);
  }
  return ofObject(context, type);
}

/** Returns the values of an enum or of a union of literals. */
function literalsOf(type: ts.Type): readonly (string | number)[] | undefined {
  const members = type.isUnion() ? type.types : [type];
  const isLiteral = (one: ts.Type): one is ts.LiteralType => one.isStringLiteral() || one.isNumberLiteral();
  return members.every(isLiteral) ? members.map(({ value }) => value as string | number) : undefined;
}

/** Literals of a union are one type. The others are one type each. */
function ofUnion(context: Context, { types }: ts.UnionType): string {
  if (types.every(({ flags }) => flags & ts.TypeFlags.BooleanLike)) return core(context, 'BOOLEAN');
  const rest = types.filter(({ flags }) => !(flags & ts.TypeFlags.BooleanLike));
  const members = rest.map((type) => ofType(context, type));
  if (rest.length < types.length) members.unshift(core(context, 'BOOLEAN'));
  return core(context, 'anyOf', `(${[...new Set(members)].join(', ')})`);
}

/** Returns a type by its name: written by hand, or generated for an enum, a class or an interface of the library. */
function namedType(context: Context, type: ts.Type): string | undefined {
  const symbol = type.aliasSymbol ?? type.getSymbol();
  if (!symbol || symbol.name.startsWith('__')) return undefined;
  const own = handWritten(context, schemaName(symbol.name));
  if (own !== undefined) return own;
  if (symbol.name === 'Date') return core(context, 'DATE');
  const kind = kindOf(context.sources, symbol);
  // Two types of one name have no name of their own: the values are written out.
  if (kind === 'enum' && isAmbiguous(context, symbol.name)) return undefined;
  if (kind === 'object') return ofNamedObject(context, type, symbol);
  if (kind !== undefined) {
    // A class `NameBase` is public as `Name`, which adds static members.
    const name = schemaName(kind === 'class' ? symbol.name.replace(/Base$/, '') : symbol.name);
    context.needs(name, declaringLayer(context.sources, symbol));
    return name;
  }
  if (!isForeign(context.sources, type)) return undefined;
  const name = schemaName(symbol.name);
  context.report(`${context.where}: ${symbol.name} is a type of another package. Export ${name} from prop-types.ts.`);
  return core(context, 'ANY');
}

function isAmbiguous({ sources, layer }: Context, name: string): boolean {
  const found = visibleLayers(sources, layer).flatMap((one) => sources.declared.get(one)?.get(schemaName(name)) ?? []);
  return found.length > 1;
}

/** An enum, a class, or an interface with methods gets a prop type. An object of data gets a schema. */
export type Kind = 'enum' | 'class' | 'interface' | 'object';

/** Returns what a symbol of the library is, or nothing for a union, a list or a type of another package. */
export function kindOf({ checker, root }: Sources, symbol: ts.Symbol): Kind | undefined {
  const real = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const declaration = real.declarations?.[0];
  if (!declaration || layerOf(root, declaration.getSourceFile().fileName) === undefined) return undefined;
  if (real.flags & ts.SymbolFlags.Enum) return 'enum';
  if (real.flags & ts.SymbolFlags.Class) return 'class';
  const type = checker.getDeclaredTypeOfSymbol(real);
  if (real.flags & ts.SymbolFlags.TypeAlias && (type.getSymbol()?.flags ?? 0) & ts.SymbolFlags.Class) return 'class';
  if (/^I[A-Z][a-z]/.test(real.name)) return 'interface';
  if (real.flags & ts.SymbolFlags.TypeAlias && literalsOf(type)) return 'enum';
  if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) || checker.isArrayLikeType(type))
    return undefined;
  const props = checker.getPropertiesOfType(type);
  if (props.length === 0 || type.getCallSignatures().length > 0) return undefined;
  const isMethod = (prop: ts.Symbol) =>
    checker.getNonNullableType(checker.getTypeOfSymbol(prop)).getCallSignatures().length > 0;
  return real.flags & ts.SymbolFlags.Interface && props.some(isMethod) ? 'interface' : 'object';
}

/** The layer of a symbol of the library. */
function declaringLayer({ checker, root }: Sources, symbol: ts.Symbol): Layer {
  const real = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return layerOf(root, real.declarations![0]!.getSourceFile().fileName)!;
}

/** Whether a type is a class or an interface of another package. */
function isForeign({ root }: Sources, type: ts.Type): boolean {
  const target = type.getSymbol();
  if (!target || !(target.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface))) return false;
  if (/^(Readonly)?(Array|Map|Set)$/.test(target.name)) return false;
  return layerOf(root, target.declarations?.[0]?.getSourceFile().fileName ?? '') === undefined;
}

/** Returns the definition of the prop type of an enum, a class or an interface. */
export function definitionOf(context: Context, symbol: ts.Symbol, kind: Exclude<Kind, 'object'>): string {
  const { checker, branded } = context.sources;
  const real = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const type = checker.getDeclaredTypeOfSymbol(real);
  if (kind === 'enum') {
    const values = literalsOf(type) ?? [];
    return core(context, 'oneOf', `([${values.map((value) => JSON.stringify(value)).join(', ')}])`);
  }
  const plain = plainName(symbol.name);
  const allowed = `${article(symbol.name)} ${symbol.name}`;
  const fix = factoriesOf(context.sources, real, plain);
  if (kind === 'class') {
    const name = `${context.layer}.${plain}`;
    if (!branded.get(context.layer)?.has(plain))
      context.report(`Add brand(${plain}, '${name}') below the class ${plain}.`);
    return core(context, 'instanceOf', `('${name}', '${allowed}', ${fix})`);
  }
  return membersOf(context, type, allowed, fix);
}

/** An object with the required members of a class or an interface. */
function membersOf(context: Context, type: ts.Type, allowed: string, fix: string): string {
  const { checker } = context.sources;
  const members = checker
    .getPropertiesOfType(type)
    .filter((prop) => !(prop.flags & ts.SymbolFlags.Optional) && isPublic(prop) && !isOfConstruct(prop))
    .map((prop) => `${keyOf(prop.name)}: '${memberKind(checker, prop)}'`);
  return core(context, 'withMembers', `('${allowed}', { ${members.join(', ')} }, ${fix})`);
}

/** Whether a member belongs to every construct: other versions of `constructs` can have other ones. */
function isOfConstruct(prop: ts.Symbol): boolean {
  return prop.declarations?.[0]?.getSourceFile().fileName.includes('/node_modules/constructs/') ?? false;
}

function isPublic(prop: ts.Symbol): boolean {
  const declaration = prop.declarations?.[0];
  const flags = declaration ? ts.getCombinedModifierFlags(declaration) : 0;
  const isInternal = prop.getJsDocTags().some(({ name }) => name === 'internal');
  return !isInternal && !(flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected));
}

function memberKind(checker: ts.TypeChecker, prop: ts.Symbol): string {
  const type = checker.getTypeOfSymbol(prop);
  if (type.getCallSignatures().length > 0) return 'function';
  if (type.flags & ts.TypeFlags.StringLike) return 'string';
  if (type.flags & ts.TypeFlags.NumberLike) return 'number';
  if (type.flags & ts.TypeFlags.BooleanLike) return 'boolean';
  return 'object';
}

function ofNamedObject(context: Context, type: ts.Type, symbol: ts.Symbol): string {
  const schema = schemaName(symbol.name);
  context.needs(schema, declaringLayer(context.sources, symbol));
  return core(context, 'objectOf', `(() => ${schema}, '${shapeText(context, type)}')`);
}

/** An object without a name of its own, for example `Omit<A, 'b'>`. */
function ofObject(context: Context, type: ts.Type): string {
  const { checker } = context.sources;
  const rows = checker
    .getPropertiesOfType(type)
    .map(
      (prop) => `${keyOf(prop.name)}: ${expressionOf({ ...context, where: `${context.where}.${prop.name}` }, prop)}`,
    );
  if (rows.length === 0) return core(context, 'RECORD');
  return core(context, 'objectOf', `(() => ({ ${rows.join(', ')} }), '${shapeText(context, type)}')`);
}

const SHOWN = 4;

/** Text for an object: its required props, or the first of its optional ones. */
function shapeText({ sources }: Context, type: ts.Type): string {
  const props = sources.checker.getPropertiesOfType(type);
  const required = props.filter(({ flags }) => !(flags & ts.SymbolFlags.Optional));
  const shown = (required.length > 0 ? required : props).map(({ name }) => name);
  return `an object { ${shown.slice(0, SHOWN).join(', ')}${shown.length > SHOWN ? ', …' : ''} }`;
}

function handWritten(context: Context, name: string): string | undefined {
  for (const layer of visibleLayers(context.sources, context.layer)) {
    const module = context.sources.handWritten.get(layer)?.get(name);
    if (module === undefined) continue;
    context.imported(module, name);
    return name;
  }
  return undefined;
}

/** Uses an export of `lib/core/prop-schema.ts`. */
function core(context: Context, name: string, rest = ''): string {
  context.imported(join(context.sources.root, 'lib/core/prop-schema.ts'), name);
  return name + rest;
}

/** The name of a prop, as the key of an object literal. */
export function keyOf(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`;
}

function article(noun: string): string {
  return /^[AEIOaeio]/.test(noun) ? 'an' : 'a';
}
