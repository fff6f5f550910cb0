import { nearest } from '../../lib/core/nearest';

describe('nearest', () => {
  test('returns at most three names, best first', () => {
    expect(
      nearest('p5.48xlarg', ['p4d.24xlarge', 'p5e.48xlarge', 'p5.48xlarge', 'p5en.48xlarge', 'g6.48xlarge']),
    ).toEqual(['p5.48xlarge', 'p5e.48xlarge', 'p5en.48xlarge']);
  });

  test('returns at most the requested number of names', () => {
    expect(nearest('abc', ['abd', 'abe'], 1)).toEqual(['abd']);
  });

  test('ignores case', () => {
    expect(nearest('LLAMA', ['llama'])).toEqual(['llama']);
    expect(nearest('llama', ['LLAMA'])).toEqual(['LLAMA']);
  });

  test('returns nothing if more than half of the letters differ', () => {
    expect(nearest('abcd', ['abxy'])).toEqual(['abxy']);
    expect(nearest('abcd', ['axyz'])).toEqual([]);
  });

  test('counts an inserted, a deleted, and a replaced letter equally', () => {
    expect(nearest('abcdef', ['abcdefxx', 'abXdef', 'abcdf', 'abcdefg'], 4)).toEqual([
      'abXdef',
      'abcdf',
      'abcdefg',
      'abcdefxx',
    ]);
  });

  test('returns nothing for an empty input', () => {
    expect(nearest('', ['p5.48xlarge'])).toEqual([]);
  });
});
