import { rmSync } from 'node:fs';
import { basename } from 'node:path';

/** Deletes the folder that the setup created. */
export default function teardown(): void {
  const folder = process.env.TMPDIR ?? '';
  if (basename(folder).startsWith('ai-infra-tests-')) rmSync(folder, { recursive: true, force: true });
}
