import { GOOGLE_MACHINES } from '../../../lib/core/catalog/google-machines';
import { GOOGLE_PLACES } from '../../../lib/core/catalog/google-places';

const ROWS = Object.entries(GOOGLE_PLACES) as [keyof typeof GOOGLE_MACHINES, readonly string[]][];
const PLACE = /^[a-z]+-[a-z]+\d+(-([a-z]|ai\d[a-z]?))?$/;

test.each(ROWS)('%s has unique zones or regions', (_, places) => {
  expect(places.filter((place) => !PLACE.test(place))).toEqual([]);
  expect(new Set(places).size).toBe(places.length);
  // A row with a region and also its zones would be ambiguous.
  expect(places.filter((place) => places.some((other) => place.startsWith(`${other}-`)))).toEqual([]);
});

test('machines without a location are not in any source', () => {
  const without = Object.keys(GOOGLE_MACHINES).filter((name) => !(name in GOOGLE_PLACES));
  expect(without).toEqual(['a4x-highgpu-4g-nolssd', 'a4x-maxgpu-4g-metal']);
});
