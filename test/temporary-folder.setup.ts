import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * One temporary folder for a whole run, gone with it: each app that a test makes leaves an assembly in the system's own, with a layer of
 * 37 MB in many, and some hundred runs fill a disk.
 */
export default function setup(): void {
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'ai-infra-tests-'));
}
