/**
 * Changes the compiled re-exports so that they load their module on first use, as the AWS CDK does. It applies to provider modules, entry
 * points, and the shared Kubernetes layer. Otherwise an import would load about 25 MB: every resource that a construct can create, and every
 * module of the library.
 *
 * `tsx scripts/lazy-exports.ts` is part of `npm run compile`. No other code changes, because compiled code reads its imports at each use.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { CLOUDS, TERRAFORM_CLOUDS, terraformRowOf } from './clouds';

const REQUIRED = /^(?:var|const) (\w+) = require\("([^"]+)"\);\n/gm;
/**
 * For ES module imports, Node finds export names in the source of a module. It drops a name if it cannot analyze the getter. The assignment
 * to `late` hides the getter from that analysis, and the name is declared earlier in the source.
 */
const DEFINED = /Object\.defineProperty\(exports, ("\w+"),(?= \{ enumerable)/g;
const READ = /return (\w+)\.(\w+);/g;

/** `export * from …`, and the helper functions that TypeScript emits for it. */
const EVERYTHING = /^__exportStar\(require\("([^"]+)"\), exports\);\n/gm;
const HELPERS = /^var __createBinding = [^]*?^var __exportStar = [^]*?^\};\n/m;

/**
 * Returns the source of a re-export module that loads its modules on first use. Throws if the source has other code.
 *
 * @param namesIn returns the export names of a module, for `export *`
 */
export function withLazyExports(text: string, namesIn: (module: string) => readonly string[]): string {
  const spelled = text.replace(HELPERS, '').replace(EVERYTHING, (_, module: string) =>
    namesIn(module)
      .map((name) => exportOf(name, module))
      .join(''),
  );
  const modules = new Map([...spelled.matchAll(REQUIRED)].map(([, variable, name]) => [variable!, name!]));
  const named = spelled.replace(REQUIRED, '').replace(DEFINED, 'Object.defineProperty(exports, late = $1,');
  const lazy = named.replace(READ, (all, variable: string, member: string) => {
    const name = modules.get(variable);
    return name === undefined ? all : `return require("${name}").${member};`;
  });
  const left = [...modules.keys()].filter((variable) => new RegExp(`\\b${variable}\\b`).test(lazy));
  if (lazy === text || left.length > 0) {
    throw new Error(
      `no module of re-exports alone: ${left.length > 0 ? `it uses ${left.join(', ')}` : 'it requires nothing'}`,
    );
  }
  return lazy.replace('"use strict";\n', '"use strict";\nlet late;\n');
}

function exportOf(name: string, module: string): string {
  return `Object.defineProperty(exports, "${name}", { enumerable: true, get: function () { return require("${module}").${name}; } });\n`;
}

/** The compiled re-export modules: providers, entry points, and the shared Kubernetes layer. */
const MODULES = [
  'index',
  ...CLOUDS.map((cloud) => `${cloud}/index`),
  ...TERRAFORM_CLOUDS.map((cloud) => `${cloud}/provider/${terraformRowOf(cloud).provider.name}`),
  'kubernetes/index',
  'kubernetes/serving/index',
];

if (require.main === module) {
  const files = MODULES.map((module) => join(__dirname, '../dist', `${module}.js`));
  const texts = files.map((file) => {
    const namesIn = (module: string) => Object.keys(createRequire(file)(module) as object);
    return withLazyExports(readFileSync(file, 'utf8'), namesIn);
  });
  // What a module exports is read from its compiled form: all are read before one is changed.
  files.forEach((file, index) => writeFileSync(file, texts[index]!));
}
