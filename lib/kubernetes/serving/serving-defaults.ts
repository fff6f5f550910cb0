import type { ProblemCollector } from '../../core/errors';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import type { ServingLoad } from '../../core/workload/serving-load';
import { SYSTEM_LABELS } from '../pool';
import type { PlannedInference } from './load-plan';
import type { ServingScale } from './scale';
import type { ModelServer } from './server';
import { ServingCache } from './serving-cache';
import { ServingScaling } from './serving-scaling';
import { ServingServer } from './serving-server';

/** Optional props of a served model that have the same default on every cloud. */
export interface OptionalServingProps<Chart extends string> {
  /** Name of the model. @default - derived from the construct ID */
  readonly name?: string;
  /** Namespace of the model. @default - the name of the model */
  readonly namespace?: string;
  /** Model server. @default ServingServer.vllm() */
  readonly server?: ServingServer;
  /** Number of replicas. @default - a fixed number, planned for the load, or 1 without a load */
  readonly scaling?: ServingScaling;
  /** Cache for the files of the model. @default ServingCache.pod() */
  readonly cache?: ServingCache;
  /** Labels of the system nodes. @default SYSTEM_LABELS */
  readonly systemLabels?: Readonly<Record<string, string>>;
  /** Charts that the cluster already runs. @default - none */
  readonly existingCharts?: readonly Chart[];
}

/** Resolved values of a served model that are the same on every cloud. */
export interface ResolvedServing {
  /** Model server. */
  readonly resolved: ModelServer;
  /** Number of replicas. */
  readonly scale: ServingScale;
  /** Accelerators per replica. */
  readonly acceleratorsPerReplica: number;
  /** Maximum number of machines. */
  readonly machines: number;
  /** Plan of the load. @default - no load, or the load cannot be planned */
  readonly plan?: ServingPlan;
}

/** Applies the defaults of a served model. @param id ID of its construct, from which its name is derived */
export function servingDefaults<Chart extends string>(
  props: OptionalServingProps<Chart>,
  id: string,
  planned: PlannedInference | undefined,
): Required<OptionalServingProps<Chart>> {
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

/** Returns the resolved server. Its KV cache uses the precision of the load. */
export function resolvedServer(server: ServingServer, load: ServingLoad | undefined): ModelServer {
  return server.resolve(load?.kvPrecision === 'fp8' ? 'fp8' : undefined);
}

/** Returns the name of Kubernetes objects from the ID of a construct, in lowercase. */
export function nameFrom(id: string): string {
  return id
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-');
}

/** Returns the planned target concurrency if `scaling` does not set it. Adds a problem without a load. */
export function targetConcurrency(
  problems: ProblemCollector,
  { scaling, load }: { readonly scaling: ServingScaling; readonly load?: ServingLoad },
  planned: PlannedInference | undefined,
): number {
  if (scaling.kind === 'fixed' || scaling.targetConcurrency !== undefined) return 1;
  if (planned) return planned.targetConcurrency;
  if (!load) {
    problems.add({
      code: 'ValueMissing',
      prop: 'scaling.targetConcurrency',
      allowed: 'set if `load` is not set',
      got: undefined,
      fix: 'Set `load`, or set `targetConcurrency` to the number of concurrent requests per replica.',
    });
  }
  return 1;
}
