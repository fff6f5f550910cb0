import type { ProblemCollector } from '../../core/errors';
import type { ServingLoad } from '../../core/workload/serving-load';
import { checkNames } from '../manifest';
import { checkModelFiles, checkModelSize, type ModelCache, type ModelSource } from './model-files';
import type { ServingMachine } from './replica-layout';
import type { ServingScale, ServingScaling } from './scale';
import { type ModelServer, checkServer } from './server';
import { checkNamespace, checkScale } from './serving-checks';

// Pods, groups of pods and node pools derive their names from the name of the model.
const MAX_NAME_LENGTH = 29;

/** Adds a problem if the name of a model is too long, or does not start with a letter. */
function checkServingName(problems: ProblemCollector, name: string): void {
  if (name.length <= MAX_NAME_LENGTH && /^[a-z]/.test(name)) return;
  problems.add({
    code: 'KubernetesName',
    prop: 'name',
    allowed: `at most ${MAX_NAME_LENGTH} characters, starting with a letter`,
    got: name,
    fix: 'Choose another name.',
  });
}

/** Adds problems for the names of a model and for its server. */
export function checkNamesAndServer(
  problems: ProblemCollector,
  { name, namespace }: { readonly name: string; readonly namespace: string },
  server: ModelServer,
): void {
  checkNames(problems, { name, namespace });
  checkServingName(problems, name);
  checkNamespace(problems, namespace);
  checkServer(problems.within('server'), server);
}

/** Adds problems for the scaling of a model. */
export function checkScaling(
  problems: ProblemCollector,
  { metricsNamespace }: ServingScaling,
  scale: ServingScale,
  server: ModelServer,
): void {
  if (metricsNamespace !== undefined) checkNames(problems, { 'scaling.prometheus.namespace': metricsNamespace });
  checkScale(problems.within('scaling'), scale, server.metrics.gauges !== undefined);
}

/** Model that `checkServedModel` validates. */
export interface CheckedModel {
  /** Location of the files. */
  readonly source: ModelSource;
  /** Cache for the files between starts. */
  readonly cache: ModelCache;
  /** Size of the files. */
  readonly sizeGiB: number;
}

/** Adds problems for a model: the location, cache and size of its files, and the client that downloads them. */
export function checkServedModel(
  problems: ProblemCollector,
  { source, cache, sizeGiB }: CheckedModel,
  engine: ModelServer['engine'],
): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ModelSourceInvalid', prop, allowed, got, fix });
  checkModelFiles(problems, source, cache);
  checkModelSize(problems, sizeGiB);
  if (source.kind === 'hugging-face' && engine !== 'vllm') {
    const fix = 'Copy the model to a bucket, or serve it with vLLM.';
    wrong('source', 'a bucket or a volume, because the Triton image has no Hugging Face client', 'the hub', fix);
  }
}

/** Adds a problem if vLLM cannot distribute the attention heads of a model evenly over the accelerators of a machine. */
export function checkHeads(
  problems: ProblemCollector,
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
    allowed: `a number that divides the ${heads} attention heads of ${load?.model.name} evenly on each machine`,
    got: acceleratorsPerReplica,
    fix: 'Use a power of two.',
  });
}

/** Adds the problem that a replica cannot span machines with a shared NVLink domain. */
export function addComputeDomainUnsupported(
  problems: ProblemCollector,
  accelerators: number,
  acceleratorsPerReplica: number,
): void {
  problems.add({
    code: 'ReplicaLayout',
    prop: 'acceleratorsPerReplica',
    allowed: `at most ${accelerators}, because this construct does not create compute domains for NVLink between machines`,
    got: acceleratorsPerReplica,
    fix: `Use ${accelerators} or less, or use a machine without NVLink between machines.`,
  });
}

/** Adds a problem if the server uses a public image on accelerators that the image does not support. */
export function checkServerImage(
  problems: ProblemCollector,
  { image, hasOwnImage }: { readonly image: string; readonly hasOwnImage: boolean },
  machine: string,
  accelerator: string,
): void {
  if (hasOwnImage) return;
  problems.add({
    code: 'ImageMissing',
    prop: 'server.image',
    allowed: `set for ${machine}, because the public images only support NVIDIA GPUs`,
    got: image,
    fix: `Use an image for ${accelerator}.`,
  });
}
