import { deadLinksOf, pagesOf } from './snippets';

test.each(pagesOf())('every relative link of %s leads somewhere', (page) => {
  expect(deadLinksOf(page)).toEqual([]);
});

test('a link to nowhere is found: a missing file, a missing heading, a missing picture', () => {
  const text = [
    '[a](docs/none.md) [b](docs/errors.md#none) [c](#here) <img src="none.svg">',
    '[d](docs/errors.md#errors)',
    '# Here',
  ];
  expect(deadLinksOf('README.md', text.join('\n'))).toEqual([
    'docs/none.md',
    'docs/errors.md#none',
    '#here',
    'none.svg',
  ]);
});
