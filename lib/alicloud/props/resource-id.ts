import type { ProblemCollector } from '../../core/errors';
import { isUnknown } from '../../terraform/tokens';

/** Adds a problem if a resource ID does not have the prefix of its type. Tokens are valid. @param prefix for example `vpc` */
export function checkId(problems: ProblemCollector, prop: string, id: string | undefined, prefix: string): void {
  if (id === undefined || isUnknown(id) || new RegExp(`^${prefix}-[a-z0-9]{5,}$`).test(id)) return;
  problems.add({
    code: 'ResourceIdInvalid',
    prop,
    allowed: `an ID that starts with ${prefix}-`,
    got: id,
    fix: 'Copy the ID from the console, not the name.',
  });
}
