import fc from 'fast-check';
import { shorten, textWidth, wrap } from '../../../lib/core/report/text-width';

const SIZE = 12;

test('letters are as wide as their kind', () => {
  expect(textWidth('ill', SIZE)).toBeLessThan(textWidth('abc', SIZE));
  expect(textWidth('abc', SIZE)).toBeLessThan(textWidth('WWW', SIZE));
  expect(textWidth('训练作', SIZE)).toBeGreaterThan(3 * SIZE);
  expect(textWidth('e\u0301', SIZE)).toBe(textWidth('e', SIZE));
  expect(textWidth('abc', SIZE, true)).toBeGreaterThan(textWidth('abc', SIZE));
});

test('a text that fits is left alone, and one that does not says that it was cut', () => {
  expect(shorten('p5.48xlarge', 200, SIZE)).toBe('p5.48xlarge');
  expect(shorten('Standard_ND96isr_H100_v5', 60, SIZE)).toMatch(/^Stand\w*…$/);
});

test('what is shortened is no wider than its place, and no pictograph is cut in two', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.integer({ min: 60, max: 600 }), (text, width) => {
      const shown = shorten(text, width, SIZE);
      expect(textWidth(shown, SIZE)).toBeLessThanOrEqual(width);
      expect(shown).not.toMatch(/\p{Cs}/u);
    }),
  );
});

test('lines lose no word', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1 }), (words) => {
      const lines = wrap(words.join(' '), 90, 3, SIZE);
      expect(lines.length).toBeLessThanOrEqual(3);
      expect(lines.join(' ')).toBe(words.join(' '));
    }),
  );
});
