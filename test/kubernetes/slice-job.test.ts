import { sliceJob, type SliceJobProps } from '../../lib/kubernetes';
import { at } from './at';
import { h100 } from './pools';
import { refusalOf } from './problems';
import { manifestFaults, schemaTest } from './schemas';

const NODE_POOL = 'cloud.google.com/gke-nodepool';
const props: SliceJobProps = {
  name: 'train',
  namespace: 'ml',
  queue: 'train',
  image: 'jax:1',
  command: ['python', 'train.py'],
  pool: h100({ nodes: 8, slices: { count: 2, nodeLabel: NODE_POOL }, fabric: undefined }),
};
const PART = 'spec.replicatedJobs.0';

schemaTest('is a valid JobSet, over one slice and over several', () => {
  expect([sliceJob(props), sliceJob({ ...props, slices: 1, priority: 'urgent' })].flatMap(manifestFaults)).toEqual([]);
});

test('has a part for each slice, and in it a pod for each of its nodes', () => {
  const job = sliceJob(props);
  expect(at(job, `${PART}.replicas`)).toBe(2);
  expect(at(job, `${PART}.template.spec`)).toMatchObject({ parallelism: 4, completions: 4, backoffLimit: 0 });
});

test('keeps the parts of several slices apart, and one slice needs none of that', () => {
  const annotation = { 'alpha.jobset.sigs.k8s.io/exclusive-topology': NODE_POOL };
  expect(sliceJob(props).metadata.annotations).toEqual(annotation);
  expect(sliceJob({ ...props, slices: 1 }).metadata.annotations).toBeUndefined();
});

test('takes whole nodes, and runs the command', () => {
  const container = at(sliceJob(props), `${PART}.template.spec.template.spec.containers.0`);
  expect(container).toMatchObject({ image: 'jax:1', command: ['python', 'train.py'] });
  expect(at(container, 'resources.requests')).toMatchObject({ 'nvidia.com/gpu': '8' });
});

test('starts again when a slice fails, and as often as nodes are taken away', () => {
  expect(at(sliceJob(props), 'spec.failurePolicy')).toMatchObject({
    maxRestarts: 4,
    rules: [{ action: 'RestartJobSetAndIgnoreMaxRestarts', onJobFailureReasons: ['PodFailurePolicy'] }],
  });
  expect(at(sliceJob(props), `${PART}.template.spec.podFailurePolicy.rules.0`)).toEqual({
    action: 'FailJob',
    onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }],
  });
});

test('queues, with its priority', () => {
  expect(sliceJob({ ...props, priority: 'spare' }).metadata.labels).toEqual({
    'kueue.x-k8s.io/queue-name': 'train',
    'kueue.x-k8s.io/priority-class': 'train-spare',
  });
});

test.each([0, 3, 1.5])('refuses %d of two slices', (slices) => {
  expect(refusalOf(() => sliceJob({ ...props, slices }))).toEqual(['NodesOutOfRange slices']);
});

test('refuses an empty command', () => {
  expect(refusalOf(() => sliceJob({ ...props, command: [] }))).toEqual(['ValueMissing command']);
});

test('refuses names that Kubernetes does not take, all together', () => {
  expect(refusalOf(() => sliceJob({ ...props, name: 'Train', queue: 'a b' }))).toEqual([
    'KubernetesName queue',
    'KubernetesName name',
  ]);
});
