import * as fc from 'fast-check';
import { codesOf, unlessRefused } from './refusals';

/** What may stand in the place of a prop. */
export const JUNK: fc.Arbitrary<unknown> = fc.oneof(
  fc.anything(),
  fc.constantFrom(null, NaN, -1, '', 'x', [], {}, [null], new Map(), () => 1),
);

/** Props of a shape, with junk in the place of most of them. */
export function junkProps(shape: object): fc.Arbitrary<Record<string, unknown>> {
  const junk = fc.oneof({ weight: 3, arbitrary: JUNK }, fc.constant(undefined));
  return fc.record(Object.fromEntries(Object.keys(shape).map((prop) => [prop, junk])));
}

type Props = Readonly<Record<string, unknown>>;

/** Tests that junk in the place of most props, and of each of good ones, is refused by codes, or accepted. */
export function refusesJunk(shape: object, good: object, make: (props: Props) => unknown, numRuns: number): void {
  test('whatever stands in the place of a prop, the error has codes', () => {
    fc.assert(
      fc.property(junkProps(shape), fc.constantFrom(...Object.keys(shape)), (wrong, one) => {
        unlessRefused(() => make(wrong));
        unlessRefused(() => make({ ...good, [one]: wrong[one] }));
      }),
      { numRuns },
    );
  });
}

/** The same of one prop at a time. */
export function refusesJunkInEach(
  shape: object,
  make: (change: Props) => unknown,
  parameters: fc.Parameters<[string, unknown]>,
): void {
  test('whatever stands in the place of a prop, the error has codes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(shape)), JUNK, (prop, wrong) => {
        unlessRefused(() => make({ [prop]: wrong }));
      }),
      parameters,
    );
  });
}

/** Tests that what is no props at all is refused by codes. */
export function refusesNoProps(...makers: ((props: never) => unknown)[]): void {
  test.each([undefined, null, 1, 'props', [], {}])('%j in the place of all props is refused by codes', (props) => {
    for (const make of makers) expect(codesOf(() => make(props as never))).not.toEqual([]);
  });
}
