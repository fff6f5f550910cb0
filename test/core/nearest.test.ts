import { nearest } from '../../lib/core/nearest';

describe('the nearest names', () => {
  test('come best first, three at most', () => {
    expect(
      nearest('p5.48xlarg', ['p4d.24xlarge', 'p5e.48xlarge', 'p5.48xlarge', 'p5en.48xlarge', 'g6.48xlarge']),
    ).toEqual(['p5.48xlarge', 'p5e.48xlarge', 'p5en.48xlarge']);
  });

  test('can be fewer on demand', () => {
    expect(nearest('abc', ['abd', 'abe'], 1)).toEqual(['abd']);
  });

  test('take no notice of case', () => {
    expect(nearest('LLAMA', ['llama'])).toEqual(['llama']);
    expect(nearest('llama', ['LLAMA'])).toEqual(['LLAMA']);
  });

  test('are none when more than half of the letters differ', () => {
    expect(nearest('abcd', ['abxy'])).toEqual(['abxy']);
    expect(nearest('abcd', ['axyz'])).toEqual([]);
  });

  test('count an inserted, a deleted and a replaced letter alike', () => {
    expect(nearest('abcdef', ['abcdefxx', 'abXdef', 'abcdf', 'abcdefg'], 4)).toEqual([
      'abXdef',
      'abcdf',
      'abcdefg',
      'abcdefxx',
    ]);
  });

  test('of nothing typed are none', () => {
    expect(nearest('', ['p5.48xlarge'])).toEqual([]);
  });
});
