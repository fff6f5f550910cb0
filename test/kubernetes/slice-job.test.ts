import { JobPriority, sliceJob, type SliceJobProps } from '../../lib/kubernetes';
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
  expect(
    [sliceJob(props), sliceJob({ ...props, slices: 1, priority: JobPriority.URGENT })].flatMap(manifestFaults),
  ).toEqual([]);
});

test('has one part per slice, with one pod per node', () => {
  const job = sliceJob(props);
  expect(at(job, `${PART}.replicas`)).toBe(2);
  expect(at(job, `${PART}.template.spec`)).toMatchObject({ parallelism: 4, completions: 4, backoffLimit: 0 });
});

test('places each part on one slice, also a single part on a pool of several slices', () => {
  const annotation = { 'alpha.jobset.sigs.k8s.io/exclusive-topology': NODE_POOL };
  expect(sliceJob(props).metadata.annotations).toEqual(annotation);
  expect(sliceJob({ ...props, slices: 1 }).metadata.annotations).toEqual(annotation);
  const pool = h100({ nodes: 4, slices: { count: 1, nodeLabel: NODE_POOL }, fabric: undefined });
  expect(sliceJob({ ...props, pool }).metadata.annotations).toBeUndefined();
});

test('uses whole nodes and runs the command', () => {
  const container = at(sliceJob(props), `${PART}.template.spec.template.spec.containers.0`);
  expect(container).toMatchObject({ image: 'jax:1', command: ['python', 'train.py'] });
  expect(at(container, 'resources.requests')).toMatchObject({ 'nvidia.com/gpu': '8' });
});

test('restarts if a slice fails, and does not count drained nodes', () => {
  expect(at(sliceJob(props), 'spec.failurePolicy')).toMatchObject({
    maxRestarts: 50,
    rules: [{ action: 'RestartJobSetAndIgnoreMaxRestarts', onJobFailureReasons: ['PodFailurePolicy'] }],
  });
  expect(at(sliceJob(props), `${PART}.template.spec.podFailurePolicy.rules.0`)).toEqual({
    action: 'FailJob',
    onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }],
  });
});

test('waits in the queue with its priority', () => {
  expect(sliceJob({ ...props, priority: JobPriority.SPARE }).metadata.labels).toEqual({
    'kueue.x-k8s.io/queue-name': 'train',
    'kueue.x-k8s.io/priority-class': 'train-spare',
  });
});

test.each([0, 3, 1.5])('rejects %d of two slices', (slices) => {
  expect(refusalOf(() => sliceJob({ ...props, slices }))).toEqual(['NodesOutOfRange slices']);
});

test('rejects an empty command', () => {
  expect(refusalOf(() => sliceJob({ ...props, command: [] }))).toEqual(['ValueMissing command']);
});

test('reports all invalid Kubernetes names at once', () => {
  expect(refusalOf(() => sliceJob({ ...props, name: 'Train', queue: 'a b' }))).toEqual([
    'KubernetesName queue',
    'KubernetesName name',
  ]);
});
