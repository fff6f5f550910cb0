import type { Problems } from '../../core/errors';
import { checkBounds, isUnknown } from '../../terraform/tokens';
import { MOST_ENDPOINTS, POOL } from './gateway-limits';
import type { PooledEndpoint } from './gateway-options';

const ENDPOINT_NAME = /^[a-z][a-z0-9-]{0,38}[a-z0-9]$/;
const URL = /^https?:\/\/[\w.-]+(:\d+)?(\/[\w.~/-]*[\w.~-])?$/;

/** Adds what is wrong with the endpoints behind a gateway: none, too many, malformed, or of different kinds. */
export function checkEndpoints(problems: Problems, endpoints: ReadonlyMap<string, Required<PooledEndpoint>>): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'GatewayPool', prop, allowed, got, fix });
  if (endpoints.size === 0 || endpoints.size > MOST_ENDPOINTS) {
    wrong('endpoint', `1 to ${MOST_ENDPOINTS} endpoints`, endpoints.size, 'Name those that serve the models.');
  }
  for (const [name, { endpoint, priority, weight }] of endpoints) {
    const prop = endpoints.size === 1 ? 'endpoint' : `endpoint.${name}`;
    if (!ENDPOINT_NAME.test(name))
      wrong(prop, 'named by 2 to 40 lower-case letters, digits and hyphens', name, 'Name it by its region.');
    if (typeof endpoint.url !== 'string' || !(isUnknown(endpoint.url) || URL.test(endpoint.url)))
      wrong(`${prop}.url`, 'an address without a slash at its end', endpoint.url, 'Write https://…/v1.');
    checkBounds(problems, 'GatewayLimit', `${prop}.priority`, priority, POOL, ', as a place in the order');
    checkBounds(problems, 'GatewayLimit', `${prop}.weight`, weight, POOL, ', as a share');
  }
  const audiences = new Set([...endpoints.values()].map(({ endpoint }) => endpoint.tokenAudience));
  if (audiences.size > 1) {
    const fix = 'Put endpoints of other kinds behind a gateway of their own.';
    wrong('endpoint', 'endpoints that ask for tokens of one audience, or of none', [...audiences], fix);
  }
}
