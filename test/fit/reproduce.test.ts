import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tables } from '../../scripts/fit';

const FOLDER = join(__dirname, '../../lib/core/planning/catalog');

// Repeats the fit and the validation, which takes a minute or more. The stated errors must match these rows and this code.
test('the fitted tables are what scripts/fit.ts makes of the data, errors included', () => {
  for (const [file, text] of Object.entries(tables())) expect(readFileSync(join(FOLDER, file), 'utf8')).toBe(text);
});
