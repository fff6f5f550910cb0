import type { Problems } from '../../core/errors';
import { CHARTS } from '../charts';
import { checkNames } from '../manifest';
import { checkPool } from '../pool-checks';
import { checkModelFiles, checkModelSize } from './model-files';
import { mostReplicas, type ServingScale } from './scale';
import { checkServer } from './server-checks';
import type { ModelServing } from './serving-props';

// The controller of groups adds the index of group and pod, and a hash of ten characters, to the name.
const LONGEST_NAME = 40;

/** Adds what is wrong with the deployment of a model. */
export function checkServing(problems: Problems, props: ModelServing): void {
  const { name, namespace, pool, source, cache, weightsGiB } = props;
  checkNames(problems, { name, namespace });
  if (typeof name === 'string' && name.length > LONGEST_NAME) {
    problems.add({
      code: 'KubernetesName',
      prop: 'name',
      allowed: `at most ${LONGEST_NAME} characters, since pods are named after it`,
      got: name,
      fix: 'Shorten it.',
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

/** Adds a problem where a namespace of models would be one that others live in: it is made, restricted, and goes with the model. */
export function checkNamespace(problems: Problems, namespace: string): void {
  const taken = ['default', ...Object.values(CHARTS).map((chart) => chart.namespace)];
  if (!taken.includes(namespace) && !namespace.startsWith('kube-')) return;
  problems.add({
    code: 'KubernetesName',
    prop: 'namespace',
    allowed: 'one of its own: it is made with the model, admits what a model needs, and goes when the model goes',
    got: namespace,
    fix: 'Leave it out.',
  });
}

/** Adds what is wrong with the split of a model over nodes. */
export function checkReplica(
  problems: Problems,
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
    wrong('a whole number of at least 1', 'Give the accelerators of one replica.');
    return;
  }
  if (count > perNode && count % perNode !== 0) {
    wrong(
      `at most ${perNode}, or a multiple of it: a replica has a part of a node, or whole nodes`,
      'Take whole nodes.',
    );
    return;
  }
  if (count > perNode && server.engine === 'triton') {
    wrong(`at most ${perNode}: Triton serves from one node`, 'Take a larger machine, or vLLM.');
  }
  const nodes = count > perNode ? count / perNode : 1 / Math.floor(perNode / count);
  const most = mostReplicas(scale);
  if (most * nodes > pool.nodes) {
    problems.add({
      code: 'ReplicaLayout',
      prop: 'pool.nodes',
      allowed: `at least ${Math.ceil(most * nodes)}, which ${most} replicas take`,
      got: pool.nodes,
      fix: 'Give more nodes, or fewer replicas.',
    });
  }
}

/** Adds what is wrong with a range of replicas. */
export function checkScale(problems: Problems, scale: ServingScale, hasGauges: boolean): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ScalingInvalid', prop, allowed, got, fix });
  const whole = (prop: string, value: number, least: number) => {
    if (Number.isSafeInteger(value) && value >= least) return;
    wrong(prop, `a whole number of at least ${least}`, value, 'Give whole replicas.');
  };
  if (scale.kind === 'fixed') {
    whole('replicas', scale.replicas, 1);
    return;
  }
  whole('least', scale.least, 0);
  whole('most', scale.most, Math.max(1, scale.least));
  if (!(Number.isFinite(scale.requestsPerReplica) && scale.requestsPerReplica > 0)) {
    wrong('requestsPerReplica', 'a positive number', scale.requestsPerReplica, 'Say what one replica serves at once.');
  }
  if (scale.kind === 'keda' && !/^https?:\/\/[^\s/]+/.test(scale.prometheus)) {
    const fix = 'Give the address of its service, as KEDA calls it.';
    wrong('prometheus', 'a URL, e.g. http://prometheus.monitoring.svc:9090', scale.prometheus, fix);
  }
  if (scale.kind === 'hpa' && !hasGauges) {
    wrong('kind', 'keda or fixed: the server has no gauge of its requests', 'hpa', 'Scale it by KEDA.');
  }
  if (scale.least === 0 && !(scale.kind === 'keda' && scale.wakeUp)) {
    problems.add({
      code: 'ScaleToZero',
      prop: 'least',
      allowed:
        'at least 1: replicas count their requests themselves, so without one nothing tells that a request waits',
      got: 0,
      fix: 'Scale by KEDA with a wakeUp query over what stands before the replicas, or keep one replica.',
    });
  }
}
