/**
 * Prints the release notes: the section of `CHANGELOG.md` about the version in `package.json`. Fails if a change has no version yet.
 *
 * `tsx scripts/release-notes.ts`
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

/** What a release is made of. */
export interface Release {
  readonly version: string;
  readonly changelog: string;
  /** Files of changesets that no version contains yet. */
  readonly pending: readonly string[];
}

/** Returns the notes of a release, without their heading. Throws if the release is not complete. */
export function releaseNotes({ version, changelog, pending }: Release): string {
  if (pending.length > 0) {
    throw new Error(
      `${pending.join(', ')}: no version contains these changes. Run \`npm run release:version\` and commit.`,
    );
  }
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.split('\n', 1)[0] === version);
  const notes = section?.split('\n').slice(1).join('\n').trim();
  if (!notes)
    throw new Error(`CHANGELOG.md has no changes in ${version}. Add a changeset, and run \`npm run release:version\`.`);
  return notes;
}

if (require.main === module) {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const changelog = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8');
  const pending = readdirSync(join(ROOT, '.changeset')).filter((file) => file.endsWith('.md'));
  console.log(releaseNotes({ version, changelog, pending }));
}
