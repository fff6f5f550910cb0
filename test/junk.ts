import * as fc from 'fast-check';
import { codesOf, unlessRefused } from './refusals';

/** Values to use instead of a valid prop. */
export const JUNK: fc.Arbitrary<unknown> = fc.oneof(
  fc.anything(),
  fc.constantFrom(null, NaN, -1, '', 'x', [], {}, [null], new Map(), () => 1),
);

/** Props of a schema, with invalid values for most of them. */
export function junkProps(shape: object): fc.Arbitrary<Record<string, unknown>> {
  const junk = fc.oneof({ weight: 3, arbitrary: JUNK }, fc.constant(undefined));
  return fc.record(Object.fromEntries(Object.keys(shape).map((prop) => [prop, junk])));
}

type Props = Readonly<Record<string, unknown>>;

/** Tests that invalid values for most props, or for one prop, are accepted or rejected with coded errors. */
export function refusesJunk(shape: object, good: object, make: (props: Props) => unknown, numRuns: number): void {
  test('any invalid prop gives a coded error', () => {
    fc.assert(
      fc.property(junkProps(shape), fc.constantFrom(...Object.keys(shape)), (wrong, one) => {
        unlessRefused(() => make(wrong));
        unlessRefused(() => make({ ...good, [one]: wrong[one] }));
      }),
      { numRuns },
    );
  });
}

/** The same test for one prop at a time. */
export function refusesJunkInEach(
  shape: object,
  make: (change: Props) => unknown,
  parameters: fc.Parameters<[string, unknown]>,
): void {
  test('any invalid prop gives a coded error', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(shape)), JUNK, (prop, wrong) => {
        unlessRefused(() => make({ [prop]: wrong }));
      }),
      parameters,
    );
  });
}

/** Tests that values that are not an object are rejected with coded errors. */
export function refusesNoProps(...makers: ((props: never) => unknown)[]): void {
  test.each([undefined, null, 1, 'props', [], {}])('%j instead of props gives a coded error', (props) => {
    for (const make of makers) expect(codesOf(() => make(props as never))).not.toEqual([]);
  });
}
