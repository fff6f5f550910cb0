import { type Entry, exposed, ofTerraform } from '../support';

describe('Google Cloud machines', () => {
  test('a node pool shows machines, scaling, market, placement and interfaces', () => {
    const { compute } = ofTerraform({
      'google_container_node_pool.gpu': {
        cluster: '${google_container_cluster.main.id}',
        initial_node_count: 2,
        autoscaling: { total_min_node_count: 0, total_max_node_count: 8 },
        placement_policy: [{ type: 'COMPACT', tpu_topology: '4x4' }],
        network_config: { enable_private_nodes: true, additional_node_network_configs: [{}, {}, {}, {}] },
        node_config: {
          machine_type: 'a3-highgpu-8g',
          flex_start: true,
          disk_size_gb: 200,
          disk_type: 'pd-ssd',
          guest_accelerator: [{ type: 'nvidia-h100-80gb', count: 8 }],
          reservation_affinity: { consume_reservation_type: 'SPECIFIC_RESERVATION' },
        },
      },
    });
    expect(compute[0]).toMatchObject({
      name: 'gpu',
      machines: ['a3-highgpu-8g'],
      count: { min: 0, desired: 2, max: 8 },
      market: 'reservation',
      accelerators: '8 nvidia-h100-80gb',
      interfaces: { primary: 1, additional: 4 },
      placement: 'compact, 4x4',
      disks: ['200 GB pd-ssd'],
      notPriced: 'flex-start has separate prices',
      details: { start: 'flex-start' },
    });
  });

  test('nodes have public addresses unless the pool or its cluster makes them private', () => {
    const nodes = (cluster: object, network?: object) =>
      exposed(
        ofTerraform({
          'google_container_cluster.main': { remove_default_node_pool: true, ...cluster },
          'google_container_node_pool.gpu': {
            cluster: '${google_container_cluster.main.name}',
            network_config: network,
          },
        }),
      ).filter((why) => why.startsWith('gpu'));
    expect(nodes({})).toEqual(['gpu: nodes have public IP addresses']);
    expect(nodes({ private_cluster_config: { enable_private_nodes: true } })).toEqual([]);
    expect(nodes({}, { enable_private_nodes: true })).toEqual([]);
  });

  test('an instance with an access config is exposed', () => {
    const instance = (nic: object) =>
      ofTerraform({
        'google_compute_instance.box': {
          machine_type: 'g2-standard-4',
          scheduling: { provisioning_model: 'SPOT' },
          network_interface: [nic],
          boot_disk: { initialize_params: { size: 50, type: 'pd-balanced' } },
        },
      });
    expect(exposed(instance({ access_config: {} }))).toHaveLength(1);
    expect(exposed(instance({ nic_type: 'GVNIC' }))).toEqual([]);
    expect(instance({ nic_type: 'GVNIC' }).compute[0]).toMatchObject({
      market: 'spot',
      interfaces: { GVNIC: 1 },
      disks: ['50 GB pd-balanced'],
    });
  });

  test('an instance group has the machines of its template, which is listed once', () => {
    const { compute, other } = ofTerraform({
      'google_compute_instance_template.node': {
        machine_type: 'a3-megagpu-8g',
        resource_policies: ['${google_compute_resource_policy.near.id}'],
        disk: [{ disk_size_gb: 100, disk_type: 'pd-ssd' }],
      },
      'google_compute_resource_policy.near': { group_placement_policy: { collocation: 'COLLOCATED' } },
      'google_compute_instance_group_manager.fleet': {
        target_size: 4,
        version: [{ instance_template: '${google_compute_instance_template.node.id}' }],
      },
    });
    expect(compute).toHaveLength(1);
    expect(compute[0]).toMatchObject({
      name: 'fleet',
      kind: 'instance group',
      machines: ['a3-megagpu-8g'],
      count: { desired: 4 },
      placement: 'collocated',
    });
    expect(other).toEqual({});
  });

  test('a template without a group and a reservation are separate parts', () => {
    const { compute } = ofTerraform({
      'google_compute_instance_template.node': { machine_type: 'a3-megagpu-8g' },
      'google_compute_reservation.held': {
        specific_reservation: {
          count: 2,
          instance_properties: {
            machine_type: 'n1-standard-8',
            guest_accelerators: [{ accelerator_type: 'nvidia-tesla-t4', accelerator_count: 1 }],
          },
        },
      },
    });
    expect(compute).toMatchObject([
      { name: 'held', market: 'reservation', count: { desired: 2 }, accelerators: '1 nvidia-tesla-t4' },
      { name: 'node', kind: 'instance template' },
    ]);
  });
});

test('a node pool has no price if its counts apply to each zone of a region', () => {
  const whyNot = (cluster: object, pool: object = {}) =>
    ofTerraform({
      'google_container_cluster.main': { remove_default_node_pool: true, ...cluster },
      'google_container_node_pool.gpu': { cluster: '${google_container_cluster.main.name}', node_count: 2, ...pool },
    }).compute[0]!.notPriced;
  expect(whyNot({ location: 'us-central1' })).toBe('its counts apply to each zone of us-central1');
  expect(whyNot({}, { location: 'us-central1' })).toBe('its counts apply to each zone of us-central1');
  expect(whyNot({ location: 'us-central1', node_locations: ['us-central1-a', 'us-central1-b'] })).toMatch(/2 zones/);
  expect(whyNot({ location: 'us-central1' }, { node_locations: ['us-central1-a'] })).toBeUndefined();
  expect(whyNot({ location: 'us-central1-a' })).toBeUndefined();
});

describe('a GKE cluster', () => {
  const cluster = (more: object) =>
    ofTerraform({ 'google_container_cluster.main': { remove_default_node_pool: true, ...more } });

  test('is public unless its endpoint is private', () => {
    expect(exposed(cluster({}))).toEqual(['main: Kubernetes API, from 0.0.0.0/0']);
    expect(exposed(cluster({ private_cluster_config: [{ enable_private_endpoint: true }] }))).toEqual([]);
  });

  test('shows the allowed ranges and its DNS endpoint', () => {
    const ranges = { master_authorized_networks_config: { cidr_blocks: [{ cidr_block: '198.51.100.0/24' }] } };
    const dns = { control_plane_endpoints_config: { dns_endpoint_config: { allow_external_traffic: true } } };
    expect(exposed(cluster({ ...ranges, ...dns }))).toEqual([
      'main: Kubernetes API by its DNS name, with credentials',
      'main: Kubernetes API, from 198.51.100.0/24',
    ]);
  });

  test('includes its default pool and its inline pools', () => {
    const { compute } = cluster({ remove_default_node_pool: false, initial_node_count: 1 });
    expect(compute).toMatchObject([{ name: 'main/default-pool', machines: ['e2-medium'], count: { desired: 1 } }]);
    const own = cluster({ node_pool: [{ name: 'gpu', node_config: { machine_type: 'g2-standard-4' } }] });
    expect(own.compute).toMatchObject([{ name: 'main/gpu', machines: ['g2-standard-4'] }]);
    expect(cluster({ enable_autopilot: true, remove_default_node_pool: false }).compute).toEqual([]);
  });
});

describe('Google Cloud storage', () => {
  test('a bucket shows its key, lock, class and public access', () => {
    const { storage } = ofTerraform({
      'google_storage_bucket.data': {
        encryption: { default_kms_key_name: '${google_kms_crypto_key.key.id}' },
        retention_policy: { retention_period: 86400 },
        public_access_prevention: 'enforced',
        versioning: [{ enabled: true }],
        force_destroy: true,
        storage_class: 'STANDARD',
      },
      'google_kms_crypto_key.key': {},
    });
    expect(storage[0]).toEqual({
      name: 'data',
      kind: 'Cloud Storage bucket',
      encryption: { key: 'customer', name: 'key' },
      retention: 'locked for 86400 s',
      onDelete: 'deleted',
      details: { class: 'STANDARD', versions: 'kept', 'public access': 'blocked' },
    });
  });

  test('a bucket is exposed if everyone has a role on it', () => {
    const member = (who: object) =>
      ofTerraform({
        'google_storage_bucket.data': {},
        'google_storage_bucket_iam_member.m': {
          bucket: '${google_storage_bucket.data.name}',
          role: 'roles/storage.objectViewer',
          ...who,
        },
      });
    expect(exposed(member({ member: 'allUsers' }))).toEqual(['data: allUsers has roles/storage.objectViewer']);
    expect(member({ member: 'user:a@example.com' }).other).toEqual({ google_storage_bucket_iam_member: 1 });
  });

  test('file systems and disks show their size and throughput', () => {
    const { storage } = ofTerraform({
      'google_lustre_instance.scratch': { capacity_gib: 18000, per_unit_storage_throughput: 1000 },
      'google_filestore_instance.home': {
        tier: 'ZONAL',
        file_shares: [{ capacity_gb: 1024 }],
        kms_key_name: 'projects/x/key',
      },
      'google_compute_disk.cache': { size: 500, type: 'pd-ssd' },
    });
    expect(storage).toMatchObject([
      { name: 'cache', kind: 'pd-ssd', sizeGiB: 500 },
      { name: 'home', kind: 'Filestore ZONAL', sizeGiB: 1024, encryption: { key: 'customer' } },
      { name: 'scratch', kind: 'Managed Lustre', sizeGiB: 18000, throughput: '1000 MB/s per TiB' },
    ]);
  });
});

describe('Google Cloud endpoints', () => {
  test('a Vertex AI endpoint accepts signed calls, unless it has a network', () => {
    const access = (more: Entry) => ofTerraform({ 'google_vertex_ai_endpoint.chat': more }).endpoints[0]!.access;
    expect(access({})).toBe('signed');
    expect(access({ network: 'projects/1/global/networks/x' })).toBe('private');
  });

  test('a Model Garden deployment has machines', () => {
    const { compute, endpoints } = ofTerraform({
      'google_vertex_ai_endpoint_with_model_garden_deployment.chat': {
        publisher_model_name: 'publishers/google/models/gemma3@gemma-3-1b-it',
        deploy_config: {
          dedicated_resources: {
            min_replica_count: 1,
            max_replica_count: 3,
            machine_spec: { machine_type: 'g2-standard-12', accelerator_type: 'NVIDIA_L4', accelerator_count: 1 },
          },
        },
      },
    });
    expect(compute[0]).toMatchObject({
      machines: ['g2-standard-12'],
      count: { min: 1, desired: 1, max: 3 },
      accelerators: '1 NVIDIA_L4',
    });
    expect(endpoints[0]!.details).toEqual({ model: 'publishers/google/models/gemma3@gemma-3-1b-it' });
  });

  test('a Model Garden deployment shows its reservation, machines per replica and topology', () => {
    const deployed = (resources: object, machine: object) =>
      ofTerraform({
        'google_vertex_ai_endpoint_with_model_garden_deployment.chat': {
          hugging_face_model_id: 'google/gemma',
          deploy_config: { dedicated_resources: { min_replica_count: 1, ...resources, machine_spec: machine } },
        },
      }).compute[0]!;
    expect(
      deployed(
        {},
        { multihost_gpu_node_count: 2, reservation_affinity: { reservation_affinity_type: 'SPECIFIC_RESERVATION' } },
      ),
    ).toMatchObject({ market: 'reservation', details: { 'machines per replica': '2' } });
    expect(deployed({ spot: true }, { tpu_topology: '2x2' })).toMatchObject({
      market: 'spot',
      details: { topology: '2x2' },
    });
    expect(deployed({}, {})).toMatchObject({ market: 'on-demand' });
  });

  test('a private endpoint shows its connection and its request logging', () => {
    const { endpoints } = ofTerraform({
      'google_vertex_ai_endpoint.chat': {
        private_service_connect_config: { enable_private_service_connect: true },
        predict_request_response_logging_config: { enabled: true },
      },
    });
    expect(endpoints[0]).toMatchObject({
      access: 'private',
      details: { reach: 'Private Service Connect', requests: 'kept' },
    });
  });

  test('a forwarding rule to a service attachment is private, and its address is private', () => {
    const architecture = ofTerraform({
      'google_compute_forwarding_rule.psc': {
        load_balancing_scheme: '',
        target: 'projects/p/regions/r/serviceAttachments/a',
      },
      'google_compute_address.psc': { address_type: 'INTERNAL' },
      'google_compute_address.web': {},
    });
    expect(architecture.endpoints).toEqual([{ name: 'psc', kind: 'private connection', access: 'private' }]);
    expect(architecture.network).toMatchObject([{ kind: 'private address' }, { kind: 'public address' }]);
    expect(exposed(architecture)).toEqual([]);
  });

  const run = (more: object, members: Record<string, Record<string, unknown>> = {}) =>
    ofTerraform({
      'google_cloud_run_v2_service.chat': {
        template: {
          scaling: { max_instance_count: 4 },
          node_selector: { accelerator: 'nvidia-l4' },
          containers: [{ resources: { limits: { cpu: '8', memory: '32Gi', 'nvidia.com/gpu': '1' } } }],
        },
        ...more,
      },
      ...members,
    });

  test('a Cloud Run service shows its GPU, size and scaling', () => {
    expect(run({}).compute[0]).toMatchObject({
      accelerators: 'nvidia-l4',
      count: { min: 0, max: 4 },
      details: { size: '1 nvidia.com/gpu, 32Gi memory, 8 cpu' },
    });
  });

  test('a Cloud Run service shows zonal redundancy and its egress', () => {
    const template = { gpu_zonal_redundancy_disabled: false, vpc_access: { egress: 'ALL_TRAFFIC' } };
    expect(run({ template }).compute[0]!.details).toEqual({ 'zonal redundancy': 'yes', egress: 'all traffic' });
  });

  test('a Cloud Run service is exposed if everyone can invoke it', () => {
    const everyone = {
      'google_cloud_run_v2_service_iam_member.all': {
        name: '${google_cloud_run_v2_service.chat.name}',
        member: 'allUsers',
      },
    };
    expect(run({}).endpoints[0]).toMatchObject({ access: 'signed' });
    expect(exposed(run({}))).toEqual([]);
    expect(exposed(run({}, everyone))).toEqual(['chat: allUsers can invoke it']);
    expect(exposed(run({ invoker_iam_disabled: true }))).toEqual(['chat: everyone can invoke it']);
    expect(run({ ingress: 'INGRESS_TRAFFIC_INTERNAL_ONLY' }).endpoints[0]).toMatchObject({ access: 'private' });
  });

  test('a forwarding rule is public if its scheme is external', () => {
    const rule = (scheme?: string) =>
      exposed(ofTerraform({ 'google_compute_forwarding_rule.web': { load_balancing_scheme: scheme, ports: ['443'] } }));
    expect(rule('EXTERNAL_MANAGED')).toEqual(['web: external managed: 443']);
    expect(rule('INTERNAL')).toEqual([]);
  });

  test('functions, workflows, queues, budgets and alerts are listed', () => {
    const { functions, workflows, queues, watch } = ofTerraform({
      'google_cloudfunctions2_function.f': {
        build_config: { runtime: 'python312' },
        service_config: { available_memory: '256M' },
      },
      'google_workflows_workflow.w': { source_contents: 'main:\n  steps: []' },
      'google_pubsub_topic.t': {},
      'google_pubsub_subscription.s': {
        topic: '${google_pubsub_topic.t.id}',
        dead_letter_policy: { dead_letter_topic: 'x' },
      },
      'google_billing_budget.b': {
        amount: { specified_amount: { units: '1000', currency_code: 'EUR' } },
        threshold_rules: [{}],
      },
      'google_monitoring_alert_policy.a': { conditions: [{}, {}] },
    });
    expect(functions[0]).toMatchObject({ kind: 'python312', details: { memory: '256M' } });
    expect(workflows[0]).toEqual({ name: 'w', kind: 'workflow' });
    expect(queues).toMatchObject([{ name: 's', details: { of: 't', 'dead letters': 'yes' } }, { name: 't' }]);
    expect(watch).toMatchObject([
      { name: 'a', details: { conditions: '2 conditions' } },
      { name: 'b', details: { limit: '1000 EUR', notifications: '1 thresholds' } },
    ]);
  });
});

describe('Google Cloud networks and roles', () => {
  test.each([
    [
      { source_ranges: ['0.0.0.0/0'], allow: [{ protocol: 'tcp', ports: ['22', '443'] }] },
      ['fw: tcp 22, 443 from 0.0.0.0/0'],
    ],
    [{ source_ranges: ['10.0.0.0/8'], allow: [{ protocol: 'all' }] }, []],
    [{ source_ranges: ['0.0.0.0/0'], deny: [{ protocol: 'all' }] }, []],
    [{ source_ranges: ['0.0.0.0/0'], allow: [{ protocol: 'all' }], direction: 'EGRESS' }, []],
    [{ source_ranges: ['0.0.0.0/0'], allow: [{ protocol: 'all' }], disabled: true }, []],
  ])('a firewall rule %j opens %j', (rule, expected) => {
    expect(exposed(ofTerraform({ 'google_compute_firewall.fw': rule }))).toEqual(expected);
  });

  test('a network shows its subnets', () => {
    const { network, other } = ofTerraform({
      'google_compute_network.main': { auto_create_subnetworks: false, mtu: 8896 },
      'google_compute_subnetwork.a': { network: '${google_compute_network.main.id}', ip_cidr_range: '10.1.0.0/16' },
    });
    expect(network[0]!.details).toEqual({ subnets: '10.1.0.0/16', mtu: '8896' });
    expect(other).toEqual({});
  });

  test('owners and editors of the project are listed', () => {
    const { permissions } = ofTerraform({
      'google_project_iam_member.o': { role: 'roles/owner', member: 'user:a' },
      'google_project_iam_binding.e': { role: 'roles/editor', members: ['user:a'] },
      'google_project_iam_member.v': { role: 'roles/viewer', member: 'user:a' },
    });
    expect(permissions.map(({ name, details }) => [name, details?.may])).toEqual([
      ['e', 'roles/editor of the project'],
      ['o', 'roles/owner of the project'],
    ]);
  });
});
