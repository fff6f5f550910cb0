import { readFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { require as requireTypeScript } from 'tsx/cjs/api';

const { IN_FUNCTIONS, LAYERS } = requireTypeScript('./layer-table.ts', import.meta.url);

const ROOT = resolve(import.meta.dirname, '../..');
const { name: NAME, exports: EXPORTS } = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8'));
const PUBLIC_NAMES = Object.keys(EXPORTS)
  .filter((subpath) => subpath !== './package.json')
  .map((subpath) => NAME + subpath.slice(1));

/** Folder of a cloud with the code of its functions. It is packed unchanged, so it cannot import files outside it. */
const FUNCTION_FOLDER = 'handler';

/** Returns why `file` must not import `target` and what to do instead, or nothing if the import is allowed. */
export function importFault(file, target) {
  const [top, ...below] = relative(ROOT, file).split(sep);
  const barrel = /^@(?:cdktf|cdktn)\/provider-[a-z-]+$/.exec(target);
  if (barrel) {
    return `'${target}' loads every resource of the provider: import the one you need, e.g. '${target}/lib/<resource>'.`;
  }
  if (top === 'lib') return faultInLibrary(file, below, target);
  if (top === 'examples') return faultInExamples(file, target);
  return undefined;
}

function faultInLibrary(file, below, target) {
  const layer = below.length > 1 ? below[0] : '.';
  const rules = LAYERS[layer];
  if (below.includes(FUNCTION_FOLDER)) return faultInFunction(file, layer, below, target);
  const place = `lib/${layer === '.' ? below[0] : layer}`;
  if (!rules)
    return `${place} is not a known layer: add a cloud to scripts/clouds.ts, and another folder to scripts/lint/layer-table.ts.`;
  if (target === NAME || target.startsWith(`${NAME}/`)) {
    return `${place} is the package itself: import by relative path, not by '${target}'.`;
  }
  if (!target.startsWith('.')) {
    return rules.packages.some((allowed) => covers(allowed, target)) ? undefined : packageFault(place, rules, target);
  }
  const [top, ...rest] = relative(ROOT, resolve(dirname(file), target)).split(sep);
  if (top !== 'lib') {
    return `'${target}' leaves lib/: move what the library needs into lib/, and let tests and scripts import it from there.`;
  }
  const generated = rest.indexOf('generated');
  if (generated > 0 && rest[generated - 1] === 'provider' && !below.includes('provider')) {
    return `'${target}' is a generated class: import it from the module of the provider, which loads each class on first use.`;
  }
  const other = rest.length > 1 || Object.hasOwn(LAYERS, rest[0]) ? rest[0] : '.';
  if (other === layer || rules.layers.includes(other)) return undefined;
  const allowed = ['itself', ...rules.layers.map((name) => `lib/${name}`)].join(', ');
  return `${place} must not import ${other === '.' ? 'lib/index.ts' : `lib/${other}`} (allowed: ${allowed}): move what both need down into lib/core.`;
}

function faultInFunction(file, layer, below, target) {
  const folder = resolve(ROOT, 'lib', ...below.slice(0, below.indexOf(FUNCTION_FOLDER) + 1));
  const packages = IN_FUNCTIONS[layer] ?? [];
  const inside = target.startsWith('.') && !relative(folder, resolve(dirname(file), target)).startsWith('..');
  if (inside || packages.some((allowed) => covers(allowed, target))) return undefined;
  return `${relative(ROOT, folder)} is packed without '${target}' (allowed: its own files, ${packages.join(', ')}).`;
}

function packageFault(place, { packages }, target) {
  const allowed = packages.length > 0 ? packages.join(', ') : 'none';
  return `${place} must not import '${target}' (packages allowed: ${allowed}): pass plain values in, or move this to the layer that owns the package.`;
}

function faultInExamples(file, target) {
  const own = target === NAME || target.startsWith(`${NAME}/`);
  if (own && PUBLIC_NAMES.includes(target)) return undefined;
  const inside = !relative(resolve(ROOT, 'examples'), resolve(dirname(file), target)).startsWith('..');
  if (own || (target.startsWith('.') && !inside)) {
    return `Examples must import the package by its public name: write ${PUBLIC_NAMES.map((name) => `'${name}'`).join(' or ')} instead of '${target}'.`;
  }
  return undefined;
}

function covers(allowed, target) {
  if (!allowed.endsWith('*')) return target === allowed;
  return target.startsWith(allowed.slice(0, -1));
}

const imports = {
  meta: {
    type: 'problem',
    schema: [],
    docs: { description: 'Enforce the layers of lib/ and the public names in examples/' },
  },
  create(context) {
    const check = (node) => {
      const source = node?.type === 'TSLiteralType' ? node.literal : node;
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
      const message = importFault(context.filename, source.value);
      if (message) context.report({ node: source, message });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source ?? node.argument),
      TSExternalModuleReference: (node) => check(node.expression),
      'CallExpression[callee.name="require"]': (node) => check(node.arguments[0]),
      'CallExpression[callee.object.name="require"][callee.property.name="resolve"]': (node) =>
        check(node.arguments[0]),
    };
  },
};

/** ESLint plugin with one rule: `layers/imports`. */
export default { meta: { name: 'layers' }, rules: { imports } };
