import { TerraformVariable } from 'cdktf';
import { BucketVolume } from 'ai-infra-constructs/azure';
import { at } from '../../kubernetes/at';
import { manifestFaults, schemaTest } from '../../kubernetes/schemas';
import { codesOf, newStack } from '../support';
import { synthCluster } from './support';

const bucket = { accountName: 'mydata', containerName: 'tokens' };
const clientId = '5f4a2a64-6a5b-4a47-8a8d-2d4a1e5d8a10';

describe('a container that a job mounts', () => {
  const volumes = [BucketVolume.mount(bucket, { mountPath: '/tokens', readOnly: true, clientId })];
  const job = synthCluster().cluster.trainJob({ name: 'train', volumes, env: { MODEL: 'llama' } });
  const path = 'spec.runtimePatches.0.trainingRuntimeSpec.template.spec.replicatedJobs.0.template.spec.template.spec';

  test('uses the Blob CSI driver with the identity of jobs', () => {
    expect(at(job, `${path}.volumes.0.csi`)).toMatchObject({
      driver: 'blob.csi.azure.com',
      readOnly: true,
      volumeAttributes: {
        storageaccount: 'mydata',
        containerName: 'tokens',
        clientID: clientId,
        mountWithWorkloadIdentityToken: 'true',
        mountOptions: '-o allow_other',
      },
    });
    expect(at(job, 'spec.trainer.env')).toEqual([{ name: 'MODEL', value: 'llama' }]);
  });

  schemaTest('is part of a valid job', () => {
    expect(manifestFaults(job)).toEqual([]);
  });

  test('has values that are known at synthesis', () => {
    const unknown = new TerraformVariable(newStack(), 'Client', {}).stringValue;
    const mount = (id: string) => () => BucketVolume.mount(bucket, { mountPath: '/a', clientId: id });
    expect(codesOf(mount(unknown))).toEqual(['JobVolume']);
    expect(codesOf(mount(undefined as never))).toEqual(['ValueMissing']);
  });
});
