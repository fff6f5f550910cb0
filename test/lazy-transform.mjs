import { createTransformer } from '@swc/jest';

const COMMENT = /\/\*[^]*?\*\/|\/\/.*$/gm;
const RE_EXPORT = /export (?:type )?(?:\*|\{[^}]*\}) from '([^']+)';/g;

/** Returns the modules that a source re-exports, or nothing if the source has other code. */
function reExportsOf(source) {
  const code = source.replace(COMMENT, '');
  if (code.replace(RE_EXPORT, '').trim() !== '') return [];
  return [...code.matchAll(RE_EXPORT)].map(([, module]) => module);
}

/**
 * Transforms like `@swc/jest`, except that a module of re-exports loads a module on the first use of its exports. The build does the same: see
 * scripts/lazy-exports.ts. Each test file loads its modules again, and most use few of the exports of an entry point.
 */
export default {
  createTransformer(options) {
    const transformerOf = (source) =>
      createTransformer({ ...options, module: { ...options.module, lazy: reExportsOf(source) } });
    return {
      process: (source, ...rest) => transformerOf(source).process(source, ...rest),
      getCacheKey: (source, ...rest) => transformerOf(source).getCacheKey(source, ...rest),
    };
  },
};
