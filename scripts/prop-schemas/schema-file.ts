import { dirname, join, relative } from 'node:path';
import type ts from 'typescript';
import { type Context, definitionOf, expressionOf, keyOf, kindOf } from './expression';
import { type Layer, layerOf, SCHEMA_MODULE, type Sources, visibleLayers } from './sources';

const HEADER = '// Generated from the interfaces by `npm run props`. Edit the interface, not this file.';

/** A schema that a module needs. */
interface Request {
  readonly layer: Layer;
  readonly name: string;
}

/** Returns the text of the schema file of each layer, by path. Throws one error for all types without a schema. */
export function schemaFiles(sources: Sources): ReadonlyMap<string, string> {
  const layers = new Map<Layer, SchemaFile>();
  const faults = new Set<string>();
  const fileOf = (layer: Layer) => {
    const file = layers.get(layer) ?? new SchemaFile(sources, layer, (fault) => faults.add(fault));
    layers.set(layer, file);
    return file;
  };
  const open: Request[] = [...sources.requested].flatMap(([layer, names]) =>
    [...names].sort().map((name) => ({ layer, name })),
  );
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    open.push(...fileOf(next.layer).add(next.name));
  }
  if (faults.size > 0) throw new Error(`Types without a schema:\n${[...faults].sort().join('\n')}`);
  return new Map(
    [...layers].map(([layer, file]) => [join(sources.root, 'lib', layer, `${SCHEMA_MODULE}.ts`), file.text]),
  );
}

/** The schemas of one layer. */
class SchemaFile {
  private readonly schemas = new Map<string, { readonly type: string; readonly rows: readonly string[] }>();
  private readonly types = new Map<string, string>();
  private readonly imports = new Map<string, Set<string>>();
  private readonly path: string;

  constructor(
    private readonly sources: Sources,
    private readonly layer: Layer,
    private readonly report: (fault: string) => void,
  ) {
    this.path = join(sources.root, 'lib', layer, `${SCHEMA_MODULE}.ts`);
  }

  /** Adds a schema. Returns the schemas that it needs. */
  add(name: string): readonly Request[] {
    if (this.schemas.has(name) || this.types.has(name)) return [];
    if (this.sources.handWritten.get(this.layer)?.has(name)) {
      this.report(`lib/${this.layer}: ${name} is written by hand. Import it from prop-types.ts.`);
      return [];
    }
    const symbol = this.declarationOf(name);
    if (symbol === undefined) return [];
    const needs: Request[] = [];
    const context: Context = {
      sources: this.sources,
      layer: this.layer,
      imported: (module, imported) => {
        this.import(module, imported);
      },
      needs: (needed, owner) => {
        const layer = this.layerThatDeclares(needed);
        if (layer !== owner) {
          this.report(`lib/${layer} and lib/${owner} both export a type for ${needed}: rename one.`);
        }
        needs.push({ layer, name: needed });
        if (layer !== this.layer) this.import(join(this.sources.root, 'lib', layer, `${SCHEMA_MODULE}.ts`), needed);
      },
      where: symbol.name,
      report: (fault) => {
        this.report(`lib/${this.layer}: ${fault}`);
      },
    };
    const kind = kindOf(this.sources, symbol);
    if (kind === undefined) context.report(`${symbol.name} is neither an interface, a class nor an enum.`);
    else if (kind === 'object') this.addSchema(name, symbol, context);
    else {
      this.types.set(name, definitionOf(context, symbol, kind));
      this.import(this.coreModule(), 'type PropType');
    }
    return needs;
  }

  private addSchema(name: string, symbol: ts.Symbol, context: Context): void {
    const { checker } = this.sources;
    const rows = checker
      .getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol))
      .map(
        (prop) => `${keyOf(prop.name)}: ${expressionOf({ ...context, where: `${symbol.name}.${prop.name}` }, prop)},`,
      );
    this.schemas.set(name, { type: symbol.name, rows });
    this.import(symbol.declarations![0]!.getSourceFile().fileName, `type ${symbol.name}`);
    this.import(this.coreModule(), 'type PropSchema');
  }

  get text(): string {
    const imports = [...this.imports]
      .map(([module, names]) => importLine(this.specifierOf(module), [...names].sort()))
      .sort();
    const types = [...this.types]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, definition]) => `export const ${name}: PropType = ${definition};`);
    const schemas = [...this.schemas]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { type, rows }]) => `export const ${name}: PropSchema<${type}> = {\n${rows.join('\n')}\n};`);
    return [HEADER, ...imports, '', ...types, '', schemas.join('\n\n'), ''].join('\n');
  }

  private declarationOf(name: string): ts.Symbol | undefined {
    const found = this.sources.declared.get(this.layer)?.get(name) ?? [];
    // An interface `IName` also covers the class `Name`.
    const interfaces = found.filter(({ name: one }) => /^I[A-Z][a-z]/.test(one));
    const [symbol, other] = interfaces.length > 0 ? interfaces : found;
    if (symbol === undefined) this.report(`lib/${this.layer} exports no type for ${name}.`);
    else if (other !== undefined) this.report(`lib/${this.layer} exports more than one ${symbol.name}: rename one.`);
    return symbol;
  }

  private layerThatDeclares(name: string): Layer {
    const layer = visibleLayers(this.sources, this.layer).find((one) => this.sources.declared.get(one)?.has(name));
    return layer ?? this.layer;
  }

  private coreModule(): string {
    return join(this.sources.root, 'lib/core/prop-schema.ts');
  }

  private import(module: string, name: string): void {
    if (module === this.path) return;
    this.imports.set(module, (this.imports.get(module) ?? new Set()).add(name));
  }

  private specifierOf(module: string): string {
    if (layerOf(this.sources.root, module) === undefined) throw new Error(`${module} is outside lib/.`);
    const path = relative(dirname(this.path), module).replace(/\.ts$/, '');
    return path.startsWith('.') ? path : `./${path}`;
  }
}

function importLine(specifier: string, names: readonly string[]): string {
  if (names.every((name) => name.startsWith('type '))) {
    return `import type { ${names.map((name) => name.slice(5)).join(', ')} } from '${specifier}';`;
  }
  return `import { ${names.join(', ')} } from '${specifier}';`;
}
