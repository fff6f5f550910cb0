/**
 * Generates `lib/<layer>/prop-schemas.ts`: the runtime schema of each props interface that a module imports from there.
 *
 * To validate a new interface, import its name in upper case, for example `EFA_NODE_GROUP_PROPS` for `EfaNodeGroupProps`, and run this script.
 *
 * `tsx scripts/prop-schemas.ts` writes the files. With `--check` it fails if a file is out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { LAYERS } from './lint/layer-table';
import { readSources } from './prop-schemas/sources';
import { schemaFiles } from './prop-schemas/schema-file';

const ROOT = join(__dirname, '..');

async function main(): Promise<void> {
  const config = await resolveConfig(join(ROOT, 'package.json'));
  const outdated: string[] = [];
  for (const [path, text] of schemaFiles(readSources(ROOT, LAYERS))) {
    const formatted = await format(text, { ...config, parser: 'typescript' });
    if (readIfPresent(path) !== formatted) outdated.push(relative(ROOT, path));
    if (!process.argv.includes('--check')) writeFileSync(path, formatted);
  }
  if (process.argv.includes('--check') && outdated.length > 0) {
    console.error(`Out of date: ${outdated.join(', ')}. Run npm run props, and commit the changes.`);
    process.exitCode = 1;
  }
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

void main();
