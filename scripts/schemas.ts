/**
 * Downloads the schemas that some tests compare with: request bodies of Azure, custom resources of Kubernetes, and values of Helm charts.
 * This repository does not redistribute them.
 *
 *     npx tsx scripts/schemas.ts [arm] [crds] [charts] [--out <folder>] [--mirror <URL>]
 *
 * Without names, it downloads all three. `charts` needs Helm 3.14 or later on the PATH. `--out` is `.schemas`, where the tests look. A mirror
 * has the files of other servers below their host name, for example `<URL>/raw.githubusercontent.com/…`.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { armFileName, armFiles } from './schemas/arm';
import { chartFiles } from './schemas/charts';
import { crdFileName, crdFiles, podTemplateIn } from './schemas/crds';
import { Downloads } from './schemas/download';

/** Writes files to a folder, and removes what it had before. */
function write(folder: string, files: Readonly<Record<string, unknown>>): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(content));
  console.log(`${folder}: ${Object.keys(files).length} files`);
}

const PARTS = {
  arm: async (downloads: Downloads, out: string) => {
    const files = await armFiles(downloads);
    write(join(out, 'arm'), Object.fromEntries(files.map((file) => [armFileName(file.type), file])));
  },
  crds: async (downloads: Downloads, out: string) => {
    const files = await crdFiles(downloads);
    write(join(out, 'kubernetes/refs'), { 'core-v1.json': podTemplateIn(files) });
    write(join(out, 'kubernetes/crds'), Object.fromEntries(files.map((file) => [crdFileName(file), file])));
  },
  charts: (downloads: Downloads, out: string) => {
    const files = chartFiles(downloads);
    write(join(out, 'kubernetes/charts'), Object.fromEntries(files.map((file) => [`${file.chart}.json`, file])));
  },
} as const;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { out: { type: 'string', default: join(__dirname, '../.schemas') }, mirror: { type: 'string' } },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(PARTS);
  const unknown = names.filter((name) => !Object.hasOwn(PARTS, name));
  if (unknown.length > 0) {
    throw new Error(`unknown: ${unknown.join(', ')}. Use ${Object.keys(PARTS).join(', ')}, or no name for all.`);
  }
  const downloads = new Downloads(values.mirror);
  for (const name of names) await PARTS[name as keyof typeof PARTS](downloads, resolve(values.out));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
