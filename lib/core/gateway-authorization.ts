import type { ProblemCollector } from './errors';

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
