import { propType, type PropType } from '../prop-schema';
import { CHIPS } from './chips';

/** The name of a chip, in a machine row. */
export const CHIP_NAME: PropType = propType(
  'the name of a chip in the table',
  (value) => typeof value === 'string' && Object.hasOwn(CHIPS, value),
  `Use one of ${Object.keys(CHIPS).join(', ')}.`,
  'ChoiceUnknown',
);
