import type { ProblemCollector } from './errors';
import type { PropType } from './prop-schema';

/** A required authorization, because no gateway is open by default. @param fix how to set it on that cloud */
export function requiredAuthorization({ allowed, validate }: PropType, fix: string): PropType {
  return {
    allowed,
    validate: (problems, prop, value) => {
      if (value !== undefined && value !== null) return validate(problems, prop, value);
      problems.add({
        code: 'GatewayUnauthenticated',
        prop,
        allowed: 'a GatewayAuthorization, because no gateway is open by default',
        got: value,
        fix,
      });
      return false;
    },
  };
}

/** Adds a problem for a public gateway that does not authenticate callers. */
export function addUnauthenticated(problems: ProblemCollector, got: string, fix: string): void {
  problems.add({
    code: 'GatewayUnauthenticated',
    prop: 'authorization',
    allowed: 'one that authenticates callers, because anyone can reach a public gateway',
    got,
    fix,
  });
}
