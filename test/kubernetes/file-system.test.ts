import { fileSystemVolume } from '../../lib/kubernetes';
import { at } from './at';
import { refusalOf } from './problems';
import { manifestFaults, schemaTest } from './schemas';

const props = {
  name: 'data',
  namespace: 'ml',
  driver: 'fsx.csi.aws.com',
  volumeHandle: 'fs-0123456789abcdef0',
  volumeAttributes: { dnsname: 'fs-0123456789abcdef0.fsx.us-east-1.amazonaws.com', mountname: 'abcd' },
  capacityGiB: 4800,
  mountOptions: ['flock'],
};

schemaTest('a volume and its claim are valid', () => {
  expect(fileSystemVolume(props).flatMap(manifestFaults)).toEqual([]);
});

describe('fileSystemVolume', () => {
  const [volume, claim] = fileSystemVolume(props);

  test('retains the data, and allows all nodes to mount the volume', () => {
    expect(volume.spec).toMatchObject({
      persistentVolumeReclaimPolicy: 'Retain',
      accessModes: ['ReadWriteMany'],
      csi: { driver: props.driver, volumeHandle: props.volumeHandle, volumeAttributes: props.volumeAttributes },
      mountOptions: ['flock'],
      capacity: { storage: '4800Gi' },
    });
  });

  test('binds the volume and the claim to each other without a storage class', () => {
    expect(at(volume, 'spec.claimRef')).toMatchObject({ namespace: 'ml', name: 'data' });
    expect(claim.spec).toMatchObject({ volumeName: volume.metadata.name, storageClassName: '' });
    expect(claim.metadata).toEqual({ name: 'data', namespace: 'ml' });
    expect(at(volume, 'spec.storageClassName')).toBe('');
  });

  test('creates separate volumes for the same name in two namespaces', () => {
    const [other] = fileSystemVolume({ ...props, namespace: 'batch' });
    expect(other.metadata.name).not.toBe(volume.metadata.name);
  });

  test('reports all invalid props', () => {
    const action = () => fileSystemVolume({ ...props, name: 'A', driver: '', volumeHandle: '', capacityGiB: 0 });
    expect(refusalOf(action)).toEqual([
      'KubernetesName name',
      'VolumeInvalid driver',
      'VolumeInvalid volumeHandle',
      'VolumeInvalid capacityGiB',
    ]);
  });
});
