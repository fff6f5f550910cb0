/**
 * Makes the compiled re-exports of providers, of entry points, and of what clouds share of Kubernetes, load their module when they are first
 * used, as the AWS CDK does with its own: an import would else load every resource that some construct may make, some 25 MB, and every module
 * of the library, of which an app uses a few.
 *
 * `tsx scripts/lazy-exports.ts`: part of `npm run compile`. Nothing else in the library changes: compiled code reads what it imports at each use.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const REQUIRED = /^(?:var|const) (\w+) = require\("([^"]+)"\);\n/gm;
/**
 * Node finds the names of exports in the text of a module, for those who import it as an ES module, and takes back one whose getter it cannot
 * follow: it must not see that this is the getter of that name, which stands in the text before, too.
 */
const DEFINED = /Object\.defineProperty\(exports, ("\w+"),(?= \{ enumerable)/g;
const READ = /return (\w+)\.(\w+);/g;

/** `export * from …`, and the functions that TypeScript writes for it. */
const EVERYTHING = /^__exportStar\(require\("([^"]+)"\), exports\);\n/gm;
const HELPERS = /^var __createBinding = [^]*?^var __exportStar = [^]*?^\};\n/m;

/**
 * The text of a module of re-exports whose modules are loaded when one of them is read; it throws where the text is no such module.
 * @param namesIn the names that a module exports, of which the text gives everything
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

/** The compiled modules of re-exports: those of providers, entry points, and what clouds share of Kubernetes. */
const MODULES = [
  'index',
  'aws/index',
  'azure/index',
  'azure/provider/azurerm',
  'google/index',
  'google/provider/google',
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
