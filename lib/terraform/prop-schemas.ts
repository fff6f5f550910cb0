// Generated from the interfaces by `npm run props`. Edit the interface, not this file.
import { instanceOf, type PropType } from '../core/prop-schema';

export const INSTALLATION: PropType = instanceOf(
  'terraform.Installation',
  'an Installation',
  'Use Installation.byDeployment() or Installation.gitOps().',
);
