/** File systems and their volumes with every option, which `verify:terraform` validates in addition to the examples. */
import {
  BucketVolume,
  CpfsCacheLevel,
  CpfsFileSystem,
  CpfsProtocol,
  DataBucket,
  EncryptionKey,
  JobVolume,
  MlNetwork,
  TrainingStorage,
} from 'ai-infra-constructs/alicloud';
import { AlicloudProvider } from 'ai-infra-constructs/alicloud/provider';
import { App, TerraformStack } from 'cdktf';

const app = new App();
const stack = new TerraformStack(app, 'every-storage');
new AlicloudProvider(stack, 'Alicloud', { region: 'cn-hangzhou' });

const zone = 'cn-hangzhou-i';
const network = new MlNetwork(stack, 'Network', { zones: [zone] });
const encryptionKey = new EncryptionKey(stack, 'Key');
const datasets = new DataBucket(stack, 'Datasets', { encryptionKey });

new CpfsFileSystem(stack, 'Small', { network, zone, sizeGiB: 3600 });
new CpfsFileSystem(stack, 'Fast', {
  network,
  zone,
  sizeGiB: 12_000,
  throughputMBpsPerTiB: 200,
  encryptionKey,
  dataRepositories: [
    { bucket: datasets, path: '/datasets', throughputMBps: 1500 },
    { bucket: { name: 'existing-checkpoints' }, path: '/runs/checkpoints/' },
  ],
  mountAddress: { server: 'cpfs-0229cb80bcc0-x1.cn-hangzhou.cpfs.aliyuncs.com', path: '/share' },
});
new CpfsFileSystem(stack, 'Cached', {
  network,
  zone,
  requiredThroughputMBps: 9000,
  protocol: CpfsProtocol.cache({ level: CpfsCacheLevel.CL2, throughputMBps: 16_000 }),
});

const existing = CpfsFileSystem.fromCpfsFileSystemAttributes(stack, 'Existing', {
  fileSystemId: 'cpfs-0229cb80bcc0',
  zone,
  mountAddress: { server: 'cpfs-0229cb80bcc0-x1.cn-hangzhou.cpfs.aliyuncs.com' },
  sizeGiB: 36_000,
  throughputMBps: 3515,
  clientMBps: 600,
});
TrainingStorage.fromFileSystem(existing);
TrainingStorage.cpfs({
  requiredThroughputMBps: 4000,
  throughputMBpsPerTiB: 200,
  protocol: CpfsProtocol.general(),
  dataRepositories: [{ bucket: datasets, path: '/datasets' }],
  mountAddress: { server: 'cpfs-0229cb80bcc0-x1.cn-hangzhou.cpfs.aliyuncs.com' },
});
TrainingStorage.cpfs({ sizeGiB: 36_000 });
BucketVolume.of({
  name: 'tokens',
  bucket: { name: 'existing-tokens' },
  region: 'cn-hangzhou',
  roleName: 'bucket-mount',
  folder: 'tokens/v2',
  writable: true,
}).mount({ mountPath: '/tokens' });
JobVolume.claim('tokens', { mountPath: '/tokens', readOnly: true });
JobVolume.scratch({ mountPath: '/scratch', sizeGiB: 100 });

app.synth();
