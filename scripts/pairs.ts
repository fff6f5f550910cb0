import { join } from 'node:path';
import ts from 'typescript';
import { type Cloud, CLOUDS } from './clouds';
import { programOf } from './typescript-program';

const ROOT = join(__dirname, '..');

/** A class, or a public field of one, that a prop or a parameter accepts. */
export interface Pair {
  /** Type expression of what is given, for example `DataBucket` or `NonNullable<TrainingCluster['cluster']>`. */
  readonly given: string;
  /** Type expression of what accepts it, for example `NonNullable<GatewayProps['endpoints']>`. */
  readonly accepting: string;
  /** Whether it accepts a list of instances. */
  readonly inList: boolean;
}

/** Finds each pair of exported types that compose, in the sources. The declarations of the package must accept the same pairs. */
export function composingPairs(): Readonly<Record<Cloud, readonly Pair[]>> {
  const files = CLOUDS.map((cloud) => join(ROOT, 'lib', cloud, 'index.ts'));
  const program = programOf(files);
  const checker = program.getTypeChecker();
  const pairs: Partial<Record<Cloud, readonly Pair[]>> = {};
  CLOUDS.forEach((cloud, index) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(files[index]!)!)!;
    pairs[cloud] = pairsOf(checker, checker.getExportsOfModule(module));
  });
  return pairs as Record<Cloud, readonly Pair[]>;
}

/** A prop, a parameter of a method, or a field. */
interface Slot {
  readonly text: string;
  readonly type: ts.Type;
}

function pairsOf(checker: ts.TypeChecker, exports: readonly ts.Symbol[]): Pair[] {
  const symbols = exports.map((symbol) => ({ name: symbol.name, symbol: resolved(checker, symbol) }));
  const classes = symbols.filter(({ symbol }) => symbol.flags & ts.SymbolFlags.Class && !isGeneric(checker, symbol));
  const slots = symbols.flatMap(({ name, symbol }) => [
    ...(symbol.flags & ts.SymbolFlags.Interface ? propsOf(checker, name, symbol) : []),
    ...(symbol.flags & ts.SymbolFlags.Class ? parametersOf(checker, name, symbol) : []),
  ]);
  const given = classes.flatMap(({ name, symbol }) => [
    { text: name, type: checker.getDeclaredTypeOfSymbol(symbol) },
    ...fieldsOf(checker, name, symbol),
  ]);
  return slots.flatMap(({ text, type }) =>
    [false, true].flatMap((inList) => {
      const accepted = acceptedBy(checker, type, inList);
      return given
        .filter((each) => accepted.some((one) => checker.isTypeAssignableTo(each.type, one)))
        .map((each) => ({ given: each.text, accepting: text, inList }));
    }),
  );
}

/** Public fields that hold one object of this library or of a cloud. */
function fieldsOf(checker: ts.TypeChecker, name: string, symbol: ts.Symbol): Slot[] {
  const declaration = symbol.declarations?.find(ts.isClassDeclaration);
  const members: readonly ts.ClassElement[] = declaration?.members ?? [];
  return members.filter(isPublicField).flatMap((field) => {
    const type = checker.getNonNullableType(checker.getTypeAtLocation(field));
    if ((type.flags & ts.TypeFlags.Object) === 0 || !isSpecific(checker, type)) return [];
    return { text: `NonNullable<${name}['${field.name.text}']>`, type };
  });
}

function resolved(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function propsOf(checker: ts.TypeChecker, name: string, symbol: ts.Symbol): Slot[] {
  if (!/(?:Props|Options)$/.test(name)) return [];
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  return checker.getPropertiesOfType(type).map((property) => ({
    text: `NonNullable<${name}['${property.name}']>`,
    type: checker.getNonNullableType(checker.getTypeOfSymbol(property)),
  }));
}

function isGeneric(checker: ts.TypeChecker, symbol: ts.Symbol): boolean {
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  return type.isClassOrInterface() && (type.typeParameters ?? []).length > 0;
}

/** Parameters of public methods without type parameters. The static ones include factories. */
function parametersOf(checker: ts.TypeChecker, name: string, symbol: ts.Symbol): Slot[] {
  const declaration = symbol.declarations?.find(ts.isClassDeclaration);
  const members: readonly ts.ClassElement[] = declaration?.members ?? [];
  return members.filter(isPublicMethod).flatMap((method) => {
    const isStatic = (ts.getCombinedModifierFlags(method) & ts.ModifierFlags.Static) !== 0;
    const type = isStatic ? `typeof ${name}.${method.name.text}` : `${name}['${method.name.text}']`;
    return method.parameters.map((parameter, index) => ({
      text: `NonNullable<Parameters<${type}>[${index}]>`,
      type: checker.getNonNullableType(checker.getTypeAtLocation(parameter)),
    }));
  });
}

function isPublicField(member: ts.ClassElement): member is ts.PropertyDeclaration & { readonly name: ts.Identifier } {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Static;
  return ts.isPropertyDeclaration(member) && isVisible(member, hidden);
}

function isPublicMethod(member: ts.ClassElement): member is ts.MethodDeclaration & { readonly name: ts.Identifier } {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return ts.isMethodDeclaration(member) && member.typeParameters === undefined && isVisible(member, hidden);
}

function isVisible(member: ts.ClassElement, hidden: number): boolean {
  return (
    member.name !== undefined &&
    ts.isIdentifier(member.name) &&
    (ts.getCombinedModifierFlags(member) & hidden) === 0 &&
    !ts.getJSDocTags(member).some(({ tagName }) => tagName.text === 'internal')
  );
}

/** The types of a slot that say something about a class: of this library or a cloud, with a member that is required. */
function acceptedBy(checker: ts.TypeChecker, type: ts.Type, inList: boolean): ts.Type[] {
  const types = type.isUnion() ? type.types : [type];
  const elements = types.flatMap((one) => {
    const element = checker.getIndexTypeOfType(one, ts.IndexKind.Number);
    if (!inList) return element ? [] : [one];
    if (!element || element.flags & ts.TypeFlags.StringLike) return [];
    return element.isUnion() ? element.types : [element];
  });
  return elements.filter((one) => (one.flags & ts.TypeFlags.Object) !== 0 && isSpecific(checker, one));
}

function isSpecific(checker: ts.TypeChecker, type: ts.Type): boolean {
  // Users write options as literals. A class that looks like them does so by chance.
  if (/(?:Props|Options)$/.test(type.symbol?.name ?? '')) return false;
  const file = type.symbol?.declarations?.[0]?.getSourceFile().fileName ?? '';
  // A class of another package accepts its own instances. What looks like one by chance does not compose with it.
  if (file.includes('/node_modules/') && !/^I[A-Z]/.test(type.symbol.name)) return false;
  if (/\/node_modules\/(?:constructs|typescript|@types)\//.test(file)) return false;
  return checker.getPropertiesOfType(type).some(({ flags }) => (flags & ts.SymbolFlags.Optional) === 0);
}
