import type { Problems } from '../../core/errors';
import { isUnknown } from '../../terraform/tokens';

const IN_GROUP = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/([^/]+(?:\/[^/]+)+)$/i;

/**
 * Adds a problem where the id of a resource is malformed, or is that of another type. A token passes.
 *
 * @param type e.g. `Microsoft.Compute/capacityReservationGroups`; types within others are joined: `Microsoft.Network/virtualNetworks/subnets`
 *
 * @see https://learn.microsoft.com/en-us/rest/api/resources/resources/get-by-id
 */
export function checkResourceId(problems: Problems, prop: string, id: string | undefined, type: string): void {
  if (id === undefined || isUnknown(id) || typeOf(id)?.toLowerCase() === type.toLowerCase()) return;
  problems.add({
    code: 'ResourceIdInvalid',
    prop,
    allowed: `the id of a ${type}`,
    got: id,
    fix: `Write ${exampleOf(type)}, as \`az resource show --query id\` prints it.`,
  });
}

/** The type of a resource by its id: every second part behind the provider. */
function typeOf(id: string): string | undefined {
  const [namespace, ...parts] = IN_GROUP.exec(id)?.[1]?.split('/') ?? [];
  if (namespace === undefined || parts.length % 2 !== 0) return undefined;
  return [namespace, ...parts.filter((_, index) => index % 2 === 0)].join('/');
}

function exampleOf(type: string): string {
  const [namespace = '', ...types] = type.split('/');
  return `/subscriptions/<id>/resourceGroups/<name>/providers/${namespace}/${types.map((one) => `${one}/<name>`).join('/')}`;
}
