import type { Construct } from 'constructs';
import type { Problems } from '../../core/errors';
import { checkEndpoint } from './endpoint-checks';
import type { InferenceEndpointProps } from './endpoint-options';
import { settle, type SettledEndpoint } from './settled-endpoint';

/** An endpoint with its open sizes; adds everything that is wrong with it, so that one who makes it among others tells all at once. */
export function checkedEndpoint(problems: Problems, props: InferenceEndpointProps, scope: Construct): SettledEndpoint {
  checkEndpoint(problems, props, scope);
  return settle(problems, props, scope);
}
