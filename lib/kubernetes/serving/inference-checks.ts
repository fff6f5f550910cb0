import type { Problems } from '../../core/errors';
import type { ServingLoad } from '../../core/workload/serving-load';
import { checkNames } from '../manifest';
import { checkModelFiles, checkModelSize, type ModelCache, type ModelSource } from './model-files';
import type { ServingMachine } from './replica-layout';
import type { ServingScale } from './scale';
import type { ModelServer } from './server';
import { checkServer } from './server-checks';
import { checkNamespace, checkScale } from './serving-checks';
import type { ServingScaling } from './serving-scaling';

// Pods, groups of pods and node pools are named after a model.
const LONGEST_NAME = 29;

/** Adds a problem where the name of a model is longer than what is named after it takes. */
function checkServingName(problems: Problems, name: string): void {
  if (name.length <= LONGEST_NAME && /^[a-z]/.test(name)) return;
  problems.add({
    code: 'KubernetesName',
    prop: 'name',
    allowed: `at most ${LONGEST_NAME} characters, beginning with a letter`,
    got: name,
    fix: 'Give a short name.',
  });
}

/** Adds what is wrong with the names of a model and with its server. */
export function checkNamesAndServer(
  problems: Problems,
  { name, namespace }: { readonly name: string; readonly namespace: string },
  server: ModelServer,
): void {
  checkNames(problems, { name, namespace });
  checkServingName(problems, name);
  checkNamespace(problems, namespace);
  checkServer(problems.within('server'), server);
}

/** Adds what is wrong with how the replicas of a model follow its requests. */
export function checkScaling(
  problems: Problems,
  { metricsNamespace }: ServingScaling,
  scale: ServingScale,
  server: ModelServer,
): void {
  if (metricsNamespace !== undefined) checkNames(problems, { 'scaling.prometheus.namespace': metricsNamespace });
  checkScale(problems.within('scaling'), scale, server.metrics.gauges !== undefined);
}

/** A model that is served. */
export interface CheckedModel {
  readonly source: ModelSource;
  readonly cache: ModelCache;
  readonly sizeGiB: number;
}

/** Adds what is wrong with a model: where its files are and stay, how large it is, and who fetches it. */
export function checkServedModel(
  problems: Problems,
  { source, cache, sizeGiB }: CheckedModel,
  engine: ModelServer['engine'],
): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ModelSourceInvalid', prop, allowed, got, fix });
  checkModelFiles(problems, source, cache);
  checkModelSize(problems, sizeGiB);
  if (source.kind === 'hugging-face' && engine !== 'vllm') {
    const fix = 'Put the model into a bucket, or serve it by vLLM.';
    wrong('source', 'a bucket or a volume: the image of Triton has no client of the hub', 'the hub', fix);
  }
}

/** Adds a problem where vLLM could not deal out the heads of a model to the accelerators of a machine. */
export function checkHeads(
  problems: Problems,
  load: ServingLoad | undefined,
  engine: ModelServer['engine'],
  { accelerators }: Pick<ServingMachine, 'accelerators'>,
  acceleratorsPerReplica: number,
): void {
  const heads = load?.model.heads;
  const perNode = Math.min(acceleratorsPerReplica, accelerators);
  if (engine !== 'vllm' || heads === undefined || heads % perNode === 0) return;
  problems.add({
    code: 'ReplicaLayout',
    prop: 'acceleratorsPerReplica',
    allowed: `a number by which the ${heads} attention heads of ${load?.model.name} divide on each machine`,
    got: acceleratorsPerReplica,
    fix: 'Take a power of two.',
  });
}

/** Adds that a replica cannot span machines whose NVLink does. */
export function addDomainUnmade(problems: Problems, accelerators: number, acceleratorsPerReplica: number): void {
  problems.add({
    code: 'ReplicaLayout',
    prop: 'acceleratorsPerReplica',
    allowed: `at most ${accelerators}: NVLink between machines takes a compute domain, which is not made here`,
    got: acceleratorsPerReplica,
    fix: 'State what one machine has, or take a machine whose NVLink ends with it.',
  });
}

/** Adds a problem where a server of public images is to run on accelerators that they are not for. */
export function checkServerImage(
  problems: Problems,
  { image, hasOwnImage }: { readonly image: string; readonly hasOwnImage: boolean },
  machine: string,
  accelerator: string,
): void {
  if (hasOwnImage) return;
  problems.add({
    code: 'ImageMissing',
    prop: 'server.image',
    allowed: `given for ${machine}: the public images are for NVIDIA GPUs`,
    got: image,
    fix: `Name an image that is built for ${accelerator}.`,
  });
}

/** Adds a problem where charts are said to run on a cluster that is yet to be made. */
export function checkExistingCharts(problems: Problems, charts: readonly string[] = [], cluster?: object): void {
  if (cluster || charts.length === 0) return;
  addRunsNothing(problems, 'existingCharts', charts);
}

/** Adds that a new cluster has nothing of what is said to run on it. */
export function addRunsNothing(problems: Problems, prop: string, got: unknown): void {
  problems.add({
    code: 'ClusterOption',
    prop,
    allowed: 'left out for a new cluster, which runs nothing yet',
    got,
    fix: `Leave ${prop.replace(/^.*\./, '')} out.`,
  });
}
