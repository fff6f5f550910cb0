import { BucketVolume, type BucketVolumeProps, DataBucket } from 'ai-infra-constructs/alicloud';
import { refusalsOf, stackIn } from '../support';

const PROPS: BucketVolumeProps = {
  name: 'tokens',
  bucket: { name: 'my-datasets' },
  region: 'cn-hangzhou',
  roleName: 'bucket-mount',
};

function attributesOf(props: Partial<BucketVolumeProps> = {}) {
  const [volume] = BucketVolume.of({ ...PROPS, ...props }).manifests;
  return (volume as unknown as { spec: { csi: { volumeAttributes: Record<string, string> } } }).spec.csi
    .volumeAttributes;
}

test('reads a bucket over HTTPS with the role of the mount', () => {
  const [volume, claim] = BucketVolume.of(PROPS).manifests;
  expect(volume).toMatchObject({
    kind: 'PersistentVolume',
    metadata: { name: 'training-tokens' },
    spec: {
      accessModes: ['ReadOnlyMany'],
      persistentVolumeReclaimPolicy: 'Retain',
      csi: { driver: 'ossplugin.csi.alibabacloud.com', volumeHandle: 'training-tokens' },
    },
  });
  expect(attributesOf()).toEqual({
    bucket: 'my-datasets',
    path: '/',
    url: 'https://oss-cn-hangzhou-internal.aliyuncs.com',
    region: 'cn-hangzhou',
    authType: 'rrsa',
    roleName: 'bucket-mount',
    sigVersion: 'v4',
    fuseType: 'ossfs2',
  });
  expect(claim).toMatchObject({
    metadata: { name: 'tokens', namespace: 'training' },
    spec: { accessModes: ['ReadOnlyMany'], volumeName: 'training-tokens', storageClassName: '' },
  });
  expect(BucketVolume.of(PROPS).mount({ mountPath: '/tokens' })).toMatchObject({
    mountPath: '/tokens',
    readOnly: true,
    source: { persistentVolumeClaim: { claimName: 'tokens' } },
  });
});

test('writes to a folder with ossfs 1.0', () => {
  const volume = BucketVolume.of({ ...PROPS, folder: 'runs/7', writable: true });
  expect(volume.manifests[0]).toMatchObject({ spec: { accessModes: ['ReadWriteMany'] } });
  expect(volume.mount({ mountPath: '/runs' }).readOnly).toBe(false);
  expect(attributesOf({ folder: 'runs/7', writable: true })).toMatchObject({
    path: '/runs/7',
    fuseType: 'ossfs',
    otherOpts: '-o umask=022 -o allow_other',
  });
});

test('names the subject that the role must trust', () => {
  expect(BucketVolume.subject).toBe('system:serviceaccount:ack-csi-fuse:csi-fuse-ossfs');
});

test('rejects values that the driver cannot use', () => {
  const refused = (props: Partial<BucketVolumeProps>) => refusalsOf(() => BucketVolume.of({ ...PROPS, ...props }));
  expect(refused({ bucket: new DataBucket(stackIn(), 'Datasets') })).toEqual(['JobVolume bucket.name']);
  expect(refused({ roleName: 'acs:ram::1234567890123456:role/mount' })).toEqual(['JobVolume roleName']);
  expect(refused({ roleName: '${TfToken[TOKEN.1]}' })).toEqual(['JobVolume roleName']);
  expect(refused({ folder: '/tokens' })).toEqual(['JobVolume folder']);
  expect(refused({ folder: 'tokens/' })).toEqual(['JobVolume folder']);
  expect(refused({ region: 'hangzhou' })).toEqual(['LocationInvalid region']);
  expect(refused({ name: 'Tokens' })).toEqual(['KubernetesName name']);
});
