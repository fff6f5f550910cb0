import type { EnvVar } from '../manifest';
import { type AcceleratorPool, SYSTEM_LABELS } from '../pool';
import type { ModelCache, ModelSource } from './model-files';
import { type ServingScale, ServingCache, ServingScaling } from './scale';
import type { ModelServer } from './server';
import type { ProblemCollector } from '../../core/errors';
import type { ServingPlan } from '../../core/planning/serving/plan-serving';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { PlannedInference } from './load-plan';
import { ServingServer } from './serving-server';

/** Client that can send requests: the pods of a namespace, or a CIDR block. */
export type ServingClient =
  { readonly namespace: string; readonly labels?: Readonly<Record<string, string>> } | { readonly cidr: string };

/** Address that servers must reach in addition to DNS and HTTPS, for example the agent that provides the pod identity. */
export interface ServingEgress {
  /** CIDR block of the address. */
  readonly cidr: string;
  /** TCP port. */
  readonly port: number;
}

/** Identity of pods in the cloud, if the name of the service account is not enough. */
export interface ServerIdentity {
  /** Annotations of the service account. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Labels of the pods. */
  readonly podLabels: Readonly<Record<string, string>>;
}

/** Properties for `modelServing`. */
export interface ModelServingProps {
  /** Name of all objects, and the default name of the model in requests. */
  readonly name: string;
  /** Namespace of all objects. */
  readonly namespace: string;
  /** Accelerator pool that the replicas run on. Its `nodes` is the maximum number of nodes. */
  readonly pool: AcceleratorPool;
  /** Model server. */
  readonly server: ModelServer;
  /** Location of the files of the model. */
  readonly source: ModelSource;
  /** Cache for the files of the model. @default { kind: 'pod' } */
  readonly cache?: ModelCache;
  /** Size of the weights. Determines the time limit of a start and the disk space. */
  readonly weightsGiB: number;
  /** Accelerators per replica: a part of a node, or whole nodes. */
  readonly acceleratorsPerReplica: number;
  /** Number of replicas. */
  readonly scale: ServingScale;
  /** Clients that can send requests. @default - pods of the same namespace */
  readonly clients?: readonly ServingClient[];
  /** Namespaces of pods that can read the metrics. @default - none */
  readonly metricsNamespaces?: readonly string[];
  /** Addresses that servers must reach in addition to DNS and HTTPS. @default - none */
  readonly egress?: readonly ServingEgress[];
  /** Whether an update starts a new replica before it stops an old one. Set to false if all nodes are in use. @default true */
  readonly surge?: boolean;
  /** Labels that a node must have, for schedulers and autoscalers that ignore affinity. @default - only affinity selects the nodes */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Environment variables for the fabric, for replicas on several nodes. @default - none */
  readonly fabricEnv?: readonly EnvVar[];
  /** Annotations and labels that give the servers an identity in the cloud. @default - none */
  readonly identity?: ServerIdentity;
}

/** `ModelServingProps` with defaults applied. */
export type ModelServing = ModelServingProps & Required<Pick<ModelServingProps, 'cache' | 'surge'>>;

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
