import type { Problems } from './errors';
import type { Kind } from './shapes';

/** Who may call a gateway: demanded, since none is open by default. @param fix how to say it on that cloud */
export function demandedAuthorization({ allowed, fits }: Kind, fix: string): Kind {
  return {
    allowed,
    fits: (problems, prop, value) => {
      if (value !== undefined && value !== null) return fits(problems, prop, value);
      problems.add({
        code: 'GatewayUnauthenticated',
        prop,
        allowed: 'a GatewayAuthorization: no gateway is open by default',
        got: value,
        fix,
      });
      return false;
    },
  };
}

/** Adds that a gateway which anybody reaches asks nobody who it is. */
export function addUnauthenticated(problems: Problems, got: string, fix: string): void {
  problems.add({
    code: 'GatewayUnauthenticated',
    prop: 'authorization',
    allowed: 'one that authenticates callers, since anybody reaches a public gateway',
    got,
    fix,
  });
}
