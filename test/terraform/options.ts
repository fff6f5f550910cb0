import { join, resolve } from 'node:path';
import ts from 'typescript';
import { programOf } from '../../scripts/typescript-program';

const ROOT = resolve(__dirname, '../..');
const LIB = join(ROOT, 'lib/');

/** Options of an entry point, and those that no app uses. */
export interface Options {
  /** Each option once, as `TrainingCluster.prices.region`. */
  readonly all: readonly string[];
  readonly neverGiven: readonly string[];
}

/** Returns the options of the exported classes of a cloud. The apps are its examples and its verify apps. */
export function optionsOf(cloud: string): Options {
  const apps = ts.sys.readDirectory(ROOT, ['.ts'], undefined, [
    `examples/${cloud}/*.ts`,
    `scripts/verify/${cloud}/*.ts`,
  ]);
  const entry = join(LIB, cloud, 'index.ts');
  const program = programOf([...apps, entry]);
  const taken = new Taken(program.getTypeChecker());
  taken.addExportsOf(program.getSourceFile(entry)!);
  const given = new Given(program.getTypeChecker());
  for (const app of apps) given.addAllIn(program.getSourceFile(app)!);
  const all = [...taken.options];
  const neverGiven = all.filter(([option]) => !given.options.has(option));
  return { all: all.map(([, path]) => path), neverGiven: neverGiven.map(([, path]) => path) };
}

const isOfLibrary = (declaration: ts.Declaration) => declaration.getSourceFile().fileName.startsWith(LIB);
const isOfClass = (type: ts.Type) =>
  (type.symbol?.declarations ?? []).some((declaration) => ts.isClassDeclaration(declaration));

/** Members of a union type. */
function partsOf(checker: ts.TypeChecker, type: ts.Type): ts.Type[] {
  const present = checker.getNonNullableType(type);
  return present.isUnion() ? present.types : [present];
}

/** Item type of a list or record. */
function itemOf(checker: ts.TypeChecker, type: ts.Type): ts.Type | undefined {
  const isList = checker.isArrayType(type) || checker.isTupleType(type);
  return isList ? checker.getTypeArguments(type as ts.TypeReference)[0] : type.getStringIndexType();
}

/** Options of classes: in constructors, static methods, and methods with options. */
class Taken {
  readonly options = new Map<ts.Declaration, string>();
  private readonly seen = new Set<ts.Type>();

  constructor(private readonly checker: ts.TypeChecker) {}

  addExportsOf(entry: ts.SourceFile): void {
    for (const exported of this.checker.getExportsOfModule(this.checker.getSymbolAtLocation(entry)!)) {
      const typeOnly = exported.declarations?.some((one) => ts.isTypeOnlyImportOrExportDeclaration(one));
      const symbol = exported.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(exported) : exported;
      const declared = symbol.declarations?.find(ts.isClassDeclaration);
      // The core is the same on every cloud, and its own tests cover it.
      const isOfCore = declared?.getSourceFile().fileName.startsWith(join(LIB, 'core/'));
      if (declared && !typeOnly && !isOfCore) this.addClass(symbol, declared);
    }
  }

  private addClass(symbol: ts.Symbol, declared: ts.ClassDeclaration): void {
    const statics = this.checker.getTypeOfSymbolAtLocation(symbol, declared);
    if (isNewable(declared)) this.addParameters(statics.getConstructSignatures(), symbol.name);
    for (const factory of statics.getProperties().filter(isPublicMethod)) {
      this.addParameters(this.checker.getTypeOfSymbol(factory).getCallSignatures(), symbol.name);
    }
    for (const method of this.checker.getDeclaredTypeOfSymbol(symbol).getProperties().filter(isPublicMethod)) {
      const signatures = this.checker.getTypeOfSymbol(method).getCallSignatures();
      this.addParameters(signatures, `${symbol.name}.${method.name}`, /Options$|Props$/);
    }
  }

  private addParameters(signatures: readonly ts.Signature[], path: string, named = /./): void {
    for (const parameter of signatures.flatMap((signature) => signature.getParameters())) {
      const type = this.checker.getTypeOfSymbol(parameter);
      if (named.test(this.checker.typeToString(type))) this.add(type, path);
    }
  }

  private add(given: ts.Type, path: string): void {
    for (const type of partsOf(this.checker, given)) {
      // Constructs and their interfaces are values, not options.
      const isConstruct = isOfClass(type) || /^I[A-Z]/.test(type.symbol?.name ?? '');
      if (this.seen.has(type) || isConstruct || type.getCallSignatures().length > 0) continue;
      this.seen.add(type);
      const item = itemOf(this.checker, type);
      if (item) this.add(item, path);
      for (const property of type.getProperties()) {
        const declaration = property.declarations?.find((one) => ts.isPropertySignature(one) && isOfLibrary(one));
        if (!declaration) continue;
        const name = `${path}.${property.name}`;
        if (!this.options.has(declaration)) this.options.set(declaration, name);
        this.add(this.checker.getTypeOfSymbol(property), name);
      }
    }
  }
}

function isNewable(declared: ts.ClassDeclaration): boolean {
  const Object = declared.members.find(ts.isConstructorDeclaration);
  const is = (one: ts.Declaration, flag: ts.ModifierFlags) => (ts.getCombinedModifierFlags(one) & flag) !== 0;
  return !is(declared, ts.ModifierFlags.Abstract) && !(Object && is(Object, ts.ModifierFlags.Private));
}

function isPublicMethod({ declarations = [] }: ts.Symbol): boolean {
  return declarations.some((one) => {
    const isHidden = (ts.getCombinedModifierFlags(one) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !== 0;
    const isInternal = ts.getJSDocTags(one).some(({ tagName }) => tagName.text === 'internal');
    return ts.isMethodDeclaration(one) && isOfLibrary(one) && !isHidden && !isInternal;
  });
}

/** Options that an app uses in its object literals. */
class Given {
  readonly options = new Set<ts.Declaration>();
  private readonly seen = new Map<ts.Type, Set<ts.Type>>();

  constructor(private readonly checker: ts.TypeChecker) {}

  addAllIn(node: ts.Node): void {
    if (ts.isObjectLiteralExpression(node)) {
      const wanted = this.checker.getContextualType(node);
      if (wanted) this.add(this.checker.getTypeAtLocation(node), wanted);
    }
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const parameters = this.checker.getResolvedSignature(node)?.getParameters() ?? [];
      node.arguments?.forEach((argument, index) => {
        const parameter = parameters[index];
        if (parameter) this.add(this.checker.getTypeAtLocation(argument), this.checker.getTypeOfSymbol(parameter));
      });
    }
    ts.forEachChild(node, (child) => this.addAllIn(child));
  }

  private add(written: ts.Type, wanted: ts.Type): void {
    for (const from of partsOf(this.checker, written)) {
      for (const to of partsOf(this.checker, wanted)) this.addPart(from, to);
    }
  }

  private addPart(from: ts.Type, to: ts.Type): void {
    const seen = this.seen.get(from) ?? new Set();
    this.seen.set(from, seen.add(to));
    if (isOfClass(to)) return;
    if (isOfClass(from)) {
      this.addWhole(to);
      return;
    }
    const item = itemOf(this.checker, to);
    if (item) for (const one of this.itemsOf(from)) this.addOnce(one, item);
    for (const property of from.getProperties()) {
      const option = this.checker.getPropertyOfType(to, property.name);
      // Only properties that the app writes count, not those of library types.
      if (!option || property.declarations?.every(isOfLibrary)) continue;
      option.declarations?.forEach((declaration) => this.options.add(declaration));
      this.addOnce(this.checker.getTypeOfSymbol(property), this.checker.getTypeOfSymbol(option));
    }
  }

  /** A construct uses all options of a type that it implements. */
  private addWhole(wanted: ts.Type): void {
    for (const option of wanted.getProperties()) {
      const isNew = (option.declarations ?? []).filter((one) => !this.options.has(one));
      isNew.forEach((declaration) => this.options.add(declaration));
      const parts = isNew.length > 0 ? partsOf(this.checker, this.checker.getTypeOfSymbol(option)) : [];
      parts.filter((part) => !isOfClass(part)).forEach((part) => this.addWhole(part));
    }
  }

  private itemsOf(type: ts.Type): ts.Type[] {
    const item = itemOf(this.checker, type);
    return item ? [item] : type.getProperties().map((property) => this.checker.getTypeOfSymbol(property));
  }

  private addOnce(written: ts.Type, wanted: ts.Type): void {
    if (!this.seen.get(written)?.has(wanted)) this.add(written, wanted);
  }
}
