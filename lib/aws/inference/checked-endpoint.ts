import type { Construct } from 'constructs';
import type { ProblemCollector } from '../../core/errors';
import { checkEndpoint } from './endpoint-checks';
import type { InferenceEndpointProps } from './endpoint-options';
import { resolveEndpoint, type ResolvedEndpoint } from './resolved-endpoint';

/** Resolves the open settings of an endpoint and adds every problem, so that a platform can report all of them at once. */
export function checkedEndpoint(
  problems: ProblemCollector,
  props: InferenceEndpointProps,
  scope: Construct,
): ResolvedEndpoint {
  checkEndpoint(problems, props, scope);
  return resolveEndpoint(problems, props, scope);
}
