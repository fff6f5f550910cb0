import {
  CloudRunGpu,
  CloudRunInference,
  CloudRunModel,
  ControlPlane,
  GoogleMachine,
  type IMlNetwork,
  Installation,
  KubernetesInference,
  LustreFileSystem,
  MlNetwork,
  type MlNetworkAttributes,
  PrivateEndpoint,
  ProxySubnet,
  ServicePeering,
  ServingIngress,
  ServingServer,
  TrainingCluster,
  TrainingStorage,
} from 'ai-infra-constructs/google';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { Token } from 'cdktf';
import { hub } from '../kubernetes-inference/support';
import { newStack, problemsOf, resourcesOf, theOnly, ZONE } from '../support';

const region = 'us-central1';
const networkId = 'projects/host/global/networks/ml';
const subnetworkId = `projects/host/regions/${region}/subnetworks/nodes`;
const IDS = { networkId, subnetworkId, region };
const API = 'https://www.googleapis.com/compute/v1/';
const RANGES = { rangeNames: { pods: 'gke-pods', services: 'gke-services' } };
const SHARED = { shared: true, peeringCidrs: ['10.20.0.0/20', '10.30.0.0/20'], proxyCidr: '10.9.0.0/23' };
const installation = Installation.gitOps();

function existing(attributes: Partial<MlNetworkAttributes> = RANGES): IMlNetwork {
  return MlNetwork.fromMlNetworkAttributes(newStack(), 'Existing', { ...IDS, ...attributes });
}

function withRanges(more: Partial<MlNetworkAttributes> = {}): IMlNetwork {
  return existing({ ...RANGES, ...more });
}

function lustre(network: IMlNetwork, stack = newStack(), id = 'Lustre') {
  new LustreFileSystem(stack, id, { network, zone: ZONE, sizeGiB: 18_000 });
  return { stack, resource: theOnly(stack, 'google_lustre_instance') };
}

/** How many resources of a type there are. */
const count = (stack: ReturnType<typeof newStack>, type: string) => Object.keys(resourcesOf(stack, type)).length;

describe('attributes of an existing network', () => {
  test('can be self links, which become IDs', () => {
    const network = withRanges({ networkId: API + networkId, subnetworkId: API + subnetworkId });
    expect(network).toMatchObject(IDS);
  });

  test('can be IDs that are unknown at synthesis, with project numbers', () => {
    const [network, subnetwork] = ['n', 's'].map((ref) => Token.asString({ ref }));
    expect(() => withRanges({ networkId: network, subnetworkId: subnetwork })).not.toThrow();
    expect(() => withRanges({ networkId: 'projects/123/global/networks/ml' })).not.toThrow();
  });

  test.each([
    [{ networkId: 'ml' }, 'ResourceIdInvalid', 'networkId'],
    [{ networkId: subnetworkId }, 'ResourceIdInvalid', 'networkId'],
    [{ networkId: undefined }, 'ValueMissing', 'networkId'],
    [{ subnetworkId: 'nodes' }, 'ResourceIdInvalid', 'subnetworkId'],
    [{ subnetworkId: subnetworkId.replace('host', 'other') }, 'ResourceIdInvalid', 'subnetworkId'],
    [{ region: 'europe-west4' }, 'LocationInvalid', 'region'],
    [{ region: 5 }, 'PropType', 'region'],
    [{ rangeNames: { pods: '10.4.0.0/14', services: 'services' } }, 'ResourceIdInvalid', 'rangeNames.pods'],
    [{ rangeNames: { pods: 'pods' } }, 'ValueMissing', 'rangeNames.services'],
    [{ nodeCidr: '10.0.0.1/18' }, 'CidrInvalid', 'nodeCidr'],
    [{ nodeCidr: Token.asString({ ref: 'cidr' }) }, 'ValueUnknown', 'nodeCidr'],
    [{ nodeCidr: '10.0.0.0/18', podCidr: '10.0.0.0/14' }, 'CidrOverlap', 'podCidr'],
    [{ peeringCidrs: [] }, 'CidrInvalid', 'peeringCidrs'],
    [{ peeringCidrs: ['all'] }, 'CidrInvalid', 'peeringCidrs[0]'],
    [{ serviceCidr: '10.8.0.0/20', peeringCidrs: ['10.8.0.0/24'] }, 'CidrOverlap', 'peeringCidrs[0]'],
    [{ proxyCidr: 'all' }, 'CidrInvalid', 'proxyCidr'],
    [{ shared: 'yes' }, 'PropType', 'shared'],
  ])('are rejected if they are %j, with %s', (more, code, prop) => {
    expect(problemsOf(() => withRanges(more as never))).toEqual([expect.objectContaining({ code, prop })]);
  });
});

describe('private services access', () => {
  test('is created once in a stack, in the project of the network', () => {
    const { stack } = lustre(withRanges());
    new LustreFileSystem(stack, 'Second', { network: withRanges(), zone: ZONE, sizeGiB: 18_000 });
    expect(theOnly(stack, 'google_compute_global_address')).toMatchObject({ project: 'host', network: networkId });
    expect(theOnly(stack, 'google_service_networking_connection').network).toBe(networkId);
    for (const rule of Object.values(resourcesOf(stack, 'google_compute_firewall'))) {
      expect(rule).toMatchObject({
        project: 'host',
        network: networkId,
        source_ranges: [expect.stringMatching(/^\${google_compute_global_address\./)],
      });
    }
  });

  test('is created once for a network that another construct creates', () => {
    const stack = newStack();
    const { networkId: made, subnetworkId: nodes } = new MlNetwork(stack, 'Own', { region });
    const [one, other] = [0, 1].map(() => withRanges({ networkId: made, subnetworkId: nodes }));
    expect(ServicePeering.of(one!, stack)).toBe(ServicePeering.of(other!, stack));
    expect(theOnly(stack, 'google_compute_global_address').project).toBeUndefined();
  });

  test('is reused if it exists, with a firewall rule for its addresses', () => {
    const { stack, resource } = lustre(withRanges({ peeringCidrs: ['10.20.0.0/20'] }));
    expect(resource).toMatchObject({ network: networkId });
    expect(resource.depends_on).toBeUndefined();
    expect(theOnly(stack, 'google_compute_firewall').source_ranges).toEqual(['10.20.0.0/20']);
    expect(count(stack, 'google_service_networking_connection')).toBe(0);
    expect(problemsOf(() => ServicePeering.of(withRanges({ peeringCidrs: ['10.20.0.0/20'] }), stack))).toEqual([
      expect.objectContaining({ code: 'ClusterOption', prop: 'network.peeringCidrs' }),
    ]);
  });

  test('must exist in a shared network, with its firewall rules', () => {
    const missing = [expect.objectContaining({ code: 'ValueMissing', prop: 'network.peeringCidrs' })];
    const network = withRanges({ shared: true });
    expect(problemsOf(() => lustre(network))).toEqual(missing);
    const props = { zone: ZONE, machine: GoogleMachine.G2_STANDARD_48, nodes: 1, network, installation };
    expect(problemsOf(() => new TrainingCluster(newStack(), 'Train', props))).toEqual(missing);
    expect(problemsOf(() => ServicePeering.of(network, newStack()))).toEqual([
      expect.objectContaining({ code: 'ClusterOption', prop: 'network.shared' }),
    ]);
    expect(count(lustre(withRanges(SHARED)).stack, 'google_compute_firewall')).toBe(0);
  });

  test('of a network in another project is rejected unless `shared` is set', () => {
    const make = (more: Partial<MlNetworkAttributes>, project = 'own') => {
      const stack = newStack();
      new GoogleProvider(stack, 'Google', { project });
      new LustreFileSystem(stack, 'Lustre', { network: withRanges(more), zone: ZONE, sizeGiB: 18_000 });
      return () => stack.runAllValidations();
    };
    for (const more of [{}, { peeringCidrs: ['10.20.0.0/20'] }]) {
      expect(problemsOf(make(more))).toEqual([
        expect.objectContaining({ code: 'ValueMissing', prop: 'network.shared' }),
      ]);
    }
    expect(make({ shared: false })).not.toThrow();
    expect(make(SHARED)).not.toThrow();
    expect(make({}, 'host')).not.toThrow();
  });

  test('of an existing network needs a scope', () => {
    expect(problemsOf(() => ServicePeering.of(withRanges(), undefined as never))).toEqual([
      expect.objectContaining({ code: 'ValueMissing', prop: 'scope' }),
    ]);
  });
});

describe('constructs in an existing network create no network', () => {
  const expectNoNetwork = (stack: ReturnType<typeof newStack>) => {
    for (const type of ['network', 'subnetwork', 'router']) expect(count(stack, `google_compute_${type}`)).toBe(0);
  };

  test('a training cluster', () => {
    const stack = newStack();
    new TrainingCluster(stack, 'Train', {
      ...{ zone: ZONE, machine: GoogleMachine.G2_STANDARD_48, nodes: 1, installation },
      network: withRanges(SHARED),
    });
    expectNoNetwork(stack);
    expect(theOnly(stack, 'google_container_cluster')).toMatchObject({
      network: networkId,
      subnetwork: subnetworkId,
      ip_allocation_policy: {
        cluster_secondary_range_name: 'gke-pods',
        services_secondary_range_name: 'gke-services',
      },
    });
    expect(theOnly(stack, 'google_lustre_instance').network).toBe(networkId);
  });

  test('a served model behind a gateway', () => {
    const stack = newStack();
    const { loadBalancer: entrance, bundle } = new KubernetesInference(stack, 'Chat', {
      ...{ machine: GoogleMachine.G2_STANDARD_24, zone: ZONE, model: hub(), installation },
      ingress: ServingIngress.inferenceGateway(),
      network: withRanges(SHARED),
    });
    expectNoNetwork(stack);
    expect(entrance).toMatchObject({ proxies: undefined, proxyCidr: '10.9.0.0/23' });
    expect(JSON.stringify(bundle.manifests)).toContain('10.9.0.0/23');
    const address = theOnly(stack, 'google_compute_address');
    expect(address).toMatchObject({ subnetwork: subnetworkId, region });
    // An address in a shared subnetwork belongs to the project that uses it.
    expect(address.project).toBeUndefined();
  });

  test('a service of Cloud Run', () => {
    const stack = newStack();
    new CloudRunInference(stack, 'Chat', {
      ...{ region, gpu: CloudRunGpu.L4, model: CloudRunModel.image({ path: '/m', sizeGiB: 15 }) },
      server: ServingServer.vllm({ image: 'us-docker.pkg.dev/p/serving/vllm:1' }),
      network: existing({}),
    });
    expectNoNetwork(stack);
    expect(theOnly(stack, 'google_cloud_run_v2_service').template.vpc_access.network_interfaces).toEqual([
      { network: networkId, subnetwork: subnetworkId },
    ]);
  });

  test('a connection to a private endpoint', () => {
    const stack = newStack();
    const endpoint = new PrivateEndpoint(stack, 'Endpoint', { region });
    endpoint.connectFrom('Clients', existing({}), `projects/t/regions/${region}/serviceAttachments/a`);
    expectNoNetwork(stack);
    expect(theOnly(stack, 'google_compute_address').subnetwork).toBe(subnetworkId);
    const rule = theOnly(stack, 'google_compute_forwarding_rule');
    expect(rule.network).toBe(networkId);
    expect(rule.project).toBeUndefined();
  });
});

describe('an existing network', () => {
  const make = (network: IMlNetwork, machine = GoogleMachine.G2_STANDARD_24) =>
    new KubernetesInference(newStack(), 'Chat', {
      ...{ machine, zone: ZONE, model: hub(), installation, network },
      ingress: ServingIngress.inferenceGateway(),
    });

  test('needs a proxy-only subnetwork for a gateway, existing or new', () => {
    expect(problemsOf(() => make(withRanges()))).toEqual([
      expect.objectContaining({ code: 'ValueMissing', prop: 'network.proxyCidr' }),
    ]);
    const stack = newStack();
    const network = withRanges({ proxyCidr: '10.9.0.0/23' });
    new ProxySubnet(stack, 'Proxies', { network, cidr: '10.9.0.0/23' });
    expect(theOnly(stack, 'google_compute_subnetwork')).toMatchObject({ project: 'host', network: networkId });
    expect(problemsOf(() => new ProxySubnet(newStack(), 'Proxies', { network: withRanges(SHARED) }))).toEqual([
      expect.objectContaining({ code: 'ClusterOption', prop: 'network.shared' }),
    ]);
  });

  test('needs secondary ranges for a new cluster', () => {
    const network = existing({});
    const missing = [expect.objectContaining({ code: 'ValueMissing', prop: 'network.rangeNames' })];
    expect(problemsOf(() => new ControlPlane(newStack(), 'Cluster', { region, network }))).toEqual(missing);
    const props = { zone: ZONE, machine: GoogleMachine.G2_STANDARD_48, nodes: 1, network, installation };
    expect(problemsOf(() => new TrainingCluster(newStack(), 'Train', props))).toEqual(missing);
  });

  test.each([
    [{ podCidr: '192.168.128.0/20' }, '192.168.128.0/17'],
    [{ peeringCidrs: ['192.168.128.0/20'], proxyCidr: '10.9.0.0/23' }, '192.168.128.0/17'],
  ])('must not overlap with additional networks: %j', (more, got) => {
    const network = withRanges({ proxyCidr: '10.9.0.0/23', ...more });
    expect(problemsOf(() => make(network, GoogleMachine.A3_HIGHGPU_8G))).toEqual([
      expect.objectContaining({ code: 'CidrOverlap', prop: 'nodeOptions.networks', got }),
    ]);
    expect(() => make(withRanges({ proxyCidr: '10.9.0.0/23' }), GoogleMachine.A3_HIGHGPU_8G)).not.toThrow();
  });

  test('must be in the region of its resources', () => {
    const far = existing({
      subnetworkId: subnetworkId.replace(region, 'europe-west4'),
      region: 'europe-west4',
    });
    expect(problemsOf(() => lustre(far))).toEqual([expect.objectContaining({ code: 'LocationInvalid' })]);
  });

  test('needs no private services access without a file system', () => {
    const stack = newStack();
    new TrainingCluster(stack, 'Train', {
      ...{ zone: ZONE, machine: GoogleMachine.G2_STANDARD_48, nodes: 1, installation },
      network: withRanges({ shared: true }),
      storage: TrainingStorage.none(),
    });
    expect(count(stack, 'google_compute_firewall')).toBe(0);
  });
});
