import { kind, type Kind } from '../shapes';
import { CHIPS } from './chips';

/** The name of a chip, as a row of a machine has it. */
export const CHIP_NAME: Kind = kind(
  'the name of a chip of the table',
  (value) => typeof value === 'string' && Object.hasOwn(CHIPS, value),
  `Take one of ${Object.keys(CHIPS).join(', ')}.`,
  'ChoiceUnknown',
);
