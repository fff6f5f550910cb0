import type { ProblemCollector } from '../../core/errors';
import { CHARTS } from '../controller-charts';
import { checkNames, TRAINING_NAMESPACE } from '../manifest';
import { checkPool } from '../pool';
import { checkModelFiles, checkModelSize } from './model-files';
import { maxReplicasOf, type ServingScale } from './scale';
import { checkServer } from './server';
import type { ModelServing } from './serving-props';

// The LeaderWorkerSet controller adds the indexes of the group and the pod, and a hash of ten characters, to the name.
const MAX_NAME_LENGTH = 40;

/** Adds problems for the deployment of a model. */
export function checkServing(problems: ProblemCollector, props: ModelServing): void {
  const { name, namespace, pool, source, cache, weightsGiB } = props;
  checkNames(problems, { name, namespace });
  if (typeof name === 'string' && name.length > MAX_NAME_LENGTH) {
    problems.add({
      code: 'KubernetesName',
      prop: 'name',
      allowed: `at most ${MAX_NAME_LENGTH} characters, because the names of pods include it`,
      got: name,
      fix: 'Choose a shorter name.',
    });
  }
  checkNamespace(problems, namespace);
  checkPool(problems.within('pool'), pool);
  checkServer(problems.within('server'), props.server);
  checkModelFiles(problems.within('source'), source, cache);
  checkModelSize(problems, weightsGiB, 'weightsGiB');
  checkScale(problems.within('scale'), props.scale, props.server.metrics.gauges !== undefined);
  checkReplica(problems, props);
}

/**
 * Adds a problem if a namespace is already used by other software. It is created with the model, restricted, and deleted with the model. In
 * the namespace of a training cluster, the restrictions would reject all pods of jobs.
 */
export function checkNamespace(problems: ProblemCollector, namespace: string): void {
  const taken = ['default', TRAINING_NAMESPACE, ...Object.values(CHARTS).map((chart) => chart.namespace)];
  if (!taken.includes(namespace) && !namespace.startsWith('kube-')) return;
  problems.add({
    code: 'KubernetesName',
    prop: 'namespace',
    allowed: 'a dedicated namespace, because it is created and deleted with the model',
    got: namespace,
    fix: 'Choose another namespace, or leave it out.',
  });
}

/** Adds problems for the distribution of a model over nodes. */
export function checkReplica(
  problems: ProblemCollector,
  {
    pool,
    acceleratorsPerReplica: count,
    scale,
    server,
  }: Pick<ModelServing, 'pool' | 'acceleratorsPerReplica' | 'scale' | 'server'>,
): void {
  const perNode = pool.acceleratorsPerNode;
  const wrong = (allowed: string, fix: string) =>
    problems.add({ code: 'ReplicaLayout', prop: 'acceleratorsPerReplica', allowed, got: count, fix });
  if (!Number.isSafeInteger(count) || count < 1) {
    wrong('a whole number of at least 1', 'Set it to the number of accelerators of one replica.');
    return;
  }
  if (count > perNode && count % perNode !== 0) {
    wrong(
      `at most ${perNode} or a multiple of ${perNode}, because a replica uses a part of one node or whole nodes`,
      'Use a multiple, or a smaller number.',
    );
    return;
  }
  if (count > perNode && server.engine === 'triton') {
    wrong(`at most ${perNode}, because Triton runs on one node`, 'Use a larger machine, or vLLM.');
  }
  const nodes = count > perNode ? count / perNode : 1 / Math.floor(perNode / count);
  const max = maxReplicasOf(scale);
  if (max * nodes > pool.nodes) {
    problems.add({
      code: 'ReplicaLayout',
      prop: 'pool.nodes',
      allowed: `at least ${Math.ceil(max * nodes)} for ${max} replicas`,
      got: pool.nodes,
      fix: 'Use more nodes, or fewer replicas.',
    });
  }
}

/** Adds problems for the scaling of replicas. */
export function checkScale(problems: ProblemCollector, scale: ServingScale, hasGauges: boolean): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ScalingInvalid', prop, allowed, got, fix });
  const whole = (prop: string, value: number, min: number) => {
    if (Number.isSafeInteger(value) && value >= min) return;
    wrong(prop, `a whole number of at least ${min}`, value, 'Set it to a valid number of replicas.');
  };
  if (scale.kind === 'fixed') {
    whole('replicas', scale.replicas, 1);
    return;
  }
  whole('minReplicas', scale.minReplicas, 0);
  whole('maxReplicas', scale.maxReplicas, Math.max(1, scale.minReplicas));
  if (!(Number.isFinite(scale.targetConcurrency) && scale.targetConcurrency > 0)) {
    const fix = 'Set it to the number of concurrent requests per replica.';
    wrong('targetConcurrency', 'a positive number', scale.targetConcurrency, fix);
  }
  if (scale.kind === 'keda' && !/^https?:\/\/[^\s/]+/.test(scale.prometheus)) {
    const fix = 'Use the address of its service that KEDA can reach.';
    wrong('prometheus', 'a URL, for example http://prometheus.monitoring.svc:9090', scale.prometheus, fix);
  }
  if (scale.kind === 'hpa' && !hasGauges) {
    const allowed = 'keda or fixed, because the server does not report the number of requests as a gauge';
    wrong('kind', allowed, 'hpa', 'Use ServingScaling.keda.');
  }
  if (scale.minReplicas === 0 && !(scale.kind === 'keda' && scale.activation)) {
    problems.add({
      code: 'ScaleToZero',
      prop: 'minReplicas',
      allowed: 'at least 1, because without replicas no metric shows that a request is waiting',
      got: 0,
      fix: 'Set minReplicas to 1, or use ServingScaling.keda with an activation query on the component in front of the replicas.',
    });
  }
}
