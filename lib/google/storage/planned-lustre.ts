import type { StorageSizing } from '../../core/planning/open-storage';
import type { PlanStorage } from '../../core/planning/plan';
import { LUSTRE_GRID } from './lustre-rules';

/** Size and tier that do what a plan needs, as far as nobody stated them; nothing where both are stated, or no tier does. */
export function lustreFor(need: PlanStorage, stated: StorageSizing): StorageSizing | undefined {
  return LUSTRE_GRID.planned(need, stated);
}
