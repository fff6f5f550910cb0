import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cli, fileOf, scratch } from './support';

const FILE = join(__dirname, '../../docs/cli.md');
const PAGE = readFileSync(FILE, 'utf8');
const CONSOLE = /```console\n\$ ai-infra (.*)\n([\s\S]*?)```/g;

/** Files that the page shows, by the name of the command below them. */
const FILES = [...PAGE.matchAll(/```yaml\n([\s\S]*?)```\n```console\n\$ ai-infra \w+ (?:--file )?(\S+\.yaml)/g)].map(
  ([, text, name]) => [name!, text!] as const,
);
const EXAMPLES = [...PAGE.matchAll(CONSOLE)].map(([, command, output]) => [command!, output!] as const);

function outputOf(command: string): string {
  for (const [name, text] of FILES) fileOf(name, text);
  const folder = scratch();
  const { out, err } = cli(...command.split(' ').map((word) => (word.endsWith('.yaml') ? join(folder, word) : word)));
  return (out + err).replaceAll(`${folder}/`, '');
}

test('docs/cli.md shows files and commands', () => {
  expect(FILES.map(([name]) => name)).toEqual(['workload.yaml', 'bad.yaml', 'runs.yaml']);
  expect(EXAMPLES.length).toBeGreaterThanOrEqual(6);
});

// `UPDATE_DOCS=1 npx jest test/cli/docs` writes what the commands print today.
if (process.env.UPDATE_DOCS) {
  test('writes the page', () => {
    const shown = (_: string, command: string) => `\`\`\`console\n$ ai-infra ${command}\n${outputOf(command)}\`\`\``;
    writeFileSync(FILE, PAGE.replace(CONSOLE, shown));
  });
} else {
  test.each(EXAMPLES)('ai-infra %s prints what docs/cli.md shows', (command, output) => {
    expect(outputOf(command)).toBe(output);
  });
}
