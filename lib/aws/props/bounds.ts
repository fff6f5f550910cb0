import { boundsCheck } from '../../core/bounds';
import { isKnown } from './tokens';

export { type Bounds, isWithin } from '../../core/bounds';

/** Whether an optional number is absent, or a whole one within bounds that is known now; adds a problem where it is not. */
export const checkBounds = boundsCheck(isKnown);
