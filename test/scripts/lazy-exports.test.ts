import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { TERRAFORM_CLOUDS, terraformRowOf } from '../../scripts/clouds';
import { withLazyExports } from '../../scripts/lazy-exports';

function compiled(source: string): string {
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 };
  return transpileModule(source, { compilerOptions }).outputText;
}

/** Every module in an `export *` exports A and B. */
const lazy = (text: string) => withLazyExports(text, () => ['A', 'B']);

/** Runs a module and returns the modules that it required, in order. */
function run(text: string) {
  const required: string[] = [];
  const exports: Record<string, unknown> = {};
  const load = (name: string) => {
    required.push(name);
    return { A: `A of ${name}`, B: `B of ${name}` };
  };
  compileFunction(text, ['exports', 'require'])(exports, load);
  return { exports, required };
}

test('loads a module on first use', () => {
  const { exports, required } = run(lazy(compiled("export { A, type C } from 'a';\nexport { B } from 'b';")));
  expect(required).toEqual([]);
  expect(Object.keys(exports).sort()).toEqual(['A', 'B']);
  expect(exports.B).toBe('B of b');
  expect(required).toEqual(['b']);
});

test('keeps export names where Node looks for them', () => {
  const text = lazy(compiled("export { A } from 'a';\nexport { B } from 'b';"));
  expect(text).toContain('exports.B = exports.A = void 0;');
  expect(text).not.toMatch(/defineProperty\(exports, "[AB]"/);
});

test('resolves a renamed export', () => {
  expect(run(lazy(compiled("export { A as Other } from 'a';"))).exports.Other).toBe('A of a');
});

test('exports everything of a module by name, and loads it on first use', () => {
  const { exports, required } = run(lazy(compiled("export * from 'a';\nexport { A as Other } from 'b';")));
  expect(Object.keys(exports).sort()).toEqual(['A', 'B', 'Other']);
  expect(required).toEqual([]);
  expect([exports.B, exports.Other]).toEqual(['B of a', 'A of b']);
  expect(required).toEqual(['a', 'b']);
});

test.each(TERRAFORM_CLOUDS)('makes all provider modules of %s lazy', (cloud) => {
  const { name } = terraformRowOf(cloud).provider;
  const source = readFileSync(join(__dirname, `../../lib/${cloud}/provider/${name}.ts`), 'utf8');
  expect(run(compiled(source)).required).not.toEqual([]);
  expect(run(lazy(compiled(source))).required).toEqual([]);
});

test.each([
  ["import { A } from 'a';\nexport const made = new A();", /it uses a_1/],
  ['export const one = 1;', /it requires nothing/],
])('refuses a module that does more than re-export: %s', (source, message) => {
  expect(() => lazy(compiled(source))).toThrow(message);
});
