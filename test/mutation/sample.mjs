import { createHash } from 'node:crypto';
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/** Keeps one piece of code in this many. */
export const ONE_IN = Number(process.env.MUTATE_ONE_IN ?? 1);

/** Parts of a node that depend on its place, its layout, or its types. */
const IGNORED = new Set([
  ...['start', 'end', 'loc', 'range', 'extra', 'leadingComments', 'innerComments', 'trailingComments'],
  ...['typeAnnotation', 'typeParameters', 'returnType'],
]);

const BLOCK = '"type":"BlockStatement"';

const kept = new WeakSet();

/**
 * Chooses a sample by the code alone, not by its file or line: the sample is the same after code moves. A piece of code is a statement or
 * an expression without blocks.
 */
const sample = {
  shouldIgnore(path) {
    if (ONE_IN === 1 || !(path.isStatement() || path.isExpression()) || path.isExportDeclaration()) return undefined;
    if (path.findParent(({ node }) => kept.has(node))) return undefined;
    const text = JSON.stringify(path.node, (key, value) => (IGNORED.has(key) ? undefined : value));
    if (text.includes(BLOCK)) return undefined;
    if (createHash('sha256').update(text).digest().readUInt32BE() % ONE_IN !== 0) return 'Not in the sample';
    kept.add(path.node);
    return undefined;
  },
};

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, 'sample', sample)];
