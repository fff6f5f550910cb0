import { releaseNotes } from '../../scripts/release-notes';

const CHANGELOG = [
  '# Changelog',
  '',
  '## 0.2.0',
  '',
  '### Minor Changes',
  '',
  '- Add a machine',
  '',
  '## 0.1.0',
  '',
  '### Minor Changes',
  '',
  '- First release',
  '',
  '## Before 0.1.0',
  '',
].join('\n');

test('returns the section of the version', () => {
  expect(releaseNotes({ version: '0.2.0', changelog: CHANGELOG, pending: [] })).toBe(
    '### Minor Changes\n\n- Add a machine',
  );
  expect(releaseNotes({ version: '0.1.0', changelog: CHANGELOG, pending: [] })).toBe(
    '### Minor Changes\n\n- First release',
  );
});

test.each(['0.0.0', '0.3.0', 'Before 0.1.0'])('rejects version %s, which has no changes', (version) => {
  expect(() => releaseNotes({ version, changelog: CHANGELOG, pending: [] })).toThrow(
    `CHANGELOG.md has no changes in ${version}.`,
  );
});

test('rejects a release while changesets are pending', () => {
  expect(() => releaseNotes({ version: '0.2.0', changelog: CHANGELOG, pending: ['brave-cats.md'] })).toThrow(
    /^brave-cats\.md: no version contains these changes\. Run `npm run release:version`/,
  );
});
