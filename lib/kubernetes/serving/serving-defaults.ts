import type { Problems } from '../../core/errors';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import type { ServingLoad } from '../../core/workload/serving-load';
import { SYSTEM_LABELS } from '../pool';
import type { PlannedInference } from './load-plan';
import type { ServingScale } from './scale';
import type { ModelServer } from './server';
import { ServingCache } from './serving-cache';
import { ServingScaling } from './serving-scaling';
import { ServingServer } from './serving-server';

/** What was left out of a served model, and is filled in the same way on every cluster. */
export interface ServingChoices<Chart extends string> {
  readonly name?: string;
  readonly namespace?: string;
  readonly server?: ServingServer;
  readonly scaling?: ServingScaling;
  readonly cache?: ServingCache;
  readonly systemLabels?: Readonly<Record<string, string>>;
  readonly existingCharts?: readonly Chart[];
}

/** A served model whose open sizes are settled, as far as every cluster has it. */
export interface SizedServing {
  readonly resolved: ModelServer;
  readonly scale: ServingScale;
  readonly acceleratorsPerReplica: number;
  /** Most machines at any time. */
  readonly machines: number;
  /** @default - there is no load, or it contradicts itself so that nothing can be planned */
  readonly plan?: ServingPlan;
}

/** Fills in what was left out of a served model. @param id of its construct, after which it is named */
export function servingDefaults<Chart extends string>(
  props: ServingChoices<Chart>,
  id: string,
  planned: PlannedInference | undefined,
): Required<ServingChoices<Chart>> {
  const { name = nameFrom(id) } = props;
  return {
    name,
    namespace: props.namespace ?? name,
    server: props.server ?? ServingServer.vllm(),
    scaling: props.scaling ?? ServingScaling.fixed(planned?.plan.replicas.count ?? 1),
    cache: props.cache ?? ServingCache.pod(),
    systemLabels: props.systemLabels ?? SYSTEM_LABELS,
    existingCharts: props.existingCharts ?? [],
  };
}

/** A server as the Kubernetes layer runs it, with the cache of keys and values that a load is planned with. */
export function resolvedServer(server: ServingServer, load: ServingLoad | undefined): ModelServer {
  return server.resolve(load?.kvPrecision === 'fp8' ? 'fp8' : undefined);
}

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
