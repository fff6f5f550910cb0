import { AiInfraError, DataClass } from 'ai-infra-constructs';
import {
  DataBucket,
  type DataBucketProps,
  DataPurpose,
  LustreFileSystem,
  type LustreFileSystemProps,
  MlNetwork,
} from 'ai-infra-constructs/google';
import fc from 'fast-check';
import { newStack, problemsOf, resourcesOf, theOnly } from '../support';

const REGION = 'us-central1';

function bucket(props: Partial<DataBucketProps> = {}) {
  const stack = newStack();
  new DataBucket(stack, 'Data', { region: REGION, ...props });
  return { stack, resource: theOnly(stack, 'google_storage_bucket') };
}

describe('a bucket', () => {
  test('is encrypted, private, without ACLs, and protected from destruction', () => {
    const { resource, stack } = bucket();
    expect(resource).toMatchObject({
      uniform_bucket_level_access: true,
      public_access_prevention: 'enforced',
      force_destroy: false,
      versioning: { enabled: true },
      soft_delete_policy: { retention_duration_seconds: 7 * 86_400 },
      lifecycle: { prevent_destroy: true },
    });
    const [grant] = Object.keys(resourcesOf(stack, 'google_kms_crypto_key_iam_member'));
    expect(resource.encryption.default_kms_key_name).toMatch(/google_kms_crypto_key\..*\.id/);
    expect(resource.depends_on).toContain(`google_kms_crypto_key_iam_member.${grant}`);
  });

  test('has a globally unique name with the project ID', () => {
    expect(bucket().resource.name).toMatch(/^\${data\.google_client_config\..*\.project}-test-data-[0-9a-f]{8}$/);
  });

  test('for checkpoints has a hierarchical namespace and no soft delete', () => {
    const { resource } = bucket({ purpose: DataPurpose.CHECKPOINTS });
    expect(resource).toMatchObject({
      hierarchical_namespace: { enabled: true },
      soft_delete_policy: { retention_duration_seconds: 0 },
    });
    expect(resource.versioning).toBeUndefined();
    expect(resource.autoclass).toBeUndefined();
  });

  test('for confidential checkpoints has versioning instead of a hierarchical namespace', () => {
    const { resource } = bucket({ purpose: DataPurpose.CHECKPOINTS, dataClass: DataClass.CONFIDENTIAL });
    expect(resource.hierarchical_namespace).toBeUndefined();
    expect(resource).toMatchObject({ versioning: { enabled: true }, labels: { 'data-class': 'confidential' } });
  });

  test('with a retention policy has no versioning', () => {
    const { resource } = bucket({ retention: { days: 365, permanent: true } });
    expect(resource).toMatchObject({
      retention_policy: { retention_period: 365 * 86_400, is_locked: true },
      versioning: { enabled: false },
    });
  });

  test('supports the longest retention period of the provider', () => {
    const { resource } = bucket({ retention: { days: 24_855 } });
    expect(resource.retention_policy.retention_period).toBeLessThan(2 ** 31);
  });

  test('deletes noncurrent versions by purpose, and logs after a year', () => {
    const rules = (purpose: DataPurpose) => bucket({ purpose }).resource.lifecycle_rule as { condition: object }[];
    expect(rules(DataPurpose.MODELS).map(({ condition }) => condition)).toContainEqual({
      days_since_noncurrent_time: 90,
      with_state: 'ARCHIVED',
    });
    expect(rules(DataPurpose.LOGS).map(({ condition }) => condition)).toContainEqual({ age: 365, with_state: 'ANY' });
  });

  test('has a cache in each cache zone', () => {
    const { stack } = bucket({ cacheZones: ['us-central1-a', 'us-central1-b'] });
    expect(Object.values(resourcesOf(stack, 'google_storage_anywhere_cache')).map(({ zone }) => zone)).toEqual([
      'us-central1-a',
      'us-central1-b',
    ]);
  });

  test('grants access to IAM members', () => {
    const stack = newStack();
    const data = new DataBucket(stack, 'Data', { region: REGION });
    data.grantRead('Reader', 'serviceAccount:a@p.iam.gserviceaccount.com');
    data.grantReadWrite('Writer', 'serviceAccount:b@p.iam.gserviceaccount.com');
    expect(Object.values(resourcesOf(stack, 'google_storage_bucket_iam_member')).map(({ role }) => role)).toEqual([
      'roles/storage.objectViewer',
      'roles/storage.objectUser',
    ]);
  });

  test.each([
    [{ hierarchical: true, versioned: true }, 'BucketHierarchy', 'versioned'],
    [{ hierarchical: true, retention: { days: 1 } }, 'BucketHierarchy', 'retention'],
    [{ hierarchical: true, dataClass: DataClass.RESTRICTED }, 'DataClassFloor', 'versioned'],
    [{ versioned: false, dataClass: DataClass.CONFIDENTIAL }, 'DataClassFloor', 'versioned'],
    [
      { noncurrentVersionExpirationDays: 30, dataClass: DataClass.RESTRICTED },
      'DataClassFloor',
      'noncurrentVersionExpirationDays',
    ],
    [{ softDeleteDays: 5 }, 'BucketRetention', 'softDeleteDays'],
    [{ retention: { days: 24_856 } }, 'BucketRetention', 'retention.days'],
    [{ expirationDays: 5, retention: { days: 30 } }, 'BucketRetention', 'expirationDays'],
    [{ cacheZones: ['europe-west4-a'] }, 'LocationInvalid', 'cacheZones[0]'],
    [{ region: 'us-central1-a' }, 'LocationInvalid', 'region'],
    [{ region: 'us' }, 'LocationInvalid', 'region'],
    [{ region: 7 as never }, 'PropType', 'region'],
  ] as const)('rejects %j with %s', (props, code, prop) => {
    expect(problemsOf(() => bucket(props as Partial<DataBucketProps>))).toEqual([
      expect.objectContaining({ code, prop }),
    ]);
  });
});

function lustre(props: Partial<LustreFileSystemProps> = {}) {
  const stack = newStack();
  const network = new MlNetwork(stack, 'Network', { region: REGION });
  const fileSystem = new LustreFileSystem(stack, 'Lustre', { network, zone: 'us-central1-b', ...props });
  return { stack, network, fileSystem, resource: theOnly(stack, 'google_lustre_instance') };
}

describe('a Lustre file system', () => {
  test('is in the zone, depends on the peering, and is protected from destruction', () => {
    const { resource, stack } = lustre({ sizeGiB: 18_000 });
    expect(resource).toMatchObject({
      location: 'us-central1-b',
      capacity_gib: '18000',
      per_unit_storage_throughput: '500',
      filesystem: 'lustre',
      lifecycle: { prevent_destroy: true },
    });
    const [peering] = Object.keys(resourcesOf(stack, 'google_service_networking_connection'));
    expect(resource.depends_on).toContain(`google_service_networking_connection.${peering}`);
  });

  test('has a firewall rule only for its port and the peering range', () => {
    expect(theOnly(lustre({ sizeGiB: 18_000 }).stack, 'google_compute_firewall')).toMatchObject({
      allow: [{ protocol: 'tcp', ports: ['988'] }],
      source_ranges: [expect.stringMatching(/^\${google_compute_global_address\..*\.address}\/\${.*\.prefix_length}$/)],
    });
    const legacy = lustre({ sizeGiB: 18_000, legacyGkePort: true });
    expect(theOnly(legacy.stack, 'google_compute_firewall').allow[0].ports).toEqual(['988', '6988']);
    expect(legacy.resource.gke_support_enabled).toBe(true);
  });

  test('reserves its range after the subnetwork', () => {
    const { stack } = lustre({ sizeGiB: 18_000 });
    const [subnetwork] = Object.keys(resourcesOf(stack, 'google_compute_subnetwork'));
    expect(theOnly(stack, 'google_compute_global_address').depends_on).toEqual([
      `google_compute_subnetwork.${subnetwork}`,
    ]);
  });

  test('shares the peering of its network', () => {
    const { stack, network } = lustre({ sizeGiB: 18_000 });
    new LustreFileSystem(stack, 'Second', { network, zone: 'us-central1-c', sizeGiB: 36_000 });
    theOnly(stack, 'google_service_networking_connection');
  });

  test.each([
    [9_000, 9_000],
    [9_001, 18_000],
    [2_000, 9_000],
  ])('is the smallest that provides %i MB/s', (requiredThroughputMBps, sizeGiB) => {
    const { fileSystem } = lustre({ requiredThroughputMBps });
    expect(fileSystem.throughputMBps).toBeGreaterThanOrEqual(requiredThroughputMBps);
    expect(fileSystem.sizeGiB).toBe(sizeGiB);
  });

  test.each([
    [{ sizeGiB: 12_000, throughputMBpsPerTiB: 1000 }, 'LustreSize', 'sizeGiB'],
    [{ sizeGiB: 9_000 }, 'LustreSize', 'sizeGiB'],
    [{ sizeGiB: 1_539_000, throughputMBpsPerTiB: 1000 }, 'LustreSize', 'sizeGiB'],
    [{ sizeGiB: 10_080_000, throughputMBpsPerTiB: 1000 }, 'LustreSize', 'sizeGiB'],
    [{ sizeGiB: 18_000, throughputMBpsPerTiB: 300 }, 'LustreThroughput', 'throughputMBpsPerTiB'],
    [{}, 'LustreSizing', 'sizeGiB'],
    [{ sizeGiB: 18_000, requiredThroughputMBps: 1 }, 'LustreSizing', 'sizeGiB'],
    [{ requiredThroughputMBps: 1e9 }, 'LustreSizing', 'requiredThroughputMBps'],
    [{ sizeGiB: 18_000, fsName: 'too-long-a-name' }, 'LustreName', 'fsName'],
    [{ sizeGiB: 18_000, zone: 'europe-west4-a' }, 'LocationInvalid', 'zone'],
  ] as const)('rejects %j with %s', (props, code, prop) => {
    expect(problemsOf(() => lustre(props as Partial<LustreFileSystemProps>))).toEqual([
      expect.objectContaining({ code, prop }),
    ]);
  });

  test('has a valid size for any input, or reports a coded error', () => {
    const sizing = fc.record(
      {
        sizeGiB: fc.integer({ min: -10, max: 3e7 }),
        requiredThroughputMBps: fc.double({ min: -1, max: 2e7 }),
        throughputMBpsPerTiB: fc.constantFrom(125, 250, 500, 1000),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(sizing, (props) => {
        try {
          const { resource } = lustre(props);
          const step = { 125: 72_000, 250: 36_000, 500: 18_000, 1000: 9_000 }[
            Number(resource.per_unit_storage_throughput)
          ]!;
          expect(Number(resource.capacity_gib) % step).toBe(0);
          expect(Number(resource.capacity_gib)).toBeGreaterThan(0);
        } catch (error) {
          if (!AiInfraError.isAiInfraError(error)) throw error;
        }
      }),
      { numRuns: 100, seed: 6 },
    );
  });
});

test.each(['gs://data', 'data/folder', 'My Data'])('rejects %s as the name of an existing bucket', (name) => {
  expect(problemsOf(() => DataBucket.fromBucketName(newStack(), 'Data', name))).toMatchObject([
    { code: 'ResourceIdInvalid', prop: 'name', got: name },
  ]);
});

test.each([
  ['serverIp', 'ResourceIdInvalid', { serverIp: '999.1.1.1' }],
  ['fsName', 'LustreName', { fsName: 'a"b' }],
  ['zone', 'LocationInvalid', { zone: 'us-central1' }],
] as const)('rejects an invalid %s of an existing file system', (prop, code, wrong) => {
  const attributes = {
    volumeHandle: 'p/us-central1-b/fs',
    serverIp: '10.1.2.3',
    fsName: 'lustre',
    zone: 'us-central1-b',
  };
  expect(
    problemsOf(() =>
      LustreFileSystem.fromLustreFileSystemAttributes(newStack(), 'FileSystem', { ...attributes, ...wrong }),
    ),
  ).toMatchObject([{ code, prop }]);
});
