import { join, relative } from 'node:path';
import ts from 'typescript';
import { type Cloud, CLOUDS, rowOf } from './clouds';
import { programOf } from './typescript-program';

const ROOT = join(__dirname, '..');

/** A member of a props interface, inherited ones included. */
export interface Prop {
  readonly name: string;
  readonly isOptional: boolean;
  /** Type without units and names of clouds, for example `number`, `duration`, `list of string` or `Capacity`. */
  readonly kind: string;
}

/** The `@example` of a docstring. */
export interface Example {
  /** File, from the root of the repository, and the line of the first line of code. */
  readonly file: string;
  readonly line: number;
  readonly code: string;
}

export interface PublicConstruct {
  readonly name: string;
  /** File and line of the declaration. */
  readonly file: string;
  readonly examples: readonly Example[];
  /** False for the parts of other constructs, and for base classes: only their types are public. */
  readonly isCreatedByUsers: boolean;
}

/** What an entry point exports. */
export interface PublicApi {
  /** Props and options by the name of their interface. */
  readonly interfaces: ReadonlyMap<string, readonly Prop[]>;
  readonly constructs: readonly PublicConstruct[];
}

/** Reads the public API of each cloud from the sources. */
export function publicApi(): Readonly<Record<Cloud, PublicApi>> {
  const files = CLOUDS.map((cloud) => join(ROOT, 'lib', cloud, 'index.ts'));
  const program = programOf(files);
  const checker = program.getTypeChecker();
  const entries = CLOUDS.map((cloud, index) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(files[index]!)!)!;
    return [cloud, apiOf(checker, checker.getExportsOfModule(module))] as const;
  });
  return Object.fromEntries(entries) as Record<Cloud, PublicApi>;
}

function apiOf(checker: ts.TypeChecker, exports: readonly ts.Symbol[]): PublicApi {
  const interfaces = new Map<string, readonly Prop[]>();
  const constructs: PublicConstruct[] = [];
  for (const exported of exports) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const declaration = symbol.declarations?.[0];
    if (!declaration) continue;
    if (ts.isClassDeclaration(declaration)) {
      if (!isConstruct(checker, checker.getDeclaredTypeOfSymbol(symbol))) continue;
      const examples = examplesOf(declaration);
      const isCreated = isCreatedByUsers(exported, declaration);
      constructs.push({ name: exported.name, file: placeOf(declaration), examples, isCreatedByUsers: isCreated });
      const props = propsOfConstructor(checker, declaration);
      if (props) interfaces.set(`${exported.name}Props`, propsOf(checker, props));
    } else if (/(?:Props|Options|Attributes)$/.test(exported.name)) {
      interfaces.set(exported.name, propsOf(checker, checker.getDeclaredTypeOfSymbol(symbol)));
    }
  }
  return { interfaces, constructs };
}

function isCreatedByUsers(exported: ts.Symbol, declaration: ts.ClassDeclaration): boolean {
  const isType = exported.declarations?.some((each) => ts.isTypeOnlyImportOrExportDeclaration(each)) ?? false;
  return !isType && !(ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Abstract);
}

function isConstruct(checker: ts.TypeChecker, type: ts.Type): boolean {
  return (
    type.symbol?.name === 'Construct' ||
    (type.isClassOrInterface() && checker.getBaseTypes(type).some((base) => isConstruct(checker, base)))
  );
}

function placeOf(declaration: ts.Declaration): string {
  const source = declaration.getSourceFile();
  return `${relative(ROOT, source.fileName)}:${source.getLineAndCharacterOfPosition(declaration.getStart()).line + 1}`;
}

/** Returns the type of the third parameter of a public constructor `(scope, id, props)`. */
function propsOfConstructor(checker: ts.TypeChecker, declaration: ts.ClassDeclaration): ts.Type | undefined {
  const constructor = declaration.members.find(ts.isConstructorDeclaration);
  if (!constructor) return undefined;
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  const isInternal = ts.getJSDocTags(constructor).some(({ tagName }) => tagName.text === 'internal');
  if (isInternal || ts.getCombinedModifierFlags(constructor) & hidden) return undefined;
  const parameter = constructor.parameters[2];
  return parameter && checker.getNonNullableType(checker.getTypeAtLocation(parameter));
}

function propsOf(checker: ts.TypeChecker, type: ts.Type): Prop[] {
  return checker.getPropertiesOfType(type).map((property) => {
    const declared = checker.getNonNullableType(checker.getTypeOfSymbol(property));
    return {
      name: property.name,
      isOptional: (property.flags & ts.SymbolFlags.Optional) !== 0,
      kind: unitOf(property.name, kindOf(checker, declared)),
    };
  });
}

const DURATION = /(?:Milliseconds|Seconds|Minutes|Hours|Days)$/;
const SIZE = /(?:[KMGT]iB|[KMGT]B)$/;

/** Strips the unit from the name of a prop. */
export function withoutUnit(name: string): string {
  return name.replace(DURATION, '').replace(SIZE, '') || name;
}

function unitOf(name: string, kind: string): string {
  if (kind !== 'number') return kind;
  if (DURATION.test(name)) return 'duration';
  return SIZE.test(name) ? 'size' : kind;
}

/** The type of a package, which has no counterpart on other clouds. */
export const NATIVE = 'native';

function kindOf(checker: ts.TypeChecker, type: ts.Type): string {
  if (type.flags & ts.TypeFlags.BooleanLike) return 'boolean';
  if (type.flags & ts.TypeFlags.EnumLike) return nameOf(type);
  if (type.flags & ts.TypeFlags.StringLike) return 'string';
  if (type.flags & ts.TypeFlags.NumberLike) return 'number';
  if (type.isUnion()) {
    const kinds = [...new Set(type.types.map((each) => kindOf(checker, each)))].sort();
    return type.aliasSymbol && kinds.length > 1 ? nameOf(type) : kinds.join(' or ');
  }
  const element = checker.getIndexTypeOfType(type, ts.IndexKind.Number);
  if (element) return `list of ${kindOf(checker, element)}`;
  const value = checker.getIndexTypeOfType(type, ts.IndexKind.String);
  if (value) return `map of ${kindOf(checker, value)}`;
  return nameOf(type);
}

const PREFIXES = new RegExp(`^(I?)(?:${CLOUDS.flatMap((cloud) => rowOf(cloud).prefixes).join('|')})`);

function nameOf(type: ts.Type): string {
  const symbol = type.aliasSymbol ?? type.symbol;
  const file = symbol?.declarations?.[0]?.getSourceFile().fileName ?? '';
  if (!file.includes('/node_modules/')) return (symbol?.name ?? 'object').replace(PREFIXES, '$1');
  if (symbol?.name === 'Duration') return 'duration';
  return symbol?.name === 'Size' ? 'size' : NATIVE;
}

/** Reads the fenced TypeScript of `@example` tags. */
export function examplesOf(declaration: ts.Declaration): Example[] {
  const source = declaration.getSourceFile();
  return ts
    .getJSDocTags(declaration)
    .filter(({ tagName }) => tagName.text === 'example')
    .flatMap((tag) => {
      const text = source.text.slice(tag.pos, tag.end);
      const [block, code] = /```ts[^\n]*\n([^]*?)^[ \t]*\*[ \t]*```/m.exec(text) ?? [];
      if (block === undefined) return [];
      const start = tag.pos + text.indexOf(block);
      return [
        {
          file: relative(ROOT, source.fileName),
          line: source.getLineAndCharacterOfPosition(start).line + 2,
          code: code!.replace(/^[ \t]*\*[ ]?/gm, ''),
        },
      ];
    });
}
