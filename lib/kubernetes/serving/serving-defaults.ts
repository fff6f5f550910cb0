import type { Problems } from '../../core/errors';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { PlannedInference } from './load-plan';
import type { ServingScaling } from './serving-scaling';

/** A name of Kubernetes objects from the id of a construct: they are named in lower case. */
export function nameFrom(id: string): string {
  return id
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-');
}

/** Requests that one replica should have at once: planned, where they are not stated. */
export function requestsPerReplica(
  problems: Problems,
  { scaling, load }: { readonly scaling: ServingScaling; readonly load?: ServingLoad },
  planned: PlannedInference | undefined,
): number {
  if (scaling.kind === 'fixed' || scaling.requestsPerReplica !== undefined) return 1;
  if (planned) return planned.requestsPerReplica;
  if (!load) {
    problems.add({
      code: 'ValueMissing',
      prop: 'scaling.requestsPerReplica',
      allowed: 'the requests that one replica should have at once, since there is no load to take them from',
      got: undefined,
      fix: 'State load, or requestsPerReplica.',
    });
  }
  return 1;
}
