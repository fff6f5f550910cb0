import {
  type AcceleratorPool,
  type PoolFabric,
  acceptanceJob,
  trainingQueue,
  trainingRuntime,
  trainJob,
} from '../../lib/kubernetes';
import { at, byName } from './at';
import { h100 } from './pools';
import { manifestFaults, schemaTest } from './schemas';

const fabric: PoolFabric = {
  interfacesPerNode: 8,
  bandwidthGbps: 1600,
  pod: {
    annotations: { 'net/interfaces': 'all' },
    env: [{ name: 'LD_LIBRARY_PATH', value: '/lib64' }],
    hostPaths: [
      { name: 'libraries', path: '/node/lib64', mountPath: '/lib64' },
      { name: 'sys', path: '/sys' },
    ],
    profile: '/lib64/profile.sh',
    files: [{ configMap: 'topology', mountPath: '/etc/topology' }],
    sidecars: [{ name: 'daemon', image: 'daemon:1', volumeMounts: [{ name: 'sys', mountPath: '/hostsys' }] }],
  },
};
const pool = h100({ fabric });
const template = (given: AcceleratorPool) =>
  at(trainingRuntime({ pool: given, image: 'image:1' }), 'spec.template.spec.replicatedJobs.0.template.spec.template');

schemaTest('a pod with a fabric of libraries, daemons and annotations is valid', () => {
  expect(manifestFaults(trainingRuntime({ pool, image: 'image:1' }))).toEqual([]);
});

test('a fabric without a resource is asked for by annotation alone', () => {
  expect(at(template(pool), 'metadata.annotations')).toEqual({ 'net/interfaces': 'all' });
  expect(Object.keys(at(template(pool), 'spec.containers.0.resources.requests') as object)).toEqual([
    'cpu',
    'memory',
    'nvidia.com/gpu',
    'hugepages-2Mi',
  ]);
});

test('files that describe a fabric are a folder of the pod', () => {
  expect(at(template(pool), 'spec.volumes')).toContainEqual({ name: 'topology', configMap: { name: 'topology' } });
  expect(at(template(pool), 'spec.containers.0.volumeMounts')).toContainEqual({
    name: 'topology',
    mountPath: '/etc/topology',
    readOnly: true,
  });
});

test('its annotations join those of the topology', () => {
  expect(at(template(h100({ fabric, topologyLevels: ['rack'] })), 'metadata.annotations')).toEqual({
    'net/interfaces': 'all',
    'kueue.x-k8s.io/podset-preferred-topology': 'rack',
  });
});

test('folders of the node are volumes, and the work sees those that it is to see', () => {
  const spec = at(template(pool), 'spec');
  expect(at(byName(at(spec, 'volumes')), 'libraries.hostPath.path')).toBe('/node/lib64');
  expect(at(byName(at(spec, 'volumes')), 'sys.hostPath.path')).toBe('/sys');
  const mounts = byName(at(spec, 'containers.0.volumeMounts'));
  expect(mounts.libraries).toEqual({ name: 'libraries', mountPath: '/lib64' });
  expect(mounts.sys).toBeUndefined();
});

test('daemons run beside the work and end with it', () => {
  expect(at(template(pool), 'spec.initContainers.0')).toMatchObject({ name: 'daemon', restartPolicy: 'Always' });
});

test('a job reads the script of the fabric before its command, whose words stay as they are', () => {
  const job = trainJob({ name: 'a', namespace: 'ml', queue: 'q', pool, command: ['torchrun', 'a b.py', '$x'] });
  expect(at(job, 'spec.trainer.command')).toEqual([
    'bash',
    '-c',
    '. /lib64/profile.sh && exec "$@"',
    'bash',
    'torchrun',
    'a b.py',
    '$x',
  ]);
});

test('without a script the command is as it was given', () => {
  const job = trainJob({ name: 'a', namespace: 'ml', queue: 'q', pool: h100(), command: ['torchrun'] });
  expect(at(job, 'spec.trainer.command')).toEqual(['torchrun']);
});

test('the acceptance job reads it on every rank, and runs the same measurement', () => {
  const scripts = acceptanceJob({ namespace: 'ml', queue: 'q', pool, image: 'image:1' }).find(
    ({ kind }) => kind === 'ConfigMap',
  )!.data as Record<string, string>;
  const plain = acceptanceJob({ namespace: 'ml', queue: 'q', pool: h100() }).find(({ kind }) => kind === 'ConfigMap')!
    .data as Record<string, string>;
  expect(scripts['rank.sh']).toBe(
    '#!/bin/bash\n. /lib64/profile.sh\nexec /opt/nccl-tests/build/all_reduce_perf "$@"\n',
  );
  expect(scripts['collective.sh']).toBe(
    plain['collective.sh']!.replace('/opt/nccl-tests/build/all_reduce_perf', 'bash /acceptance/rank.sh'),
  );
});

describe('nodes that come for a request', () => {
  const queued = h100({
    name: 'queued',
    provisioning: { className: 'queued.example', parameters: { topology: '2x4' } },
  });
  const objects = trainingQueue({ name: 'train', namespace: 'ml', pools: [queued, h100()] });
  const of = (kind: string) => objects.filter((one) => one.kind === kind);

  schemaTest('have a valid queue', () => {
    expect(objects.flatMap(manifestFaults)).toEqual([]);
  });

  test('are asked for by a check of their own flavor, and of no other', () => {
    expect(of('AdmissionCheck').map(({ spec }) => spec)).toEqual([
      {
        controllerName: 'kueue.x-k8s.io/provisioning-request',
        parameters: { apiGroup: 'kueue.x-k8s.io', kind: 'ProvisioningRequestConfig', name: 'queued-p5-48xlarge' },
      },
    ]);
    expect(at(of('ClusterQueue')[0], 'spec.admissionChecksStrategy')).toEqual({
      admissionChecks: [{ name: 'queued-p5-48xlarge', onFlavors: ['queued-p5-48xlarge'] }],
    });
  });

  test('are asked for in their class, for their accelerators', () => {
    expect(of('ProvisioningRequestConfig')[0]!.spec).toEqual({
      provisioningClassName: 'queued.example',
      managedResources: ['nvidia.com/gpu'],
      parameters: { topology: '2x4' },
    });
  });

  test('others have no check at all', () => {
    const [plain] = trainingQueue({ name: 'train', namespace: 'ml', pools: [h100()] }).filter(
      ({ kind }) => kind === 'ClusterQueue',
    );
    expect(at(plain, 'spec.admissionChecksStrategy')).toBeUndefined();
  });
});
