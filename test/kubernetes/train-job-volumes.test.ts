import { JobVolume, sliceJob, trainJob, type TrainJobProps } from '../../lib/kubernetes';
import { at } from './at';
import { h100 } from './pools';
import { refusalOf } from './problems';
import { manifestFaults, schemaTest } from './schemas';

const PATCH = 'spec.runtimePatches.0.trainingRuntimeSpec.template.spec.replicatedJobs.0';
const POD = `${PATCH}.template.spec.template`;
const job = (changes: Partial<TrainJobProps> = {}) =>
  trainJob({ name: 'train', namespace: 'training', queue: 'training', pool: h100(), ...changes });
const env = { MODEL: 'llama', WANDB_API_KEY: { secret: 'wandb', key: 'api-key' } };
const volumes = [
  JobVolume.claim('tokens', { mountPath: '/tokens', readOnly: true }),
  JobVolume.configMap('settings', { mountPath: '/etc/settings' }),
  JobVolume.secret('hub.token', { mountPath: '/run/hub' }),
  JobVolume.scratch({ mountPath: '/scratch', sizeGiB: 100 }),
];

schemaTest('a job with an environment and volumes is valid', () => {
  expect(manifestFaults(job({ env, volumes }))).toEqual([]);
  const slices = sliceJob({
    name: 'tpu',
    namespace: 'training',
    queue: 'training',
    pool: h100(),
    image: 'i',
    env,
    volumes,
  });
  expect(manifestFaults(slices)).toEqual([]);
});

describe('the environment of a job', () => {
  test('has values and keys of secrets', () => {
    expect(at(job({ env }), 'spec.trainer.env')).toEqual([
      { name: 'MODEL', value: 'llama' },
      { name: 'WANDB_API_KEY', valueFrom: { secretKeyRef: { name: 'wandb', key: 'api-key' } } },
    ]);
    expect(at(job(), 'spec.trainer.env')).toBeUndefined();
  });

  test.each([
    ['a rank that Trainer sets', { PET_NODE_RANK: '0' }, ['JobEnvironment env.PET_NODE_RANK']],
    ['a name with a dash', { 'A-B': '1' }, ['JobEnvironment env.A-B']],
    ['an invalid secret', { KEY: { secret: 'A b', key: 'k' } }, ['JobEnvironment env.KEY.secret']],
    ['an invalid key', { KEY: { secret: 'a', key: 'k/1' } }, ['JobEnvironment env.KEY.key']],
    [
      'more variables than Trainer accepts',
      Object.fromEntries(Array.from({ length: 129 }, (_, index) => [`V${index}`, '1'])),
      ['JobEnvironment env'],
    ],
  ])('rejects %s', (_, wrong, refused) => {
    expect(refusalOf(() => job({ env: wrong }))).toEqual(refused);
  });

  test('rejects a variable that the fabric sets', () => {
    const fabric = { ...h100().fabric!, pod: { env: [{ name: 'NCCL_NET', value: 'gIB' }] } };
    const pool = h100({ fabric });
    expect(refusalOf(() => job({ pool, env: { NCCL_NET: 'Socket' } }))).toEqual(['JobEnvironment env.NCCL_NET']);
    expect(() => job({ env: { NCCL_NET: 'Socket' } })).not.toThrow();
  });
});

describe('the volumes of a job', () => {
  test('are added to the pods of its runtime', () => {
    expect(at(job({ volumes }), PATCH)).toMatchObject({ name: 'node' });
    expect(at(job({ volumes }), `${POD}.spec.volumes`)).toEqual([
      { name: 'job-volume-0', persistentVolumeClaim: { claimName: 'tokens' } },
      { name: 'job-volume-1', configMap: { name: 'settings' } },
      { name: 'job-volume-2', secret: { secretName: 'hub.token' } },
      { name: 'job-volume-3', emptyDir: { sizeLimit: '100Gi' } },
    ]);
    expect(at(job({ volumes }), `${POD}.spec.containers.0`)).toEqual({
      name: 'node',
      volumeMounts: [
        { name: 'job-volume-0', mountPath: '/tokens', readOnly: true },
        { name: 'job-volume-1', mountPath: '/etc/settings', readOnly: true },
        { name: 'job-volume-2', mountPath: '/run/hub', readOnly: true },
        { name: 'job-volume-3', mountPath: '/scratch' },
      ],
    });
    expect(job()).not.toHaveProperty('spec.runtimePatches');
  });

  test('are part of a job over slices', () => {
    const slices = sliceJob({
      name: 'tpu',
      namespace: 'training',
      queue: 'training',
      pool: h100(),
      image: 'i',
      env,
      volumes,
    });
    const pod = at(slices, 'spec.replicatedJobs.0.template.spec.template.spec');
    expect(at(pod, 'volumes')).toContainEqual({ name: 'job-volume-0', persistentVolumeClaim: { claimName: 'tokens' } });
    expect(at(pod, 'containers.0.volumeMounts')).toContainEqual({ name: 'job-volume-3', mountPath: '/scratch' });
    expect(at(pod, 'containers.0.env')).toContainEqual({ name: 'MODEL', value: 'llama' });
  });

  test.each([
    ['a relative path', [JobVolume.scratch({ mountPath: 'data' })], ['JobVolume volumes[0].mountPath']],
    ['a path to the parent', [JobVolume.scratch({ mountPath: '/a/../b' })], ['JobVolume volumes[0].mountPath']],
    [
      'the path of the shared file system',
      [JobVolume.scratch({ mountPath: '/shared' })],
      ['JobVolume volumes[0].mountPath'],
    ],
    [
      'the path of the shared memory',
      [JobVolume.scratch({ mountPath: '/dev/shm' })],
      ['JobVolume volumes[0].mountPath'],
    ],
    [
      'a path of another volume',
      [JobVolume.scratch({ mountPath: '/a' }), JobVolume.claim('b', { mountPath: '/a' })],
      ['JobVolume volumes[1].mountPath'],
    ],
    ['an invalid claim', [JobVolume.claim('A b', { mountPath: '/a' })], ['JobVolume volumes[0].name']],
    ['an invalid size', [JobVolume.scratch({ mountPath: '/a', sizeGiB: 0.5 })], ['JobVolume volumes[0].sizeGiB']],
  ])('reject %s', (_, wrong, refused) => {
    expect(refusalOf(() => job({ volumes: wrong }))).toEqual(refused);
  });
});
