import type { EnvVar } from '../manifest';
import type { AcceleratorPool } from '../pool';
import type { ModelCache, ModelSource } from './model-files';
import type { ServingScale } from './scale';
import type { ModelServer } from './server';

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
