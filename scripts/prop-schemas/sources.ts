import { join, relative, sep } from 'node:path';
import ts from 'typescript';

/** Name of the generated file of a layer, without its extension. */
export const SCHEMA_MODULE = 'prop-schemas';
/** Names of the modules with types that are written by hand: types of other packages, and types with rules of their own. */
const TYPE_MODULES = new Set(['prop-types', 'prop-schema']);

/** A folder of `lib/`. */
export type Layer = string;

/** The sources that the schemas come from. */
export interface Sources {
  readonly root: string;
  readonly layers: Layers;
  readonly checker: ts.TypeChecker;
  /** Exported types by layer and by the name of their schema, for example `EFA_NODE_GROUP_PROPS`. */
  readonly declared: ReadonlyMap<Layer, ReadonlyMap<string, readonly ts.Symbol[]>>;
  /** Names that modules import from the generated file of a layer. */
  readonly requested: ReadonlyMap<Layer, ReadonlySet<string>>;
  /** Prop types that are written by hand, by layer and name: the path of their module. */
  readonly handWritten: ReadonlyMap<Layer, ReadonlyMap<string, string>>;
  /** Classes that mark their instances with `brand(…)`, by layer. */
  readonly branded: ReadonlyMap<Layer, ReadonlySet<string>>;
}

/** The layers that each layer can import, from the lint rule. */
export type Layers = Readonly<Record<Layer, { readonly layers: readonly Layer[] }>>;

/** Reads the sources of `lib/`. */
export function readSources(root: string, layers: Layers): Sources {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(root, 'tsconfig.build.json'),
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
        throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
      },
    },
  )!;
  const program = ts.createProgram(config.fileNames, config.options);
  const checker = program.getTypeChecker();
  const files = program.getSourceFiles().filter(({ fileName }) => layerOf(root, fileName) !== undefined);
  const declared = new Map<Layer, Map<string, ts.Symbol[]>>();
  const requested = new Map<Layer, Set<string>>();
  const handWritten = new Map<Layer, Map<string, string>>();
  const branded = new Map<Layer, Set<string>>();
  for (const file of files) {
    const layer = layerOf(root, file.fileName)!;
    const module = checker.getSymbolAtLocation(file);
    const exported = module && !isSchemaFile(file.fileName) ? checker.getExportsOfModule(module) : [];
    for (const symbol of exported) {
      const real = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      if (real.declarations?.[0]?.getSourceFile() !== file) continue;
      if (symbol.flags & ts.SymbolFlags.Type) push(declared, layer, schemaName(symbol.name), symbol);
      if (TYPE_MODULES.has(moduleName(file.fileName)) && symbol.flags & ts.SymbolFlags.BlockScopedVariable) {
        mapOf(handWritten, layer, () => new Map<string, string>()).set(symbol.name, file.fileName);
      }
    }
    for (const statement of file.statements) {
      readImport(statement, layer, requested);
      const brand = brandOf(statement);
      if (brand !== undefined) mapOf(branded, layer, () => new Set<string>()).add(brand);
    }
  }
  return { root, layers, checker, declared, requested, handWritten, branded };
}

/** Returns the layer of a source file, or nothing for a file outside `lib/`. */
export function layerOf(root: string, file: string): Layer | undefined {
  const [top, layer, ...rest] = relative(root, file).split(sep);
  return top === 'lib' && rest.length > 0 ? layer : undefined;
}

/** The layers that a layer can import, itself first. */
export function visibleLayers({ layers }: Sources, layer: Layer): readonly Layer[] {
  return [layer, ...[...(layers[layer]?.layers ?? [])].reverse()];
}

/** Name of a type without the prefix of interfaces: `DataBucket` for `IDataBucket`. */
export function plainName(type: string): string {
  return type.replace(/^I(?=[A-Z][a-z])/, '');
}

/** Name of the schema of a type: `EFA_NODE_GROUP_PROPS` for `EfaNodeGroupProps`, and `DATA_BUCKET` for `IDataBucket`. */
export function schemaName(type: string): string {
  return plainName(type)
    .replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '_')
    .toUpperCase();
}

function isSchemaFile(path: string): boolean {
  return moduleName(path) === SCHEMA_MODULE;
}

function moduleName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.ts$/, '');
}

function readImport(statement: ts.Statement, layer: Layer, requested: Map<Layer, Set<string>>): void {
  if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return;
  const { text } = statement.moduleSpecifier;
  const bindings = statement.importClause?.namedBindings;
  if (moduleName(text) !== SCHEMA_MODULE || !bindings || !ts.isNamedImports(bindings)) return;
  if (isSchemaFile(statement.getSourceFile().fileName)) return;
  const owner = layerOf('/', join('/lib', relativeLayerPath(statement.getSourceFile().fileName, text))) ?? layer;
  const names = mapOf(requested, owner, () => new Set<string>());
  for (const { propertyName, name } of bindings.elements) names.add((propertyName ?? name).text);
}

/** Path from `lib/` of a relative import. */
function relativeLayerPath(file: string, specifier: string): string {
  const path = join(file, '..', specifier);
  return path.slice(path.lastIndexOf('/lib/') + 5);
}

/** Returns the name of the class in `brand(Class, …)`. */
function brandOf(statement: ts.Statement): string | undefined {
  if (!ts.isExpressionStatement(statement) || !ts.isCallExpression(statement.expression)) return undefined;
  const { expression, arguments: args } = statement.expression;
  return expression.getText() === 'brand' ? args[1]?.getText().replace(/^.*\./, '').replace(/'$/, '') : undefined;
}

function push(map: Map<Layer, Map<string, ts.Symbol[]>>, layer: Layer, name: string, symbol: ts.Symbol): void {
  const names = mapOf(map, layer, () => new Map<string, ts.Symbol[]>());
  names.set(name, [...(names.get(name) ?? []), symbol]);
}

function mapOf<V>(map: Map<Layer, V>, layer: Layer, create: () => V): V {
  const value = map.get(layer) ?? create();
  map.set(layer, value);
  return value;
}
