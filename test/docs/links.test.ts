import { deadLinksOf, pagesOf } from './snippets';

test.each(pagesOf())('every relative link in %s is valid', (page) => {
  expect(deadLinksOf(page)).toEqual([]);
});

test('detects links to a missing file, heading, or picture', () => {
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
