import type { ProblemCollector } from '../../core/errors';
import { checkBounds, isUnknown } from '../../terraform/tokens';
import { MAX_ENDPOINTS, POOL } from './gateway-limits';
import type { PooledEndpoint } from './gateway-options';

const ENDPOINT_NAME = /^[a-z][a-z0-9-]{0,38}[a-z0-9]$/;
const URL = /^https?:\/\/[\w.-]+(:\d+)?(\/[\w.~/-]*[\w.~-])?$/;

/** Adds each problem of the endpoints behind a gateway. */
export function checkEndpoints(
  problems: ProblemCollector,
  endpoints: ReadonlyMap<string, Required<PooledEndpoint>>,
): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'GatewayPool', prop, allowed, got, fix });
  if (endpoints.size === 0 || endpoints.size > MAX_ENDPOINTS) {
    wrong(
      'endpoint',
      `an object with 1 to ${MAX_ENDPOINTS} endpoints`,
      endpoints.size,
      'Add the endpoints of the models.',
    );
  }
  for (const [name, { endpoint, priority, weight }] of endpoints) {
    const prop = endpoints.size === 1 ? 'endpoint' : `endpoint.${name}`;
    if (!ENDPOINT_NAME.test(name))
      wrong(
        prop,
        'a name of 2 to 40 lower-case letters, digits and hyphens that begins with a letter',
        name,
        'Use the name of its region.',
      );
    if (typeof endpoint.url !== 'string' || !(isUnknown(endpoint.url) || URL.test(endpoint.url)))
      wrong(`${prop}.url`, 'an http or https URL without a trailing slash', endpoint.url, 'Use the form https://…/v1.');
    checkBounds(problems, 'GatewayLimit', `${prop}.priority`, priority, POOL);
    checkBounds(problems, 'GatewayLimit', `${prop}.weight`, weight, POOL);
  }
  const audiences = new Set([...endpoints.values()].map(({ endpoint }) => endpoint.tokenAudience));
  if (audiences.size > 1) {
    const fix = 'Use one gateway for each audience.';
    wrong('endpoint', 'endpoints with the same token audience', [...audiences], fix);
  }
}
