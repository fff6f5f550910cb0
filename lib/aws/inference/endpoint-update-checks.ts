import type { Problems } from '../../core/errors';
import { type InferenceEndpointProps, kindOf } from './endpoint-options';

/** Adds what is wrong with an update, and what the endpoint cannot have. Exclusions: developer guide, "Deployment guardrails". */
export function checkUpdate(problems: Problems, props: InferenceEndpointProps): void {
  const { update, models } = props;
  // A serverless endpoint takes none of it: see `checkServerless`.
  if (!update || kindOf(props).name === 'serverless') return;
  update.check(problems);
  const refused = (allowed: string, fix: string) =>
    problems.add({ code: 'UpdatePolicy', prop: 'update', allowed, got: update.strategy, fix });
  if (kindOf(props).name === 'components' && update.strategy !== 'rolling') {
    refused('rolling for components, whose copies are replaced in place', 'Use EndpointUpdate.rolling().');
  }
  if (update.strategy === 'rolling' && kindOf(props).name === 'variants' && Object.keys(models).length > 1) {
    refused('one with a new fleet for several variants', 'Use EndpointUpdate.canary() or its like.');
  }
}
