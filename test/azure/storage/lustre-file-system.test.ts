import { AiInfraError, findingsOf } from 'ai-infra-constructs';
import {
  DataBucket,
  LustreFileSystem,
  type LustreFileSystemProps,
  MlNetwork,
  RootSquashMode,
} from 'ai-infra-constructs/azure';
import fc from 'fast-check';
import { codesOf, newStack, problemsOf, resourcesOf, theOnly } from '../support';

const resourceGroup = { name: 'mine', location: 'swedencentral' };
const encryptionKey = {
  keyId: 'https://mine.vault.azure.net/keys/data',
  versionedKeyId: 'https://mine.vault.azure.net/keys/data/1',
  vaultId: '/vault',
  identity: { id: '/identity', principalId: 'p', clientId: 'c' },
};
const PROVIDER = '22222222-2222-4222-8222-222222222222';
const VNET = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v';
const TIB = 1024;

function lustre(props: Partial<LustreFileSystemProps> = {}) {
  const stack = newStack();
  const network = new MlNetwork(stack, 'Network', { resourceGroup });
  const sizing = props.requiredThroughputMBps === undefined ? { sizeGiB: 8 * TIB } : {};
  const all = { resourceGroup, network, zone: '1', encryptionKey, ...sizing, ...props };
  const made = new LustreFileSystem(stack, 'Lustre', all);
  return { stack, made, network, resource: theOnly(stack, 'azurerm_managed_lustre_file_system') };
}

interface Rule {
  readonly name: string;
  readonly direction: string;
  readonly priority: number;
  readonly access: string;
}

/** The rules of the subnet of the servers. */
function rulesOf(stack: ReturnType<typeof newStack>): (Rule & Record<string, unknown>)[] {
  const groups = Object.values(resourcesOf(stack, 'azurerm_network_security_group'));
  return groups.find(({ security_rule }) => security_rule)!.security_rule;
}

describe('a Lustre file system', () => {
  test('is in one zone, is encrypted with a key, and is protected from replacement', () => {
    const stack = newStack();
    const network = new MlNetwork(stack, 'Network', { resourceGroup });
    new LustreFileSystem(stack, 'Lustre', { resourceGroup, network, zone: '2', sizeGiB: 16 * TIB });
    const resource = theOnly(stack, 'azurerm_managed_lustre_file_system');
    expect(resource).toMatchObject({
      zones: ['2'],
      sku_name: 'AMLFS-Durable-Premium-250',
      storage_capacity_in_tb: 16,
      identity: { type: 'UserAssigned' },
      maintenance_window: { day_of_week: 'Sunday', time_of_day_in_utc: '02:00' },
      lifecycle: { prevent_destroy: true },
    });
    expect(resource.encryption_key.key_url).toMatch(/\.keyUriWithVersion}$/);
    expect(resource.encryption_key.source_vault_id).toMatch(/azurerm_key_vault\./);
    expect(resource.depends_on).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^azurerm_role_assignment\.Lustre_Key_Grant/),
        expect.stringMatching(/^azurerm_subnet_network_security_group_association\./),
        expect.stringMatching(/^azurerm_subnet_nat_gateway_association\./),
      ]),
    );
  });

  test.each([
    [{ sizeGiB: 48 * TIB, throughputMBpsPerTiB: 40 }, 'AMLFS-Durable-Premium-40', 48, 1920],
    [{ sizeGiB: 128 * TIB, throughputMBpsPerTiB: 125 }, 'AMLFS-Durable-Premium-125', 128, 16_000],
    [{ sizeGiB: 4 * TIB, throughputMBpsPerTiB: 500 }, 'AMLFS-Durable-Premium-500', 4, 2000],
    [{ requiredThroughputMBps: 1500 }, 'AMLFS-Durable-Premium-500', 4, 2000],
    [{ requiredThroughputMBps: 60_000 }, 'AMLFS-Durable-Premium-500', 120, 60_000],
    [{ requiredThroughputMBps: 10_000, throughputMBpsPerTiB: 125 }, 'AMLFS-Durable-Premium-125', 80, 10_000],
  ])('%j is a %s of %d TiB with %d MB/s', (props, sku, tib, rate) => {
    const { resource, made } = lustre(props);
    expect([resource.sku_name, resource.storage_capacity_in_tb]).toEqual([sku, tib]);
    expect([made.sizeGiB, made.throughputMBps]).toEqual([tib * TIB, rate]);
  });

  test.each([
    [{ sizeGiB: 16 * TIB }, '10.0.128.0/27'],
    [{ sizeGiB: 24 * TIB }, '10.0.128.0/26'],
    [{ sizeGiB: 92 * TIB, throughputMBpsPerTiB: 500 }, '10.0.128.0/25'],
    [{ sizeGiB: 96 * TIB }, '10.0.128.0/24'],
    [{ sizeGiB: 240 * TIB, throughputMBpsPerTiB: 40 }, '10.0.128.0/23'],
  ])('%j uses the subnet %s', (props, cidr) => {
    const subnets = Object.values(resourcesOf(lustre(props).stack, 'azurerm_subnet'));
    expect(subnets.map(({ address_prefixes: [prefix] }) => prefix)).toContain(cidr);
  });

  test('is reachable only from nodes on Lustre ports, and can reach Azure services', () => {
    const rules = rulesOf(lustre().stack);
    const rule = (name: string) => rules.find((one) => one.name === name);
    expect(rule('clients-in')).toMatchObject({
      access: 'Allow',
      protocol: 'Tcp',
      destination_port_ranges: ['988', '1019-1023'],
      source_address_prefixes: ['10.0.0.0/18'],
      destination_address_prefix: '10.0.128.0/27',
    });
    expect(rule('others-in')).toMatchObject({ access: 'Deny', source_address_prefix: 'VirtualNetwork' });
    expect(rule('azure-out')).toMatchObject({ access: 'Allow', destination_address_prefix: 'AzureCloud' });
    const order = rules.filter(({ direction }) => direction === 'Inbound').sort((a, b) => a.priority - b.priority);
    expect(order.map(({ access }) => access)).toEqual(['Allow', 'Allow', 'Deny']);
    expect(new Set(rules.map(({ direction, priority }) => `${direction} ${priority}`)).size).toBe(rules.length);
  });

  test('supports a second file system with its own subnet and clients', () => {
    const { stack, network } = lustre();
    const props = { resourceGroup, network, zone: '1', encryptionKey, sizeGiB: 8 * TIB };
    expect(problemsOf(() => new LustreFileSystem(stack, 'Same', props))).toEqual([
      expect.objectContaining({ code: 'CidrOverlap', prop: 'cidr' }),
    ]);
    new LustreFileSystem(stack, 'Other', { ...props, subnetCidr: '10.0.129.0/26', clientCidrs: ['10.9.0.0/16'] });
    const groups = Object.values(resourcesOf(stack, 'azurerm_network_security_group'));
    expect(JSON.stringify(groups)).toContain('"source_address_prefixes":["10.9.0.0/16"]');
  });

  test('uses an existing subnet', () => {
    const network = MlNetwork.fromMlNetworkAttributes(newStack(), 'Network', {
      virtualNetworkId: VNET,
      nodeSubnetId: `${VNET}/subnets/nodes`,
      endpointSubnetId: `${VNET}/subnets/endpoints`,
    });
    const subnetId = `${VNET}/subnets/lustre`;
    expect(lustre({ network, subnetId }).resource.subnet_id).toBe(subnetId);
    expect(problemsOf(() => lustre({ network }))).toEqual([
      expect.objectContaining({ code: 'ValueMissing', prop: 'subnetId' }),
    ]);
  });

  test('squashes root', () => {
    const rootSquash = { mode: RootSquashMode.ALL, noSquashNids: '10.0.0.[4-9]@tcp' };
    expect(lustre({ rootSquash }).resource.root_squash).toEqual({
      mode: 'All',
      no_squash_nids: '10.0.0.[4-9]@tcp',
      squash_uid: 65534,
      squash_gid: 65534,
    });
    expect(lustre({ rootSquash: { noSquashNids: 'x' } }).resource.root_squash.mode).toBe('RootOnly');
    expect(lustre().resource.root_squash).toBeUndefined();
  });
});

describe('blob integration', () => {
  function joined(accountKeys: boolean) {
    const stack = newStack();
    const network = new MlNetwork(stack, 'Network', { resourceGroup });
    const bucket = new DataBucket(stack, 'Data', { resourceGroup, network, encryptionKey, accountKeys });
    const blobIntegration = { bucket, resourceProviderId: PROVIDER };
    const zone = '1';
    new LustreFileSystem(stack, 'Lustre', {
      resourceGroup,
      network,
      zone,
      encryptionKey,
      sizeGiB: 8 * TIB,
      blobIntegration,
    });
    return { stack, resource: theOnly(stack, 'azurerm_managed_lustre_file_system') };
  }

  test('has two containers, and depends on the role assignments of the service', () => {
    const { stack, resource } = joined(true);
    expect(resource.hsm_setting.container_id).toMatch(/\/blobServices\/default\/containers\/data$/);
    expect(resource.hsm_setting.logging_container_id).toMatch(/\/blobServices\/default\/containers\/lustre-logs$/);
    // What Azure fills in would replace the file system with the next apply.
    expect(resource.hsm_setting.import_prefix).toBe('/');
    const grants = Object.entries(resourcesOf(stack, 'azurerm_role_assignment')).filter(
      ([, { principal_id }]) => principal_id === PROVIDER,
    );
    expect(grants.map(([, { role_definition_name }]) => role_definition_name)).toEqual([
      'Storage Account Contributor',
      'Storage Blob Data Contributor',
    ]);
    expect(resource.depends_on).toEqual(
      expect.arrayContaining([
        ...grants.map(([address]) => `azurerm_role_assignment.${address}`),
        expect.stringMatching(/^azurerm_storage_container\.Data_Container/),
        expect.stringMatching(/^azurerm_storage_container\.Data_LustreLogs/),
        expect.stringMatching(/^azurerm_private_endpoint\.Data_Blob/),
      ]),
    );
  });

  test('reports a bucket without account keys', () => {
    const idsOf = (accountKeys: boolean) => findingsOf(joined(accountKeys).stack).map(({ id }) => id);
    expect(idsOf(false)).toEqual(['storage/keyless-blob-integration']);
    expect(idsOf(true)).toEqual([]);
  });

  test('of two file systems of a bucket shares the role assignments', () => {
    const stack = newStack();
    const network = new MlNetwork(stack, 'Network', { resourceGroup });
    const bucket = { accountName: 'a', accountId: '/account', containerName: 'data' };
    const blobIntegration = { bucket, resourceProviderId: PROVIDER, loggingContainerName: 'logs' };
    const subnetId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/s';
    for (const id of ['One', 'Other'])
      new LustreFileSystem(stack, id, {
        resourceGroup,
        network,
        zone: '1',
        sizeGiB: 8 * TIB,
        blobIntegration,
        subnetId,
      });
    const rights = Object.values(resourcesOf(stack, 'azurerm_role_assignment')).map(({ principal_id }) => principal_id);
    expect(rights.filter((to) => to === PROVIDER)).toHaveLength(2);
  });

  test('requires a container for logs in an imported bucket', () => {
    const bucket = { accountName: 'a', accountId: '/account', containerName: 'data' };
    const blobIntegration = { bucket, resourceProviderId: PROVIDER, loggingContainerName: 'logs' };
    expect(lustre({ blobIntegration }).resource.hsm_setting.logging_container_id).toBe(
      '/account/blobServices/default/containers/logs',
    );
  });
});

test('reports a file system above the documented size of its tier', () => {
  const idsOf = (tib: number) => findingsOf(lustre({ sizeGiB: tib * TIB }).stack).map(({ id }) => id);
  expect([idsOf(128), idsOf(136)]).toEqual([[], ['storage/size-by-ticket']]);
});

test('reports a file system without a documented subnet size', () => {
  const { stack } = lustre({ sizeGiB: 432 * TIB, throughputMBpsPerTiB: 40 });
  expect(findingsOf(stack).map(({ id }) => id)).toEqual(['storage/subnet-size']);
});

const BUCKET = { accountName: 'a', accountId: '/account', containerName: 'data' };
const BLOB = { bucket: BUCKET, resourceProviderId: PROVIDER, loggingContainerName: 'logs' };

test.each<[Partial<Record<keyof LustreFileSystemProps, unknown>>, string, string]>([
  [{ sizeGiB: 12 * TIB }, 'LustreSize', 'sizeGiB'],
  [{ sizeGiB: 4 * TIB }, 'LustreSize', 'sizeGiB'],
  [{ throughputMBpsPerTiB: 300 }, 'LustreThroughput', 'throughputMBpsPerTiB'],
  [{ requiredThroughputMBps: 1, sizeGiB: 8 * TIB }, 'LustreSizing', 'sizeGiB'],
  [{ sizeGiB: undefined }, 'LustreSizing', 'sizeGiB'],
  [{ requiredThroughputMBps: 1e6 }, 'LustreSizing', 'requiredThroughputMBps'],
  [{ zone: 'swedencentral-1' }, 'LocationInvalid', 'zone'],
  [{ subnetCidr: '10.0.128.0/28' }, 'CidrInvalid', 'subnetCidr'],
  [{ subnetId: `${VNET}/subnets/s`, subnetCidr: '10.0.128.0/27' }, 'LustreOption', 'subnetCidr'],
  [{ subnetId: 's' }, 'ResourceIdInvalid', 'subnetId'],
  [{ clientCidrs: ['10.0.0.1/18'] }, 'CidrInvalid', 'clientCidrs[0]'],
  [{ maintenance: { day: 'Sunday', time: '24:00' } }, 'LustreOption', 'maintenance.time'],
  [{ maintenance: { day: 'Someday', time: '02:00' } }, 'ChoiceUnknown', 'maintenance.day'],
  [{ rootSquash: { noSquashNids: 'x', uid: 0 } }, 'LustreOption', 'rootSquash.uid'],
  [{ rootSquash: {} }, 'ValueMissing', 'rootSquash.noSquashNids'],
  [{ blobIntegration: { ...BLOB, resourceProviderId: 'hpc' } }, 'LustreOption', 'blobIntegration.resourceProviderId'],
  [{ blobIntegration: { ...BLOB, importPrefix: 'a' } }, 'LustreOption', 'blobIntegration.importPrefix'],
  [
    { blobIntegration: { ...BLOB, loggingContainerName: 'data' } },
    'LustreOption',
    'blobIntegration.loggingContainerName',
  ],
  [{ blobIntegration: { ...BLOB, loggingContainerName: 'A' } }, 'LustreOption', 'blobIntegration.loggingContainerName'],
  [
    { blobIntegration: { ...BLOB, loggingContainerName: undefined } },
    'LustreOption',
    'blobIntegration.loggingContainerName',
  ],
  [{ blobIntegration: { ...BLOB, bucket: 'data' } }, 'PropType', 'blobIntegration.bucket'],
  [{ network: {} }, 'PropType', 'network'],
  [{ resourceGroup: { name: 'far', location: 'eastus' } }, 'LocationInvalid', 'resourceGroup.location'],
])('%j is rejected with %s', (props, code, prop) => {
  expect(problemsOf(() => lustre(props as Partial<LustreFileSystemProps>))).toEqual([
    expect.objectContaining({ code, prop }),
  ]);
});

test.each(['not an ip', '10.0.0.256', '10.0.0.4@tcp'])(
  'rejects %p as the address of an existing file system',
  (mgsAddress) => {
    const attrs = { name: 'fs', mgsAddress, zone: '1' };
    const imported = () => LustreFileSystem.fromLustreFileSystemAttributes(newStack(), 'Lustre', attrs);
    expect(problemsOf(imported)).toMatchObject([{ code: 'LustreOption', prop: 'mgsAddress' }]);
    expect(() =>
      LustreFileSystem.fromLustreFileSystemAttributes(newStack(), 'Lustre', { ...attrs, mgsAddress: '10.0.0.4' }),
    ).not.toThrow();
  },
);

test('rejects an invalid zone of an existing file system', () => {
  const attrs = { name: 'fs', mgsAddress: '10.0.0.4', zone: 'a' };
  const imported = () => LustreFileSystem.fromLustreFileSystemAttributes(newStack(), 'Lustre', attrs);
  expect(problemsOf(imported)).toMatchObject([{ code: 'LocationInvalid', prop: 'zone' }]);
});

test.each([undefined, null, 7])('rejects %p instead of props', (props) => {
  expect(codesOf(() => new LustreFileSystem(newStack(), 'Lustre', props as never))).toHaveLength(1);
});

test('either has a valid size with enough throughput, or is rejected with a code', () => {
  const steps: Record<string, number> = { 40: 48, 125: 16, 250: 8, 500: 4 };
  const props = fc.record(
    {
      requiredThroughputMBps: fc.integer({ min: -10, max: 80_000 }),
      throughputMBpsPerTiB: fc.constantFrom(40, 125, 250, 500, 7),
    },
    { requiredKeys: ['requiredThroughputMBps'] },
  );
  fc.assert(
    fc.property(props, (given) => {
      try {
        const { made, resource } = lustre(given);
        const tier = resource.sku_name.split('-').at(-1);
        expect(resource.storage_capacity_in_tb % steps[tier]!).toBe(0);
        expect(made.throughputMBps).toBeGreaterThanOrEqual(given.requiredThroughputMBps);
      } catch (error) {
        if (!AiInfraError.isAiInfraError(error)) throw error;
      }
    }),
    { numRuns: 30 },
  );
});
