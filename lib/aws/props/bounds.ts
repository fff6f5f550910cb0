import { boundsCheck } from '../../core/bounds';
import { isKnown } from './tokens';

export { type Bounds, isWithin } from '../../core/bounds';

/** Returns whether an optional number is unset, or a whole number in the range that is known at synthesis. Adds a problem if not. */
export const checkBounds = boundsCheck(isKnown);
