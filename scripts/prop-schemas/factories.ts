import ts from 'typescript';
import { layerOf, type Sources } from './sources';

/** Number of factories that a message lists. */
const LISTED = 3;

/** Returns the fix of a prop type, as code: how a user gets an object of the class, by its static members or by `new`. */
export function factoriesOf(sources: Sources, symbol: ts.Symbol, name: string): string {
  const { checker } = sources;
  const owner = classNamed(sources, symbol, name);
  const itself = `'Pass the ${wordsOf(name)} itself.'`;
  if (owner === undefined) return itself;
  const instance = checker.getDeclaredTypeOfSymbol(symbol);
  const type = checker.getTypeOfSymbol(owner);
  const statics = checker
    .getPropertiesOfType(type)
    .filter((member) => member.name !== 'prototype' && isPublicStatic(member))
    .flatMap((member) => callOf(sources, member, instance, name));
  const created = type.getConstructSignatures().length > 0 && isCreatable(owner) ? [`new ${name}(…)`] : [];
  const calls = [...created, ...statics];
  if (calls.length === 0) return itself;
  const text =
    calls.length > LISTED
      ? `Use a static member of ${name}, for example ${calls.find(isShort) ?? calls[0]!}.`
      : `Use ${listed(calls)}.`;
  const isNamed = calls.includes(`${name}.fromName(…)`);
  if (!isNamed) return `'${text}'`;
  return `(value) => typeof value === 'string' ? \`Use ${name}.fromName('\${value}').\` : '${text}'`;
}

/** The class of a name, for an interface `IName` and for a class whose statics an object holds. */
function classNamed(sources: Sources, symbol: ts.Symbol, name: string): ts.Symbol | undefined {
  const { checker, declared } = sources;
  for (const names of declared.values()) {
    for (const symbols of names.values()) {
      for (const candidate of symbols) {
        const real = candidate.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(candidate) : candidate;
        if (real.name === name && real.flags & ts.SymbolFlags.Value && sameLayer(sources, real, symbol)) return real;
      }
    }
  }
  return undefined;
}

function sameLayer({ root }: Sources, a: ts.Symbol, b: ts.Symbol): boolean {
  const layer = (symbol: ts.Symbol) => layerOf(root, symbol.declarations![0]!.getSourceFile().fileName);
  return layer(a) === layer(b);
}

/** A static member that returns an instance, as a user calls it. */
function callOf({ checker }: Sources, member: ts.Symbol, instance: ts.Type, name: string): readonly string[] {
  const type = checker.getTypeOfSymbol(member);
  const [signature] = type.getCallSignatures();
  if (!signature) return checker.isTypeAssignableTo(type, instance) ? [`${name}.${member.name}`] : [];
  const returned = checker.getReturnTypeOfSignature(signature);
  if (!checker.isTypeAssignableTo(returned, instance) || returned.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown))
    return [];
  const required = signature.parameters.filter((parameter) => !isOptionalParameter(parameter));
  return [`${name}.${member.name}(${required.length > 0 ? '…' : ''})`];
}

function isOptionalParameter(parameter: ts.Symbol): boolean {
  const declaration = parameter.valueDeclaration;
  return !!declaration && ts.isParameter(declaration) && (!!declaration.questionToken || !!declaration.initializer);
}

function isPublicStatic(member: ts.Symbol): boolean {
  const declaration = member.declarations?.[0];
  const flags = declaration ? ts.getCombinedModifierFlags(declaration) : 0;
  const isInternal = member.getJsDocTags().some((tag) => tag.name === 'internal' || tag.name === 'deprecated');
  return !isInternal && !(flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected));
}

/** Whether a class is not abstract and its constructor is public. */
function isCreatable(owner: ts.Symbol): boolean {
  const declaration = owner.declarations?.find(ts.isClassDeclaration);
  if (!declaration || ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Abstract) return false;
  const constructor = declaration.members.find(ts.isConstructorDeclaration);
  const flags = constructor ? ts.getCombinedModifierFlags(constructor) : 0;
  return !(flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected));
}

/** `LogWorkspace` as words: `log workspace`. */
function wordsOf(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, ' ').toLowerCase();
}

/** Whether a call is complete as it is written. */
function isShort(call: string): boolean {
  return !call.includes('…');
}

function listed(calls: readonly string[]): string {
  return calls.length < 2 ? calls.join('') : `${calls.slice(0, -1).join(', ')} or ${calls.at(-1)!}`;
}
