import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { findingsOf } from 'ai-infra-constructs';
import {
  AcceleratorNetworks,
  AcceleratorNodePool,
  Capacity,
  EncryptionKey,
  GoogleMachine,
  GpuDriver,
  useProviders,
} from 'ai-infra-constructs/google';
import { Token } from 'cdktf';
import { Construct } from 'constructs';
import { newApp } from '../../terraform/support';
import { CLUSTER, codesOf, newStack, problemsOf, resourcesOf, synthPool, theOnly, ZONE } from '../support';

const RESERVED = Capacity.reservation('research');

describe('additional interfaces', () => {
  test('of A3 Mega are exactly its eight GPU networks', () => {
    const { resource, stack } = synthPool({ machine: GoogleMachine.A3_MEGAGPU_8G });
    expect(resource.network_config.additional_node_network_configs).toHaveLength(8);
    expect(Object.values(resourcesOf(stack, 'google_compute_network')).map(({ mtu }) => mtu)).toEqual(
      Array(8).fill(8244),
    );
  });

  test('are empty for a machine without any', () => {
    expect(synthPool({ machine: GoogleMachine.G2_STANDARD_96 }).resource.network_config).toEqual({
      enable_private_nodes: true,
    });
  });

  test('are rejected if they are missing, or for another machine or zone', () => {
    expect(codesOf(() => synthPool({ networks: undefined, capacity: RESERVED }))).toEqual(['NetworksIncomplete']);
    const stack = newStack();
    const networks = new AcceleratorNetworks(stack, 'Networks', {
      machine: GoogleMachine.A4_HIGHGPU_8G,
      zone: 'us-central1-c',
    });
    const [problem] = problemsOf(() => synthPool({ networks, capacity: RESERVED }));
    expect(problem).toMatchObject({ code: 'NetworksIncomplete', got: 'networks for a4-highgpu-8g in us-central1-c' });
    expect(problem!.fix).toContain(`zone: '${ZONE}'`);
    expect(codesOf(() => synthPool({ machine: GoogleMachine.G2_STANDARD_96, networks }))).toEqual(['NetworksUnneeded']);
  });
});

describe('a node', () => {
  test('has its GPUs, the driver installation, and all attached local SSDs', () => {
    const { node_config: node } = synthPool({ capacity: RESERVED, driver: GpuDriver.LATEST }).resource;
    expect(node.guest_accelerator).toEqual([
      { type: 'nvidia-h200-141gb', count: 8, gpu_driver_installation_config: { gpu_driver_version: 'LATEST' } },
    ]);
    expect(node.ephemeral_storage_local_ssd_config).toEqual({ local_ssd_count: 32 });
    expect(node).toMatchObject({
      machine_type: 'a3-ultragpu-8g',
      gvnic: { enabled: true },
      gcfs_config: { enabled: true },
    });
    expect(node.workload_metadata_config).toEqual({ mode: 'GKE_METADATA' });
  });

  test('with TPUs has no guest accelerator, because the machine type includes it', () => {
    const { node_config: node } = synthPool({ machine: GoogleMachine.CT6E_STANDARD_4T, topology: '4x4' }).resource;
    expect(node.guest_accelerator).toBeUndefined();
    expect(node.disk_type).toBe('hyperdisk-balanced');
  });

  test('has the pool label and additional labels', () => {
    const { node_config: node } = synthPool({ capacity: RESERVED, labels: { team: 'vision' } }).resource;
    expect(node.labels).toEqual({ 'ai-infra/pool': 'nodes', team: 'vision' });
  });

  test('streams images with preloaded images, even if streaming is off', () => {
    const { node_config: node } = synthPool({
      capacity: RESERVED,
      imageStreaming: false,
      preloadedImages: ['global/images/weights'],
    }).resource;
    expect(node.gcfs_config).toEqual({ enabled: true });
    expect(node.secondary_boot_disks).toEqual([{ disk_image: 'global/images/weights', mode: 'CONTAINER_IMAGE_CACHE' }]);
  });

  test('supports only one preloaded image, because the provider sends only one', () => {
    const preloadedImages = ['global/images/weights', 'global/images/containers'];
    const [problem] = problemsOf(() => synthPool({ capacity: RESERVED, preloadedImages }));
    expect(problem).toMatchObject({ code: 'ChoiceUnknown', prop: 'preloadedImages', got: preloadedImages });
  });

  test('of bare metal reserves huge pages and is not a Shielded VM', () => {
    const capacity = Capacity.reservation('r', { block: 'b', subBlock: 's' });
    const { node_config: node } = synthPool({ machine: GoogleMachine.A4X_MAXGPU_4G_METAL, capacity }).resource;
    expect(node.linux_node_config).toEqual({ hugepages_config: { hugepage_size_2m: 4096 } });
    expect(node.shielded_instance_config).toBeUndefined();
  });

  test('has a new service account that can write logs and metrics, and pull and stream images', () => {
    const { stack, resource } = synthPool({ capacity: RESERVED });
    const roles = Object.values(resourcesOf(stack, 'google_project_iam_member')).map(({ role }) => role);
    expect(roles.sort()).toEqual([
      'roles/artifactregistry.reader',
      'roles/container.defaultNodeServiceAccount',
      'roles/serviceusage.serviceUsageConsumer',
    ]);
    expect(resource.node_config.service_account).toMatch(/google_service_account\..*\.email/);
    expect(theOnly(stack, 'google_service_account').account_id).toMatch(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
  });

  test('uses an existing service account and key', () => {
    const keyId = 'projects/p/locations/us-central1/keyRings/r/cryptoKeys/k';
    const base = newStack();
    const { stack, resource } = synthPool({
      capacity: RESERVED,
      serviceAccount: 'nodes@p.iam.gserviceaccount.com',
      bootDiskKey: EncryptionKey.fromEncryptionKeyId(base, 'Key', keyId, { grants: false }),
    });
    expect(resourcesOf(stack, 'google_service_account')).toEqual({});
    expect(resource.node_config).toMatchObject({
      service_account: 'nodes@p.iam.gserviceaccount.com',
      boot_disk_kms_key: keyId,
    });
  });
});

describe('capacity', () => {
  const NONE = { consume_reservation_type: 'NO_RESERVATION' };

  test('on-demand has a fixed number of nodes without a reservation', () => {
    const { resource } = synthPool({ machine: GoogleMachine.A3_MEGAGPU_8G, nodes: 4 });
    expect(resource).toMatchObject({ node_count: 4, management: { auto_repair: true, auto_upgrade: true } });
    expect(resource.autoscaling).toBeUndefined();
    expect(resource.node_config.reservation_affinity).toEqual(NONE);
  });

  test('spot scales from 0 to all nodes', () => {
    const { resource } = synthPool({ capacity: Capacity.spot(), nodes: 4 });
    expect(resource).toMatchObject({
      initial_node_count: 0,
      autoscaling: { total_min_node_count: 0, total_max_node_count: 4 },
      // The provider replaces a pool if its initial size changes.
      lifecycle: { ignore_changes: ['initial_node_count'] },
    });
    expect(resource.node_count).toBeUndefined();
    expect(resource.node_config).toMatchObject({ spot: true, reservation_affinity: NONE });
  });

  test('flex-start has a maximum run duration, and no repair, fixed size or reservation', () => {
    const { resource } = synthPool({ capacity: Capacity.flexStart({ maxRunDays: 2 }) });
    expect(resource.management.auto_repair).toBe(false);
    // GKE uses its own upgrade strategy for such nodes, which the provider does not support.
    expect(resource.upgrade_settings).toBeUndefined();
    expect(resource.node_count).toBeUndefined();
    expect(resource.node_config).toMatchObject({
      flex_start: true,
      max_run_duration: '172800s',
      reservation_affinity: NONE,
    });
    expect(resource.queued_provisioning).toBeUndefined();
  });

  test('queued capacity is provisioned for a request, from 0 nodes, and without compact placement', () => {
    const { resource } = synthPool({ capacity: Capacity.flexStart({ queued: true }) });
    expect(resource.queued_provisioning).toEqual({ enabled: true });
    expect(resource.autoscaling.total_min_node_count).toBe(0);
    expect(resource.placement_policy).toBeUndefined();
    expect(resource.node_config.labels).toMatchObject({ 'cloud.google.com/gke-queued': 'true' });
  });

  test.each([
    [{}, 'research'],
    [{ project: 'capacity' }, 'projects/capacity/reservations/research'],
    [{ block: 'b1' }, 'research/reservationBlocks/b1'],
    [
      { project: 'capacity', block: 'b1', subBlock: 's2' },
      'projects/capacity/reservations/research/reservationBlocks/b1/reservationSubBlocks/s2',
    ],
  ])('a reservation with %j is consumed by its path', (options, value) => {
    const { resource } = synthPool({ capacity: Capacity.reservation('research', options) });
    expect(resource.node_config.reservation_affinity).toEqual({
      consume_reservation_type: 'SPECIFIC_RESERVATION',
      key: 'compute.googleapis.com/reservation-name',
      values: [value],
    });
  });

  test('a new reservation matches the nodes, which consume it', () => {
    const until = new Date('2030-01-31T00:00:00.250Z');
    const { stack, resource } = synthPool({
      machine: GoogleMachine.A3_MEGAGPU_8G,
      capacity: Capacity.newReservation({ until, confirm: 'costs until deleted' }),
      nodes: 3,
    });
    expect(theOnly(stack, 'google_compute_reservation')).toMatchObject({
      zone: ZONE,
      // Without fractions of a second, as the API returns it. Another format would replace the reservation.
      delete_at_time: '2030-01-31T00:00:00Z',
      specific_reservation_required: true,
      specific_reservation: { count: 3, instance_properties: { machine_type: 'a3-megagpu-8g' } },
    });
    expect(resource.node_config.reservation_affinity.values[0]).toMatch(/^\${google_compute_reservation\..*\.name}$/);
  });

  test('is rejected if the machine does not support it', () => {
    const [problem] = problemsOf(() => synthPool({ capacity: Capacity.onDemand() }));
    expect(problem).toMatchObject({
      code: 'MarketUnsupported',
      got: 'on-demand',
      allowed: 'one of reservation, spot, flex-start for a3-ultragpu-8g',
    });
  });

  test.each([
    ['A3_ULTRAGPU_8G', {}],
    ['A4_HIGHGPU_8G', {}],
    ['A4X_HIGHGPU_4G', {}],
    ['CT5P_HIGHTPU_4T', { topology: '2x2x1' }],
    ['CT6E_STANDARD_8T', {}],
    ['TPU7X_STANDARD_4T', { topology: '2x2x1' }],
  ] as const)('is not created for %s, whose capacity is sold in advance', (name, more) => {
    const capacity = Capacity.newReservation({ confirm: 'costs until deleted' });
    const [problem] = problemsOf(() => synthPool({ machine: GoogleMachine[name], capacity, ...more }));
    expect(problem).toMatchObject({ code: 'MarketUnsupported', prop: 'capacity', got: 'a new reservation' });
  });

  test('of bare metal must be a sub-block', () => {
    const machine = GoogleMachine.A4X_MAXGPU_4G_METAL;
    for (const capacity of [RESERVED, Capacity.newReservation({ confirm: 'costs until deleted' })]) {
      expect(problemsOf(() => synthPool({ machine, capacity }))).toEqual([
        expect.objectContaining({
          code: 'ReservationBlock',
          fix: 'Set `block` and `subBlock` of an existing reservation.',
        }),
      ]);
    }
  });
});

describe('placement', () => {
  test('is compact for on-demand, for spot, and for flex-start only on RDMA machines', () => {
    const placed = (machine: GoogleMachine, capacity: Capacity) =>
      synthPool({ machine, capacity }).resource.placement_policy;
    expect(placed(GoogleMachine.A3_MEGAGPU_8G, Capacity.onDemand())).toEqual({ type: 'COMPACT' });
    expect(placed(GoogleMachine.A3_ULTRAGPU_8G, Capacity.spot())).toEqual({ type: 'COMPACT' });
    expect(placed(GoogleMachine.A4_HIGHGPU_8G, Capacity.flexStart())).toEqual({ type: 'COMPACT' });
    expect(placed(GoogleMachine.A3_MEGAGPU_8G, Capacity.flexStart())).toBeUndefined();
    expect(placed(GoogleMachine.A3_ULTRAGPU_8G, RESERVED)).toBeUndefined();
  });

  test.each([
    ['queued', GoogleMachine.A3_ULTRAGPU_8G, Capacity.flexStart({ queued: true })],
    ['flex-start without RDMA', GoogleMachine.A3_MEGAGPU_8G, Capacity.flexStart()],
    ['a reservation', GoogleMachine.A3_ULTRAGPU_8G, RESERVED],
    ['a machine without compact placement', GoogleMachine.G2_STANDARD_48, Capacity.onDemand()],
  ])('is rejected with %s if it is requested', (_, machine, capacity) => {
    expect(problemsOf(() => synthPool({ machine, capacity, compactPlacement: true }))).toEqual([
      expect.objectContaining({ code: 'PlacementInvalid', prop: 'compactPlacement' }),
    ]);
    expect(() => synthPool({ machine, capacity, compactPlacement: false })).not.toThrow();
  });

  test('is accepted if it is possible, or if it is implied', () => {
    const compact = true;
    expect(synthPool({ capacity: Capacity.spot(), compactPlacement: compact }).resource.placement_policy).toEqual({
      type: 'COMPACT',
    });
    expect(() =>
      synthPool({ machine: GoogleMachine.A4X_HIGHGPU_4G, capacity: RESERVED, compactPlacement: compact }),
    ).not.toThrow();
    expect(() =>
      synthPool({ machine: GoogleMachine.CT6E_STANDARD_4T, topology: '4x4', compactPlacement: compact }),
    ).not.toThrow();
  });

  test('of GB200 is one NVL72 domain with a workload policy', () => {
    const { stack, resource } = synthPool({ machine: GoogleMachine.A4X_HIGHGPU_4G, capacity: RESERVED, nodes: 18 });
    const policy = theOnly(stack, 'google_compute_resource_policy');
    expect(policy).toMatchObject({
      region: 'us-central1',
      workload_policy: { type: 'HIGH_THROUGHPUT', accelerator_topology: '1x72' },
    });
    expect(resource.placement_policy).toMatchObject({
      type: 'COMPACT',
      policy_name: expect.stringMatching(/google_compute_resource_policy/),
    });
  });

  test('of GB200 is rejected for more nodes than a domain', () => {
    const [problem] = problemsOf(() =>
      synthPool({ machine: GoogleMachine.A4X_HIGHGPU_4G, capacity: RESERVED, nodes: 19 }),
    );
    expect(problem).toMatchObject({ code: 'NodesOutOfRange', got: 19, allowed: expect.stringContaining('1 to 18') });
  });
});

describe('a TPU slice', () => {
  test.each([
    [GoogleMachine.CT5P_HIGHTPU_4T, '4x4x8', 32],
    [GoogleMachine.CT6E_STANDARD_4T, '8x8', 16],
    [GoogleMachine.CT5LP_HIGHTPU_4T, '4x8', 8],
    [GoogleMachine.CT5P_HIGHTPU_4T, '8x16x24', 768],
  ])('of %s in %s has %i nodes, which its topology places', (machine, topology, nodes) => {
    const { resource, pool } = synthPool({ machine, topology });
    expect(pool.nodes).toBe(nodes);
    expect(resource).toMatchObject({
      node_count: nodes,
      placement_policy: { type: 'COMPACT', tpu_topology: topology },
    });
  });

  test('of one host has no placement, and a pool can have several', () => {
    const { resource } = synthPool({ machine: GoogleMachine.CT6E_STANDARD_8T, nodes: 3 });
    expect(resource.node_count).toBe(3);
    expect(resource.placement_policy).toBeUndefined();
  });

  test('of TPU7x uses a workload policy without a type', () => {
    const { stack, resource } = synthPool({ machine: GoogleMachine.TPU7X_STANDARD_4T, topology: '4x4x4' });
    expect(theOnly(stack, 'google_compute_resource_policy').workload_policy).toEqual({
      type: 'HIGH_THROUGHPUT',
      accelerator_topology: '4x4x4',
    });
    expect(resource.placement_policy.type).toBe('');
  });

  test('on spot scales as a whole', () => {
    const { resource } = synthPool({
      machine: GoogleMachine.CT5P_HIGHTPU_4T,
      topology: '2x2x4',
      capacity: Capacity.spot(),
    });
    expect(resource.autoscaling).toEqual({ min_node_count: 0, max_node_count: 4, location_policy: 'ANY' });
  });

  test.each(['4x4x6', '3x3', '8x4x4', '4x4x99999', 'big', '4x4x564'])('of %s is rejected for v5p', (topology) => {
    const [problem] = problemsOf(() => synthPool({ machine: GoogleMachine.CT5P_HIGHTPU_4T, topology }));
    expect(problem).toMatchObject({ code: 'TpuTopology', prop: 'topology', got: topology });
  });

  test('is rejected with another number of nodes than its topology', () => {
    const [problem] = problemsOf(() =>
      synthPool({ machine: GoogleMachine.CT5P_HIGHTPU_4T, topology: '4x4x4', nodes: 15 }),
    );
    expect(problem).toMatchObject({
      code: 'TpuTopology',
      prop: 'nodes',
      got: 15,
      allowed: expect.stringContaining('16'),
    });
  });

  test('rejects a GPU driver, and GPUs reject a topology', () => {
    expect(codesOf(() => synthPool({ machine: GoogleMachine.CT6E_STANDARD_8T, driver: GpuDriver.LATEST }))).toEqual([
      'ChoiceUnknown',
    ]);
    expect(codesOf(() => synthPool({ capacity: RESERVED, topology: '4x4' }))).toEqual(['TpuTopology']);
  });
});

describe('invalid input', () => {
  test.each([
    [{ nodes: undefined }, 'ValueMissing', 'nodes'],
    [{ nodes: 0 }, 'NodesOutOfRange', 'nodes'],
    [{ nodes: 1.5 }, 'NodesOutOfRange', 'nodes'],
    [{ nodes: Token.asNumber('${var.nodes}') }, 'ValueUnknown', 'nodes'],
    [{ name: 'Big_Pool' }, 'PoolName', 'name'],
    [{ name: 'a'.repeat(41) }, 'PoolName', 'name'],
    [{ bootDiskGiB: 10 }, 'VolumeOutOfRange', 'bootDiskGiB'],
    [{ labels: { 'cloud.google.com/gke-queued': 'no' } }, 'NodeLabel', 'labels.cloud.google.com/gke-queued'],
    [{ cluster: { name: 'c', location: 'europe-west4' } }, 'LocationInvalid', 'zone'],
    [{ cluster: { ...CLUSTER, kubernetesVersion: '1.31.6' } }, 'GkeVersion', 'cluster.kubernetesVersion'],
    [{ cluster: 'research' }, 'PropType', 'cluster'],
    [{ machine: 'a3-ultragpu-8g' }, 'PropType', 'machine'],
    [{ capacity: 'spot' }, 'PropType', 'capacity'],
  ] as const)('%j is rejected with %s', (props, code, prop) => {
    const stack = newStack();
    const machine = GoogleMachine.A3_ULTRAGPU_8G;
    const networks = new AcceleratorNetworks(stack, 'Networks', { machine, zone: ZONE });
    const all = { cluster: CLUSTER, machine, zone: ZONE, networks, nodes: 2, capacity: RESERVED, ...props };
    const problems = problemsOf(() => new AcceleratorNodePool(stack, 'Nodes', all as never));
    expect(problems).toEqual([expect.objectContaining({ code, prop })]);
  });

  test('is reported in one error, without creating resources', () => {
    const stack = newStack();
    const wrong = {
      cluster: CLUSTER,
      machine: GoogleMachine.A4_HIGHGPU_8G,
      zone: 'us-central1',
      nodes: -1,
      capacity: Capacity.onDemand(),
    };
    const codes = codesOf(() => new AcceleratorNodePool(stack, 'Nodes', wrong));
    expect(codes.sort()).toEqual(['LocationInvalid', 'MarketUnsupported', 'NetworksIncomplete', 'NodesOutOfRange']);
    expect(stack.node.findChild('Nodes').node.children).toEqual([]);
  });

  test('includes a machine with a fraction of a GPU', () => {
    expect(codesOf(() => synthPool({ machine: GoogleMachine.G4_STANDARD_6, nodes: 1 }))).toEqual(['AcceleratorSlice']);
  });
});

test('records unverified figures', () => {
  const { stack } = synthPool({ machine: GoogleMachine.CT5LP_HIGHTPU_4T, topology: '4x4', zone: 'us-central1-a' });
  expect(findingsOf(stack)).toEqual([expect.objectContaining({ id: 'machine/unverified', level: 'info' })]);
});

describe('capacity findings', () => {
  const idsOf = (props: Parameters<typeof synthPool>[0]) =>
    findingsOf(synthPool({ zone: 'us-central1-c', ...props }).stack).map(({ id }) => id);

  test('report capacity that needs an allowlist', () => {
    const tpu = { machine: GoogleMachine.TPU7X_STANDARD_4T, topology: '2x2x2' };
    expect(idsOf({ ...tpu, capacity: Capacity.spot() })).toEqual(['capacity/allowlist']);
    expect(idsOf({ ...tpu, capacity: Capacity.onDemand() })).toEqual([]);
  });

  test('report a queued TPU slice, on which sources disagree', () => {
    const tpu = { machine: GoogleMachine.CT6E_STANDARD_4T, topology: '4x4', zone: 'us-central1-b' };
    expect(idsOf({ ...tpu, capacity: Capacity.flexStart({ queued: true }) })).toEqual(['capacity/queued-slice']);
    expect(idsOf({ ...tpu, capacity: Capacity.flexStart() })).toEqual([]);
  });
});

describe('the name of a node pool', () => {
  const addPools = (scopes: readonly [Construct, Construct], names: readonly [string, string], more: object = {}) => {
    scopes.forEach((scope, index) => {
      new AcceleratorNodePool(scope, `Pool${index}`, {
        ...{ cluster: CLUSTER, machine: GoogleMachine.G2_STANDARD_12, zone: ZONE, nodes: 1, name: names[index] },
        ...(index === 1 ? more : {}),
      });
    });
  };

  test('is unique in its cluster', () => {
    const { app, stack } = newApp();
    new GoogleProvider(stack, 'Google');
    addPools([stack, stack], ['gpus', 'gpus']);
    expect(problemsOf(() => app.synth())).toMatchObject([{ code: 'GroupDuplicate', prop: 'name', got: 'gpus' }]);
  });

  test('can repeat in another cluster, and in another project', () => {
    const { app, stack } = newApp();
    new GoogleProvider(stack, 'Google');
    addPools([stack, stack], ['gpus', 'gpus'], { cluster: { ...CLUSTER, name: 'other' } });
    const tree = new Construct(stack, 'Tree');
    useProviders(tree, new GoogleProvider(stack, 'Second', { alias: 'second', project: 'second' }));
    addPools([tree, new Construct(tree, 'Inner')], ['gpus', 'more']);
    expect(() => app.synth()).not.toThrow();
  });
});
