import * as fc from 'fast-check';

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
