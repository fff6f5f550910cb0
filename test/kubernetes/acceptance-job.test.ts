import { ACCEPTANCE_IMAGES, acceptanceJob, type AcceptanceJobProps, quantitiesOf } from '../../lib/kubernetes';
import { at, byName } from './at';
import { gb200, h100, trainium } from './pools';
import { refusalOf } from './problems';
import { manifestFaults, schemaTest } from './schemas';

const props = { namespace: 'ml', queue: 'train' };
const env = [{ name: 'FI_PROVIDER', value: 'efa' }];
const nvidia: AcceptanceJobProps = { ...props, pool: h100(), env };
const neuron: AcceptanceJobProps = { ...props, pool: trainium(), ranksPerAccelerator: 2 };
const spanning: AcceptanceJobProps = { ...props, pool: gb200(), image: 'nccl-tests:arm64' };
const ofKind = (given: AcceptanceJobProps, kind: string) =>
  acceptanceJob(given).find((manifest) => manifest.kind === kind);
const jobOf = (given: AcceptanceJobProps, name: string) =>
  byName(at(ofKind(given, 'TrainingRuntime'), 'spec.template.spec.replicatedJobs'))[name];
const podOf = (given: AcceptanceJobProps, name: string) => at(jobOf(given, name), 'template.spec.template.spec');
const containerOf = (given: AcceptanceJobProps, name: string) => at(podOf(given, name), 'containers.0');
const toldTo = (given: AcceptanceJobProps): Record<string, unknown> => {
  const env = byName(at(containerOf(given, 'launcher'), 'env'));
  return Object.fromEntries(Object.entries(env).map(([name, variable]) => [name, at(variable, 'value')]));
};
const requestsOf = (name: string) =>
  at(containerOf(nvidia, name), 'resources.requests') as Record<'cpu' | 'memory', string>;

schemaTest('every object of an acceptance job is valid, for every kind of pool', () => {
  expect([nvidia, neuron, spanning].flatMap((one) => acceptanceJob(one)).flatMap(manifestFaults)).toEqual([]);
});

describe('node pods of the acceptance job', () => {
  test('run an SSH server and are ready when it listens', () => {
    expect(containerOf(nvidia, 'node')).toMatchObject({
      name: 'node',
      command: ['sh', '/acceptance/serve.sh'],
      readinessProbe: { tcpSocket: { port: 22 } },
    });
  });

  test('use all accelerators and interfaces, and leave quota for the launcher', () => {
    const quota = quantitiesOf(h100(), 16);
    const requests = requestsOf('node');
    const launcher = requestsOf('launcher');
    expect(requests).toMatchObject({ 'nvidia.com/gpu': '8', 'vpc.amazonaws.com/efa': '32' });
    expect(16 * Number(requests.cpu) + Number(launcher.cpu)).toBeLessThanOrEqual(Number(quota.cpu));
    expect(16 * parseInt(requests.memory) + parseInt(launcher.memory)).toBeLessThanOrEqual(parseInt(quota.memory!));
  });
});

describe('launcher pod of the acceptance job', () => {
  test('starts when the nodes are ready, requests no accelerator, and determines the result of the job', () => {
    expect(at(jobOf(nvidia, 'launcher'), 'dependsOn')).toEqual([{ name: 'node', status: 'Ready' }]);
    expect(Object.keys(requestsOf('launcher'))).toEqual(['cpu', 'memory']);
    expect(at(ofKind(nvidia, 'TrainingRuntime'), 'spec.template.spec.successPolicy')).toEqual({
      operator: 'All',
      targetReplicatedJobs: ['launcher'],
    });
  });

  test('follows the node job that it depends on, as JobSet requires', () => {
    const jobs = at(ofKind(nvidia, 'TrainingRuntime'), 'spec.template.spec.replicatedJobs');
    expect(Object.keys(byName(jobs))).toEqual(['node', 'launcher']);
  });

  test('requests any node of a pool with topology levels, because Kueue needs a topology request for it', () => {
    const annotationsOf = (given: AcceptanceJobProps) =>
      at(jobOf(given, 'launcher'), 'template.spec.template.metadata.annotations');
    const pool = h100({ topologyLevels: ['layer-1'] });
    expect(annotationsOf({ ...nvidia, pool })).toEqual({ 'kueue.x-k8s.io/podset-unconstrained-topology': 'true' });
    expect(annotationsOf(nvidia)).toBeUndefined();
  });

  test('has the container name that the Trainer looks for', () => {
    expect(containerOf(nvidia, 'launcher')).toMatchObject({
      name: 'node',
      command: ['sh', '/acceptance/launch.sh'],
    });
  });

  test.each(['launcher', 'node'])('does not retry a failed %s', (name) => {
    expect(at(jobOf(nvidia, name), 'template.spec.backoffLimit')).toBe(0);
    expect(at(podOf(nvidia, name), 'restartPolicy')).toBe('Never');
  });

  test('receives the ranks, the environment variables to pass on, and the expected bandwidth', () => {
    expect(toldTo(nvidia)).toMatchObject({
      RANKS: '128',
      RANKS_PER_NODE: '8',
      PASSED_ENV: 'FI_PROVIDER',
      FI_PROVIDER: 'efa',
      EXPECTED_GBPS: '300',
      EXPECTED_BASIS: 'published',
    });
    expect(toldTo(neuron)).toMatchObject({ RANKS: '128', RANKS_PER_NODE: '32', EXPECTED_BASIS: 'derived' });
  });

  test('uses the expected bandwidth from the props instead of the table', () => {
    const expected = { GBps: 210, basis: 'published' as const, source: 'our own run' };
    expect(toldTo({ ...nvidia, expected })).toMatchObject({ EXPECTED_GBPS: '210', EXPECTED_SOURCE: 'our own run' });
  });
});

describe('acceptanceJob', () => {
  test('uses all nodes of the pool, or the number in the props', () => {
    expect(at(ofKind(nvidia, 'TrainJob'), 'spec.trainer')).toEqual({ numNodes: 16, numProcPerNode: 8 });
    expect(at(ofKind({ ...nvidia, nodes: 2 }, 'TrainJob'), 'spec.trainer.numNodes')).toBe(2);
    expect(toldTo({ ...nvidia, nodes: 2 }).RANKS).toBe('16');
  });

  test('has its own runtime and waits in the queue', () => {
    const job = ofKind(nvidia, 'TrainJob');
    expect(at(job, 'spec.runtimeRef')).toMatchObject({ kind: 'TrainingRuntime', name: 'h100-acceptance' });
    expect(at(job, 'metadata.labels')).toEqual({ 'kueue.x-k8s.io/queue-name': 'train' });
  });

  test('uses the collective for its accelerator', () => {
    const scripts = (given: AcceptanceJobProps) => at(ofKind(given, 'ConfigMap'), 'data');
    expect(scripts(nvidia)).toMatchObject({ 'collective.sh': expect.stringContaining('all_reduce_perf') as string });
    expect(scripts(neuron)).toMatchObject({ 'collective.sh': expect.stringContaining('nccom-test') as string });
  });

  test('uses a pinned image, or the image in the props', () => {
    expect(at(containerOf(nvidia, 'node'), 'image')).toBe(ACCEPTANCE_IMAGES.NVIDIA);
    expect(at(containerOf(neuron, 'launcher'), 'image')).toBe(ACCEPTANCE_IMAGES.AWS);
    expect(at(containerOf({ ...nvidia, image: 'own:1' }, 'launcher'), 'image')).toBe('own:1');
    for (const image of Object.values(ACCEPTANCE_IMAGES)) expect(image).not.toMatch(/:latest$|^[^:]+$/);
  });

  test('creates a compute domain if the NVLink domain spans nodes', () => {
    expect(ofKind(spanning, 'ComputeDomain')).toMatchObject({
      metadata: { name: 'gb200-acceptance' },
      spec: { numNodes: 18 },
    });
    expect(at(podOf(spanning, 'node'), 'resourceClaims.0.resourceClaimTemplateName')).toBe('gb200-acceptance-channel');
    expect(ofKind(nvidia, 'ComputeDomain')).toBeUndefined();
  });

  test('does not contain `${`, which a substitution of variables changes', () => {
    for (const given of [nvidia, neuron, spanning]) expect(JSON.stringify(acceptanceJob(given))).not.toContain('${');
  });
});

describe('acceptanceJob rejects', () => {
  test.each([
    [{ nodes: 1 }, ['NodesOutOfRange nodes']],
    [{ nodes: 17 }, ['NodesOutOfRange nodes']],
    [{ pool: h100({ fabric: undefined }) }, ['FabricMissing pool.fabric']],
    [{ expected: { GBps: 0, basis: 'derived' as const, source: 'x' } }, ['BandwidthInvalid expected']],
    [{ expected: { GBps: 1, basis: 'derived' as const, source: '' } }, ['BandwidthInvalid expected']],
    [{ pool: gb200() }, ['ImageMissing image']],
    [{ pool: h100({ acceleratorVendor: 'AMD' }) }, ['ImageMissing image']],
    [{ pool: h100({ acceleratorVendor: 'Intel' }) }, ['ImageMissing image', 'RanksUnknown ranksPerAccelerator']],
    [{ name: 'No' }, ['KubernetesName name']],
    [{ name: '8x-h100' }, ['KubernetesName name']],
    [{ name: 'a'.repeat(41) }, ['KubernetesName name']],
  ])('for %j', (changes, refused) => {
    expect(refusalOf(() => acceptanceJob({ ...nvidia, ...changes }))).toEqual(refused);
  });
});
