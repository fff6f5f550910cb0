import { GOOGLE_MACHINES } from '../../../lib/core/catalog/google-machines';
import { GOOGLE_PLACES } from '../../../lib/core/catalog/google-places';

const ROWS = Object.entries(GOOGLE_PLACES) as [keyof typeof GOOGLE_MACHINES, readonly string[]][];
const PLACE = /^[a-z]+-[a-z]+\d+(-([a-z]|ai\d[a-z]?))?$/;

test.each(ROWS)('%s stands in zones or regions, each named once', (_, places) => {
  expect(places.filter((place) => !PLACE.test(place))).toEqual([]);
  expect(new Set(places).size).toBe(places.length);
  // A region beside its zones would make them meaningless.
  expect(places.filter((place) => places.some((other) => place.startsWith(`${other}-`)))).toEqual([]);
});

test('the machines without a place are those that no source lists', () => {
  const without = Object.keys(GOOGLE_MACHINES).filter((name) => !(name in GOOGLE_PLACES));
  expect(without).toEqual(['a4x-highgpu-4g-nolssd', 'a4x-maxgpu-4g-metal']);
});
