import { rmSync } from 'node:fs';
import { basename } from 'node:path';

/** Removes the folder that the set-up made, and no other. */
export default function teardown(): void {
  const folder = process.env.TMPDIR ?? '';
  if (basename(folder).startsWith('ai-infra-tests-')) rmSync(folder, { recursive: true, force: true });
}
