import type { ProblemCollector } from '../../core/errors';
import { type InferenceEndpointProps, kindOf } from './endpoint-options';

/** Adds what is wrong with an update, or not supported by the endpoint: developer guide, "Deployment guardrails", exclusions. */
export function checkUpdate(problems: ProblemCollector, props: InferenceEndpointProps): void {
  const { update, models } = props;
  // `checkServerless` rejects updates for serverless endpoints.
  if (!update || kindOf(props).name === 'serverless') return;
  update.check(problems);
  const unsupported = (allowed: string, fix: string) =>
    problems.add({ code: 'UpdatePolicy', prop: 'update', allowed, got: update.strategy, fix });
  if (kindOf(props).name === 'components' && update.strategy !== 'rolling') {
    unsupported('a rolling update for components, whose copies are replaced in place', 'Use EndpointUpdate.rolling().');
  }
  if (update.strategy === 'rolling' && kindOf(props).name === 'variants' && Object.keys(models).length > 1) {
    unsupported(
      'an update with a new fleet for several variants',
      'Use EndpointUpdate.canary(), linear() or allAtOnce().',
    );
  }
}
