import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Creates one temporary folder for a whole run, and deletes it at the end. Each test app leaves an assembly, many with a layer of 37 MB, and
 * a few hundred runs would fill the disk.
 */
export default function setup(): void {
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'ai-infra-tests-'));
}
