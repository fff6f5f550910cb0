import { TerraformVariable } from 'cdktf';
import { BucketVolume, GoogleMachine } from 'ai-infra-constructs/google';
import { at } from '../../kubernetes/at';
import { manifestFaults, schemaTest } from '../../kubernetes/schemas';
import { codesOf, newStack, refusalsOf } from '../support';
import { synthCluster } from './support';

const bucket = { name: 'my-datasets' };
const volumes = [BucketVolume.mount(bucket, { mountPath: '/datasets', folder: 'tokens/v2/', readOnly: true })];
const mounted = {
  name: 'job-volume-0',
  csi: {
    driver: 'gcsfuse.csi.storage.gke.io',
    readOnly: true,
    volumeAttributes: { bucketName: 'my-datasets', mountOptions: 'implicit-dirs,only-dir=tokens/v2' },
  },
};
const tpus = { machine: GoogleMachine.CT6E_STANDARD_4T, topology: '4x4', nodes: undefined };

describe('a bucket that a job mounts', () => {
  const job = synthCluster({ datasets: bucket }).cluster.trainJob({ name: 'train', volumes });
  const slice = synthCluster({ ...tpus, datasets: bucket }).cluster.trainJob({
    name: 'train',
    volumes,
    env: { MODEL: 'gemma' },
  });

  test.each([
    ['GPUs', job, 'spec.runtimePatches.0.trainingRuntimeSpec.template.spec.replicatedJobs.0.template.spec.template'],
    ['TPUs', slice, 'spec.replicatedJobs.0.template.spec.template'],
  ])('has the driver and the annotations of Cloud Storage FUSE on %s', (_, object, path) => {
    expect(at(object, `${path}.spec.volumes`)).toContainEqual(mounted);
    expect(at(object, `${path}.metadata.annotations`)).toMatchObject({
      'gke-gcsfuse/volumes': 'true',
      'gke-gcsfuse/memory-limit': '0',
    });
  });

  schemaTest('is part of a valid job', () => {
    expect([job, slice].flatMap(manifestFaults)).toEqual([]);
  });

  test.each([[{}], [tpus]])('needs a cluster with an identity of jobs: %j', (props) => {
    const { cluster } = synthCluster(props);
    expect(refusalsOf(() => cluster.trainJob({ name: 'train', volumes }))).toEqual(['JobVolume volumes[0]']);
  });

  test('has a name that is known at synthesis, and a folder without a leading slash', () => {
    const name = new TerraformVariable(newStack(), 'Bucket', {}).stringValue;
    expect(codesOf(() => BucketVolume.mount({ name }, { mountPath: '/a' }))).toEqual(['JobVolume']);
    expect(codesOf(() => BucketVolume.mount(bucket, { mountPath: '/a', folder: '/b' }))).toEqual(['JobVolume']);
    expect(codesOf(() => BucketVolume.mount(bucket, {} as never))).toEqual(['ValueMissing']);
  });
});
