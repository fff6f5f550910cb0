// Generated from the interfaces by `npm run props`. Edit the interface, not this file.
import type { BucketModelOptions, HubModelOptions, VolumeModelOptions } from './serving/model-volume';
import type { EnvVar } from './manifest';
import type {
  ExistingPrometheus,
  KedaActivation,
  KedaOptions,
  KedaQuery,
  KedaSchedule,
  ScalingOptions,
} from './serving/scale';
import type { GatewayOptions } from './serving/gateway';
import type { KubeletOptions } from './kubelet-options';
import type { SecretKey } from './job-environment';
import type { ServerOptions, VllmServerOptions } from './serving/server';
import type { Taint } from './pool';
import type { TrainJobOptions } from './train-job';
import type { TrainingImages } from './training-runtime';
import {
  LINES,
  NUMBER,
  STRING,
  STRING_OR_EMPTY,
  anyOf,
  instanceOf,
  listOf,
  objectOf,
  oneOf,
  recordOf,
  required,
  type PropSchema,
  type PropType,
} from '../core/prop-schema';

export const JOB_PRIORITY: PropType = oneOf(['urgent', 'normal', 'spare']);
export const JOB_VOLUME: PropType = instanceOf(
  'kubernetes.JobVolume',
  'a JobVolume',
  'Use a static member of JobVolume, for example JobVolume.claim(…).',
);
export const SERVING_CACHE: PropType = instanceOf(
  'kubernetes.ServingCache',
  'a ServingCache',
  'Use ServingCache.pod(), ServingCache.node() or ServingCache.volume(…).',
);
export const SERVING_SCALING: PropType = instanceOf(
  'kubernetes.ServingScaling',
  'a ServingScaling',
  'Use ServingScaling.fixed(…), ServingScaling.keda(…) or ServingScaling.hpa(…).',
);
export const SERVING_SERVER: PropType = instanceOf(
  'kubernetes.ServingServer',
  'a ServingServer',
  'Use ServingServer.vllm() or ServingServer.triton().',
);

export const BUCKET_MODEL_OPTIONS: PropSchema<BucketModelOptions> = {
  prefix: required(STRING),
  sha256: required(STRING),
  sizeGiB: required(NUMBER),
};

export const ENV_VAR: PropSchema<EnvVar> = {
  name: required(STRING),
  value: required(STRING_OR_EMPTY),
};

export const EXISTING_PROMETHEUS: PropSchema<ExistingPrometheus> = {
  address: required(STRING),
  namespace: required(STRING),
};

export const GATEWAY_OPTIONS: PropSchema<GatewayOptions> = {
  priority: NUMBER,
  gateway: required(
    objectOf(() => ({ name: required(STRING), namespace: required(STRING) }), 'an object { name, namespace }'),
  ),
  endpointPicker: required(
    objectOf(() => ({ name: required(STRING), port: required(NUMBER) }), 'an object { name, port }'),
  ),
  hostnames: listOf(STRING),
};

export const HUB_MODEL_OPTIONS: PropSchema<HubModelOptions> = {
  revision: required(STRING),
  sizeGiB: required(NUMBER),
  tokenSecret: STRING,
};

export const KEDA_ACTIVATION: PropSchema<KedaActivation> = {
  query: required(STRING),
  above: NUMBER,
};

export const KEDA_OPTIONS: PropSchema<KedaOptions> = {
  prometheus: objectOf(() => EXISTING_PROMETHEUS, 'an object { address, namespace }'),
  minReplicas: NUMBER,
  maxReplicas: required(NUMBER),
  targetConcurrency: NUMBER,
  activation: objectOf(() => KEDA_ACTIVATION, 'an object { query }'),
  queries: listOf(objectOf(() => KEDA_QUERY, 'an object { query, threshold }')),
  schedules: listOf(objectOf(() => KEDA_SCHEDULE, 'an object { start, end, replicas }')),
};

export const KEDA_QUERY: PropSchema<KedaQuery> = {
  query: required(STRING),
  threshold: required(NUMBER),
};

export const KEDA_SCHEDULE: PropSchema<KedaSchedule> = {
  start: required(STRING),
  end: required(STRING),
  timeZone: STRING,
  replicas: required(NUMBER),
};

export const KUBELET_OPTIONS: PropSchema<KubeletOptions> = {
  cpuManagerPolicy: oneOf(['none', 'static']),
  topologyManagerPolicy: oneOf(['none', 'best-effort', 'restricted']),
  podPidsLimit: NUMBER,
};

export const SCALING_OPTIONS: PropSchema<ScalingOptions> = {
  minReplicas: NUMBER,
  maxReplicas: required(NUMBER),
  targetConcurrency: NUMBER,
};

export const SECRET_KEY: PropSchema<SecretKey> = {
  secret: required(STRING),
  key: required(STRING),
};

export const SERVER_OPTIONS: PropSchema<ServerOptions> = {
  image: STRING,
  args: LINES,
  env: listOf(objectOf(() => ENV_VAR, 'an object { name, value }')),
};

export const TAINT: PropSchema<Taint> = {
  key: required(STRING),
  value: STRING,
  effect: required(oneOf(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])),
};

export const TRAINING_IMAGES: PropSchema<TrainingImages> = {
  training: STRING,
  acceptance: STRING,
};

export const TRAIN_JOB_OPTIONS: PropSchema<TrainJobOptions> = {
  name: required(STRING),
  group: STRING,
  nodes: NUMBER,
  command: LINES,
  image: STRING,
  priority: JOB_PRIORITY,
  env: recordOf(
    anyOf(
      STRING,
      objectOf(() => SECRET_KEY, 'an object { secret, key }'),
    ),
  ),
  volumes: listOf(JOB_VOLUME),
};

export const VLLM_SERVER_OPTIONS: PropSchema<VllmServerOptions> = {
  servedModelName: STRING,
  maxModelLength: NUMBER,
  memoryShare: NUMBER,
  kvCacheType: oneOf(['auto', 'fp8']),
  image: STRING,
  args: LINES,
  env: listOf(objectOf(() => ENV_VAR, 'an object { name, value }')),
};

export const VOLUME_MODEL_OPTIONS: PropSchema<VolumeModelOptions> = {
  sizeGiB: required(NUMBER),
  path: STRING,
};
