import type { EnvVar } from '../manifest';
import type { AcceleratorPool } from '../pool';
import type { ModelCache, ModelSource } from './model-files';
import type { ServingScale } from './scale';
import type { ModelServer } from './server';

/** Who may send requests: pods by their namespace, or addresses. */
export type ServingClient =
  { readonly namespace: string; readonly labels?: Readonly<Record<string, string>> } | { readonly cidr: string };

/** An address that servers must reach beside object storage and the hub, e.g. the agent that gives pods their identity. */
export interface ServingEgress {
  readonly cidr: string;
  readonly port: number;
}

/** How pods get an identity of the cloud, where their service account alone does not say it. */
export interface ServerIdentity {
  /** Annotations of the service account. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Labels of the pods. */
  readonly podLabels: Readonly<Record<string, string>>;
}

/** Properties for `modelServing`. */
export interface ModelServingProps {
  /** Name of all objects, and by default that of the model in requests. */
  readonly name: string;
  readonly namespace: string;
  /** The nodes that it runs on; `nodes` is the most that there will be. */
  readonly pool: AcceleratorPool;
  readonly server: ModelServer;
  readonly source: ModelSource;
  /** @default { kind: 'pod' } */
  readonly cache?: ModelCache;
  /** Size of the weights, which decides how long a start may take and how much disk it needs. */
  readonly weightsGiB: number;
  /** Accelerators of one replica: a part of a node, or whole nodes. */
  readonly acceleratorsPerReplica: number;
  /** How many replicas there are. */
  readonly scale: ServingScale;
  /** Who may send requests. @default - pods of the same namespace */
  readonly clients?: readonly ServingClient[];
  /** Namespaces of what reads the metrics. @default - none may */
  readonly metricsNamespaces?: readonly string[];
  /** @default - DNS and HTTPS alone */
  readonly egress?: readonly ServingEgress[];
  /** Whether an update may start a new replica before it stops an old one: not where every node is taken. @default true */
  readonly surge?: boolean;
  /** Labels of nodes to ask for by name: some schedulers and autoscalers read no affinity. @default - the pool is found by affinity alone */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Environment of the fabric, for replicas of several nodes. @default - none */
  readonly fabricEnv?: readonly EnvVar[];
  /** @default - the service account is all, or the servers need none */
  readonly identity?: ServerIdentity;
}

/** The same, with what was left out. */
export type ModelServing = ModelServingProps & Required<Pick<ModelServingProps, 'cache' | 'surge'>>;
