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

test('a pod requests a fabric without a resource only by annotation', () => {
  expect(at(template(pool), 'metadata.annotations')).toEqual({ 'net/interfaces': 'all' });
  expect(Object.keys(at(template(pool), 'spec.containers.0.resources.requests') as object)).toEqual([
    'cpu',
    'memory',
    'nvidia.com/gpu',
    'hugepages-2Mi',
  ]);
});

test('a pod mounts the files that describe a fabric as a folder', () => {
  expect(at(template(pool), 'spec.volumes')).toContainEqual({ name: 'topology', configMap: { name: 'topology' } });
  expect(at(template(pool), 'spec.containers.0.volumeMounts')).toContainEqual({
    name: 'topology',
    mountPath: '/etc/topology',
    readOnly: true,
  });
});

test('a pod has the annotations of the fabric and of the topology', () => {
  expect(at(template(h100({ fabric, topologyLevels: ['rack'] })), 'metadata.annotations')).toEqual({
    'net/interfaces': 'all',
    'kueue.x-k8s.io/podset-preferred-topology': 'rack',
  });
});

test('folders of the node are volumes, and the main container mounts those with a mount path', () => {
  const spec = at(template(pool), 'spec');
  expect(at(byName(at(spec, 'volumes')), 'libraries.hostPath.path')).toBe('/node/lib64');
  expect(at(byName(at(spec, 'volumes')), 'sys.hostPath.path')).toBe('/sys');
  const mounts = byName(at(spec, 'containers.0.volumeMounts'));
  expect(mounts.libraries).toEqual({ name: 'libraries', mountPath: '/lib64' });
  expect(mounts.sys).toBeUndefined();
});

test('daemons run as sidecars', () => {
  expect(at(template(pool), 'spec.initContainers.0')).toMatchObject({ name: 'daemon', restartPolicy: 'Always' });
});

test('a job sources the profile script before its command, and does not expand the arguments', () => {
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

test('a job without a profile script runs the command unchanged', () => {
  const job = trainJob({ name: 'a', namespace: 'ml', queue: 'q', pool: h100(), command: ['torchrun'] });
  expect(at(job, 'spec.trainer.command')).toEqual(['torchrun']);
});

test('the acceptance job sources the profile script on every rank, and runs the same measurement', () => {
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

describe('nodes with a provisioning request', () => {
  const queued = h100({
    name: 'queued',
    provisioning: { className: 'queued.example', parameters: { topology: '2x4' } },
  });
  const objects = trainingQueue({ name: 'train', namespace: 'ml', pools: [queued, h100()] });
  const of = (kind: string) => objects.filter((one) => one.kind === kind);

  schemaTest('have a valid queue', () => {
    expect(objects.flatMap(manifestFaults)).toEqual([]);
  });

  test('have an admission check on their own flavor only', () => {
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

  test('are requested with their class and accelerator resource', () => {
    expect(of('ProvisioningRequestConfig')[0]!.spec).toEqual({
      provisioningClassName: 'queued.example',
      managedResources: ['nvidia.com/gpu'],
      parameters: { topology: '2x4' },
    });
  });

  test('other nodes have no admission check', () => {
    const [plain] = trainingQueue({ name: 'train', namespace: 'ml', pools: [h100()] }).filter(
      ({ kind }) => kind === 'ClusterQueue',
    );
    expect(at(plain, 'spec.admissionChecksStrategy')).toBeUndefined();
  });
});

test('a fabric on the network of the host sets the fields of its pods and the port of its acceptance job', () => {
  const onHost = h100({ fabric: { ...fabric, pod: { hostNetwork: true, capabilities: ['SYS_RESOURCE'] } } });
  expect(at(template(onHost), 'spec')).toMatchObject({ hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' });
  expect(at(template(onHost), 'spec.containers.0.securityContext.capabilities.add')).toEqual([
    'IPC_LOCK',
    'SYS_RESOURCE',
  ]);
  expect(at(template(pool), 'spec.hostNetwork')).toBeUndefined();
  const port = (given: AcceleratorPool) => {
    const objects = acceptanceJob({ pool: given, namespace: 'training', queue: 'training', image: 'image:1' });
    const [scripts] = objects.filter(({ kind }) => kind === 'ConfigMap');
    const text = JSON.stringify(at(scripts, 'data'));
    return [/sshd -D -e -p (\d+)/.exec(text)?.[1], /Port=(\d+) /.exec(text)?.[1]];
  };
  expect(port(onHost)).toEqual(['2222', '2222']);
  expect(port(pool)).toEqual(['22', '22']);
});
