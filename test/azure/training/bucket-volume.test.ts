import { TerraformVariable, Testing } from 'cdktf';
import { BucketVolume, DataBucket, Installation, JobVolume, TrainingCluster } from 'ai-infra-constructs/azure';
import { at } from '../../kubernetes/at';
import { manifestFaults, schemaTest } from '../../kubernetes/schemas';
import { codesOf, newStack, refusalsOf } from '../support';
import { clusterProps, GROUP, synthCluster } from './support';

const bucket = { accountName: 'mydata', containerName: 'tokens' };
const ACCOUNT = '/subscriptions/s/resourceGroups/data/providers/Microsoft.Storage/storageAccounts/mydata';
const clientId = '5f4a2a64-6a5b-4a47-8a8d-2d4a1e5d8a10';

describe('a container that a job mounts', () => {
  const volumes = [BucketVolume.mount(bucket, { mountPath: '/tokens', readOnly: true, clientId })];
  const datasets = { ...bucket, accountId: ACCOUNT };
  const job = synthCluster({ datasets }).cluster.trainJob({ name: 'train', volumes, env: { MODEL: 'llama' } });
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

  test('says that the account has a hierarchical namespace, which needs another API', () => {
    const mounted = BucketVolume.mount({ ...bucket, hierarchical: true }, { mountPath: '/tokens', clientId });
    const { source } = mounted as unknown as { source: { csi: { volumeAttributes: object } } };
    expect(source.csi.volumeAttributes).toMatchObject({ isHnsEnabled: 'true' });
    expect(at(job, `${path}.volumes.0.csi.volumeAttributes`)).not.toHaveProperty('isHnsEnabled');
  });

  test('needs a cluster with an identity of jobs', () => {
    const { cluster } = synthCluster();
    const mounts = [JobVolume.scratch({ mountPath: '/a' }), ...volumes];
    expect(refusalsOf(() => cluster.trainJob({ name: 'train', volumes: mounts }))).toEqual(['JobVolume volumes[1]']);
  });

  schemaTest('is part of a valid job', () => {
    expect(manifestFaults(job)).toEqual([]);
  });

  test('has values that are known at synthesis', () => {
    const unknown = new TerraformVariable(newStack(), 'Client', {}).stringValue;
    const mount = (id: string) => () => BucketVolume.mount(bucket, { mountPath: '/a', clientId: id });
    expect(codesOf(mount(unknown))).toEqual(['JobVolume']);
    expect(codesOf(mount(undefined as never))).toEqual(['ValueMissing']);
    const typed = { ...bucket, hierarchical: 'true' as never };
    expect(codesOf(() => BucketVolume.mount(typed, { mountPath: '/a', clientId }))).toEqual(['PropType']);
    expect(codesOf(() => BucketVolume.mount(null as never, { mountPath: '/a', clientId }))).toEqual(['ValueMissing']);
  });
});

test.each([Installation.byDeployment(), Installation.gitOps()])(
  'the deployment outputs what a mount needs: the client id, and names of accounts that it creates',
  (installation) => {
    const stack = newStack();
    const created = new DataBucket(stack, 'Data', { resourceGroup: GROUP });
    const datasets = { ...bucket, accountId: ACCOUNT };
    new TrainingCluster(stack, 'Pretrain', clusterProps({ installation, datasets, checkpoints: created }));
    const { output } = JSON.parse(Testing.synth(stack)) as { output: Record<string, { value: string }> };
    const valueOf = (name: string) => Object.entries(output).find(([id]) => id.includes(`_${name}_`))?.[1].value;
    expect(valueOf('JobsClientId')).toMatch(/^\$\{azurerm_user_assigned_identity\.\w+\.client_id\}$/);
    expect(valueOf('CheckpointsAccountName')).toMatch(/^\$\{azurerm_storage_account\.\w+\.name\}$/);
    expect(valueOf('DatasetsAccountName')).toBeUndefined();
  },
);
