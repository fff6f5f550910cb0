import { findingsOf } from 'ai-infra-constructs';
import {
  CpfsCacheLevel,
  CpfsFileSystem,
  type CpfsFileSystemProps,
  CpfsProtocol,
  DataBucket,
  MlNetwork,
  TrainingStorage,
} from 'ai-infra-constructs/alicloud';
import { ProblemCollector } from '../../../lib/core/errors';
import { cpfsVolume } from '../../../lib/alicloud/storage/cpfs-volume';
import { fileSystemVolume } from '../../../lib/kubernetes/training-objects';
import { problemsOf, refusalsOf, resourcesOf, stackIn, theOnly } from '../support';

const ZONE = 'cn-hangzhou-i';
const KEY = { keyId: 'key-hzz63d2c8d3dfv8cv0000' };
const ADDRESS = { server: 'cpfs-0229cb80bcc0-x1.cn-hangzhou.cpfs.aliyuncs.com' };

function synthFileSystem(props: Partial<CpfsFileSystemProps> = {}) {
  const stack = stackIn();
  const network = new MlNetwork(stack, 'Network', { zones: [ZONE] });
  const fileSystem = new CpfsFileSystem(stack, 'FileSystem', { network, zone: ZONE, sizeGiB: 3600, ...props });
  return { stack, network, fileSystem };
}

function existingNetwork(cidr?: string) {
  return MlNetwork.fromMlNetworkAttributes(stackIn(), 'Existing', {
    vpcId: 'vpc-bp1aevy8sofi8mh1q0000',
    region: 'cn-hangzhou',
    securityGroupId: 'sg-bp1fg655nh68xyz90000',
    vswitches: [{ zone: ZONE, vswitchId: 'vsw-bp12mw1f8k3jgygk90000', cidr }],
  });
}

test('creates an encrypted file system in the vSwitch of the zone', () => {
  const { stack } = synthFileSystem({ sizeGiB: 4800, throughputMBpsPerTiB: 200, encryptionKey: KEY });
  expect(theOnly(stack, 'alicloud_nas_file_system')).toEqual({
    description: expect.stringMatching(/^[a-z][a-z0-9-]{1,62}$/),
    file_system_type: 'cpfs',
    protocol_type: 'cpfs',
    storage_type: 'advance_200',
    capacity: 4800,
    zone_id: ZONE,
    vpc_id: expect.stringMatching(/alicloud_vpc\.Network_Vpc_\w+\.id/),
    vswitch_id: expect.stringMatching(/alicloud_vswitch\.Network_Nodes-cn-hangzhou-i_\w+\.id/),
    encrypt_type: 2,
    kms_key_id: KEY.keyId,
    lifecycle: { prevent_destroy: true },
    timeouts: { create: '60m', update: '60m', delete: '60m' },
  });
});

test('exports the root directory over NFS', () => {
  const { stack } = synthFileSystem();
  const place = { vpc_id: expect.any(String), vswitch_id: expect.any(String) };
  expect(theOnly(stack, 'alicloud_nas_protocol_service')).toMatchObject({
    ...place,
    protocol_type: 'NFS',
    protocol_spec: 'General',
  });
  expect(theOnly(stack, 'alicloud_nas_protocol_service')).not.toHaveProperty('protocol_throughput');
  const target = theOnly(stack, 'alicloud_nas_protocol_mount_target');
  expect(target).toMatchObject({ ...place, path: '/' });
  expect(target.protocol_service_id).toMatch(/\.protocol_service_id}$/);
  expect(resourcesOf(stack, 'alicloud_nas_mount_target')).toEqual({});
});

test('uses a protocol service with a cache, and no encryption without a key', () => {
  const protocol = CpfsProtocol.cache({ level: CpfsCacheLevel.CL2, throughputMBps: 16_000 });
  const { stack, fileSystem } = synthFileSystem({ protocol });
  expect(theOnly(stack, 'alicloud_nas_protocol_service')).toMatchObject({
    protocol_spec: 'CL2',
    protocol_throughput: 16_000,
  });
  expect(theOnly(stack, 'alicloud_nas_file_system')).not.toHaveProperty('encrypt_type');
  expect([fileSystem.encryptionKey, fileSystem.clientMBps]).toEqual([undefined, 1100]);
});

test('uses the smallest file system for a throughput, up to the maximum of NFS', () => {
  const sizeOf = (requiredThroughputMBps: number) => {
    const { fileSystem } = synthFileSystem({ sizeGiB: undefined, requiredThroughputMBps });
    return [fileSystem.sizeGiB, fileSystem.throughputMBps, fileSystem.resource.storageTypeInput];
  };
  expect(sizeOf(100)).toEqual([3600, 351.5625, 'advance_100']);
  expect(sizeOf(1000)).toEqual([6000, 1171.875, 'advance_200']);
  expect(sizeOf(20_000)).toEqual([103_200, 20_000, 'advance_200']);
  expect(synthFileSystem({ sizeGiB: 1_047_600 }).fileSystem.throughputMBps).toBe(20_000);
  const [problem] = problemsOf(() => sizeOf(20_001));
  expect(problem).toMatchObject({ code: 'LustreSizing', allowed: 'greater than 0 and at most 20000 MB/s' });
});

test('mirrors a bucket in a fileset, with a data flow and the tag that the service requires', () => {
  const stack = stackIn();
  const network = new MlNetwork(stack, 'Network', { zones: [ZONE] });
  const bucket = new DataBucket(stack, 'Datasets');
  const { dataRepositories } = new CpfsFileSystem(stack, 'FileSystem', {
    network,
    zone: ZONE,
    requiredThroughputMBps: 2000,
    dataRepositories: [{ bucket, path: '/datasets', throughputMBps: 1200 }],
  });
  expect(dataRepositories).toHaveLength(1);
  const [mountTarget] = Object.keys(resourcesOf(stack, 'alicloud_nas_mount_target'));
  expect(theOnly(stack, 'alicloud_nas_mount_target')).toMatchObject({ network_type: 'Vpc' });
  expect(theOnly(stack, 'alicloud_nas_fileset')).toMatchObject({
    file_system_path: '/datasets/',
    deletion_protection: true,
    depends_on: [`alicloud_nas_mount_target.${mountTarget}`],
    lifecycle: { prevent_destroy: true },
  });
  const flow = theOnly(stack, 'alicloud_nas_data_flow');
  expect(flow).toMatchObject({ throughput: 1200, source_security_type: 'SSL' });
  expect(flow.fset_id).toMatch(/\.fileset_id}$/);
  expect(flow.source_storage).toMatch(/^oss:\/\/\${alicloud_oss_bucket\.Datasets_\w+\.bucket}$/);
  expect(theOnly(stack, 'alicloud_oss_bucket').tags).toEqual({ 'cpfs-dataflow': 'true' });
});

describe('findings', () => {
  const idsOf = (props: Partial<CpfsFileSystemProps>) =>
    findingsOf(synthFileSystem(props).fileSystem).map(({ id }) => id);

  test('say that the address is unknown, and how the data is encrypted', () => {
    expect(idsOf({})).toEqual(['storage/no-mount-address', 'encryption/none']);
    expect(idsOf({ mountAddress: ADDRESS, encryptionKey: KEY })).toEqual(['encryption/unconfirmed-key']);
  });

  test('say what the account or an existing bucket must have', () => {
    const known = { mountAddress: ADDRESS, encryptionKey: KEY };
    expect(idsOf({ ...known, protocol: CpfsProtocol.cache({ throughputMBps: 8000 }) })).toContain('capacity/allowlist');
    const dataRepositories = [{ bucket: { name: 'my-datasets' }, path: '/data' }];
    expect(idsOf({ ...known, sizeGiB: 12_000, dataRepositories })).toContain('storage/bucket-tag');
    expect(idsOf(known)).toEqual(['encryption/unconfirmed-key']);
  });
});

describe('rejects', () => {
  const refused = (props: Partial<CpfsFileSystemProps>) => refusalsOf(() => synthFileSystem(props));

  test('sizes that the service does not offer', () => {
    expect(refused({ sizeGiB: 2400 })).toEqual(['LustreSize sizeGiB']);
    expect(refused({ sizeGiB: 3700 })).toEqual(['LustreSize sizeGiB']);
    expect(refused({ sizeGiB: 1_048_800 })).toEqual(['LustreSize sizeGiB']);
    expect(refused({ throughputMBpsPerTiB: 400 })).toEqual(['LustreThroughput throughputMBpsPerTiB']);
    expect(refused({ requiredThroughputMBps: 100 })).toEqual(['LustreSizing sizeGiB']);
  });

  test('a zone without a vSwitch, or with a vSwitch that is too small', () => {
    expect(refused({ zone: 'cn-hangzhou-j' })).toEqual(['LocationInvalid zone']);
    expect(refused({ zone: 'hangzhou' })).toContain('LocationInvalid zone');
    expect(refused({ network: existingNetwork('10.0.0.0/27') })).toEqual(['CidrInvalid network']);
    expect(() => synthFileSystem({ network: existingNetwork('10.0.0.0/26') })).not.toThrow();
    expect(() => synthFileSystem({ network: existingNetwork() })).not.toThrow();
  });

  test('data repositories with a wrong path, bucket, or throughput', () => {
    const bucket = { name: 'my-datasets' };
    const flows = (...dataRepositories: CpfsFileSystemProps['dataRepositories'] & object) =>
      refused({ sizeGiB: 12_000, dataRepositories });
    expect(flows({ bucket, path: 'data' })).toEqual(['DataPath dataRepositories[0].path']);
    expect(flows({ bucket, path: '/' })).toEqual(['DataPath dataRepositories[0].path']);
    expect(flows({ bucket, path: '/a/../b' })).toEqual(['DataPath dataRepositories[0].path']);
    expect(flows({ bucket, path: '/a' }, { bucket, path: '/a/b/' })).toEqual(['DataPath dataRepositories[1].path']);
    expect(flows({ bucket: { name: 'short' }, path: '/a' })).toEqual(['CpfsOption dataRepositories[0].bucket']);
    expect(flows({ bucket, path: '/a', throughputMBps: 700 })).toEqual([
      'CpfsOption dataRepositories[0].throughputMBps',
    ]);
    expect(flows({ bucket, path: '/a', throughputMBps: 1200 })).toEqual([
      'CpfsOption dataRepositories[0].throughputMBps',
    ]);
    expect(flows(...Array.from({ length: 11 }, (_, index) => ({ bucket, path: `/a${index}` })))).toEqual([
      'DataPath dataRepositories',
    ]);
  });

  test('a data flow on a file system that is not faster', () => {
    const dataRepositories = [{ bucket: { name: 'my-datasets' }, path: '/data' }];
    expect(refused({ sizeGiB: 3600, dataRepositories })).toEqual(['CpfsOption dataRepositories[0].throughputMBps']);
    expect(() => synthFileSystem({ sizeGiB: 7200, dataRepositories })).not.toThrow();
  });

  test('a cache without a valid throughput', () => {
    expect(refusalsOf(() => CpfsProtocol.cache({ throughputMBps: 0 }))).toEqual(['CpfsOption throughputMBps']);
    expect(refusalsOf(() => CpfsProtocol.cache({ throughputMBps: 100_001 }))).toEqual(['CpfsOption throughputMBps']);
  });

  test('an address that is not a domain name and a path', () => {
    expect(refused({ mountAddress: { server: 'cpfs.aliyuncs.com:/share' } })).toEqual([
      'CpfsOption mountAddress.server',
    ]);
    expect(refused({ mountAddress: { ...ADDRESS, path: 'share' } })).toEqual(['CpfsOption mountAddress.path']);
  });

  test('malformed attributes of an existing file system', () => {
    const existing = (fileSystemId: string, zone = ZONE) =>
      CpfsFileSystem.fromCpfsFileSystemAttributes(stackIn(), 'Existing', { fileSystemId, zone });
    expect(refusalsOf(() => existing('fs-1234567'))).toEqual(['ResourceIdInvalid fileSystemId']);
    expect(refusalsOf(() => existing('cpfs-0229cb80bcc0', 'hangzhou'))).toEqual(['LocationInvalid zone']);
    expect(existing('cpfs-0229cb80bcc0').fileSystemId).toBe('cpfs-0229cb80bcc0');
  });
});

describe('the volume of Kubernetes', () => {
  test('has the address of the export and the handle that the driver requires', () => {
    const volume = cpfsVolume({ mountAddress: ADDRESS }, 'training-shared')!;
    const [persistentVolume] = fileSystemVolume({ ...volume, name: 'shared', namespace: 'training' });
    expect(persistentVolume).toMatchObject({
      metadata: { name: 'training-shared' },
      spec: {
        csi: {
          driver: 'nasplugin.csi.alibabacloud.com',
          volumeHandle: 'training-shared',
          volumeAttributes: { mountProtocol: 'cpfs-nfs', server: ADDRESS.server, path: '/share', volumeAs: 'subpath' },
        },
        mountOptions: ['rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport', 'vers=3'],
      },
    });
    expect(cpfsVolume({ mountAddress: { ...ADDRESS, path: '/share/a' } }, 'v')?.volumeAttributes?.path).toBe(
      '/share/a',
    );
  });

  test('does not exist without an address', () => {
    expect(cpfsVolume({}, 'training-shared')).toBeUndefined();
  });
});

describe('TrainingStorage', () => {
  const given = (storage: TrainingStorage, nodes: number) => storage.given({ nodes });

  test('sizes a new file system for the nodes, and limits its throughput by their clients', () => {
    expect(given(TrainingStorage.cpfs(), 2)).toEqual({ sizeGiB: 3600, throughputMBps: 351.5625 });
    expect(given(TrainingStorage.cpfs({ requiredThroughputMBps: 4000 }), 2)).toMatchObject({ throughputMBps: 1200 });
    const protocol = CpfsProtocol.cache({ throughputMBps: 8000 });
    expect(given(TrainingStorage.cpfs({ requiredThroughputMBps: 4000, protocol }), 2)?.throughputMBps).toBe(2200);
  });

  test('describes an existing file system if its size and throughput are known', () => {
    const attributes = { fileSystemId: 'cpfs-0229cb80bcc0', zone: ZONE };
    const known = { ...attributes, sizeGiB: 36_000, throughputMBps: 3515 };
    expect(given(TrainingStorage.fromFileSystem(known), 2)).toEqual({ sizeGiB: 36_000, throughputMBps: 1200 });
    expect(given(TrainingStorage.fromFileSystem({ ...known, clientMBps: 1100 }), 2)?.throughputMBps).toBe(2200);
    expect(given(TrainingStorage.fromFileSystem(attributes), 2)).toBeUndefined();
    expect(given(TrainingStorage.none(), 2)).toBeUndefined();
  });

  test('creates the file system, or returns the existing one', () => {
    const { stack, network } = synthFileSystem();
    const target = { network, zone: ZONE };
    const created = TrainingStorage.cpfs().provide(stack, 'Shared', { nodes: 8 }, target);
    expect(created?.sizeGiB).toBe(9600);
    expect(TrainingStorage.none().provide(stack, 'None', { nodes: 8 }, target)).toBeUndefined();
    const problems = new ProblemCollector();
    TrainingStorage.cpfs({ sizeGiB: 1 }).check(problems, { nodes: 8 }, target);
    TrainingStorage.fromFileSystem({ fileSystemId: 'x', zone: ZONE }).check(problems, { nodes: 8 }, target);
    expect(problems.all.map(({ code }) => code)).toEqual(['LustreSize', 'ResourceIdInvalid']);
  });
});
