import type { Shape } from '../../core/shapes';

/** The kinds of props without some of them: for what is a part of something, and has these from the whole. */
export function shapeWithout<P, Left extends keyof P>(shape: Shape<P>, ...left: readonly Left[]): Shape<Omit<P, Left>> {
  const kept = Object.entries(shape).filter(([prop]) => !(left as readonly string[]).includes(prop));
  return Object.fromEntries(kept) as unknown as Shape<Omit<P, Left>>;
}
