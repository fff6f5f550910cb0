import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CODES } from 'ai-infra-constructs';

const ROOT = join(__dirname, '..');
const TESTS = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => readFileSync(join(ROOT, file), 'utf8'))
  .join('\n');

test.each(Object.keys(ERROR_CODES))('a test provokes %s', (code) => {
  expect(new RegExp(`['"\`\\s/[]${code}\\b`).test(TESTS)).toBe(true);
});
