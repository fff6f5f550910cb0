import fc from 'fast-check';
import { shorten, textWidth, wrap } from '../../../lib/core/report/svg';

const SIZE = 12;

test('letters have the width of their class', () => {
  expect(textWidth('ill', SIZE)).toBeLessThan(textWidth('abc', SIZE));
  expect(textWidth('abc', SIZE)).toBeLessThan(textWidth('WWW', SIZE));
  expect(textWidth('训练作', SIZE)).toBeGreaterThan(3 * SIZE);
  expect(textWidth('e\u0301', SIZE)).toBe(textWidth('e', SIZE));
  expect(textWidth('abc', SIZE, true)).toBeGreaterThan(textWidth('abc', SIZE));
});

test('shorten keeps text that fits, and adds an ellipsis to text that does not', () => {
  expect(shorten('p5.48xlarge', 200, SIZE)).toBe('p5.48xlarge');
  expect(shorten('Standard_ND96isr_H100_v5', 60, SIZE)).toMatch(/^Stand\w*…$/);
});

test('shorten never exceeds the width and never splits a pictograph', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.integer({ min: 60, max: 600 }), (text, width) => {
      const shown = shorten(text, width, SIZE);
      expect(textWidth(shown, SIZE)).toBeLessThanOrEqual(width);
      expect(shown).not.toMatch(/\p{Cs}/u);
    }),
  );
});

test('wrap keeps every word', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1 }), (words) => {
      const lines = wrap(words.join(' '), 90, 3, SIZE);
      expect(lines.length).toBeLessThanOrEqual(3);
      expect(lines.join(' ')).toBe(words.join(' '));
    }),
  );
});
