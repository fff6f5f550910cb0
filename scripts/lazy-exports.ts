/**
 * Makes the compiled re-exports of providers, and of the entry points of Azure and Google, load their module when they are first used, as the AWS CDK does
 * with its own: an import would else load every resource that some construct may make, some 25 MB, of which an app uses a few.
 *
 * `tsx scripts/lazy-exports.ts`: part of `npm run compile`. Nothing else in the library changes: compiled code reads what it imports at each use.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const REQUIRED = /^(?:var|const) (\w+) = require\("([^"]+)"\);\n/gm;
/**
 * Node finds the names of exports in the text of a module, for those who import it as an ES module, and takes back one whose getter it cannot
 * follow: it must not see that this is the getter of that name, which stands in the text before, too.
 */
const DEFINED = /Object\.defineProperty\(exports, ("\w+"),(?= \{ enumerable)/g;
const READ = /return (\w+)\.(\w+);/g;

/** The text of a module of re-exports whose modules are loaded when one of them is read; it throws where the text is no such module. */
export function withLazyExports(text: string): string {
  const modules = new Map([...text.matchAll(REQUIRED)].map(([, variable, name]) => [variable!, name!]));
  const named = text.replace(REQUIRED, '').replace(DEFINED, 'Object.defineProperty(exports, late = $1,');
  const lazy = named.replace(READ, (all, variable: string, member: string) => {
    const name = modules.get(variable);
    return name === undefined ? all : `return require("${name}").${member};`;
  });
  const left = [...modules.keys()].filter((variable) => new RegExp(`\\b${variable}\\b`).test(lazy));
  if (modules.size === 0 || left.length > 0) {
    throw new Error(
      `no module of re-exports alone: ${left.length > 0 ? `it uses ${left.join(', ')}` : 'it requires nothing'}`,
    );
  }
  return lazy.replace('"use strict";\n', '"use strict";\nlet late;\n');
}

/** The compiled modules of re-exports: those of providers, and the entry points of the clouds that use them. */
const MODULES = ['azure/index', 'azure/provider/azurerm', 'google/index', 'google/provider/google'];

if (require.main === module) {
  for (const module of MODULES) {
    const file = join(__dirname, '../dist', `${module}.js`);
    writeFileSync(file, withLazyExports(readFileSync(file, 'utf8')));
  }
}
