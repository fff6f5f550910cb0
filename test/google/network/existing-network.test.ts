import {
  CloudRunGpu,
  CloudRunInference,
  CloudRunModel,
  ControlPlane,
  type ExistingNetwork,
  GoogleMachine,
  type IMlNetwork,
  Installation,
  KubernetesInference,
  LustreFileSystem,
  MlNetwork,
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

function brought(more: Partial<ExistingNetwork> = {}): IMlNetwork {
  return MlNetwork.existing({ ...IDS, ...RANGES, ...more });
}

function lustre(network: IMlNetwork, stack = newStack(), id = 'Lustre') {
  new LustreFileSystem(stack, id, { network, zone: ZONE, sizeGiB: 18_000 });
  return { stack, resource: theOnly(stack, 'google_lustre_instance') };
}

/** How many resources of a type there are. */
const count = (stack: ReturnType<typeof newStack>, type: string) => Object.keys(resourcesOf(stack, type)).length;

describe('what is told of a network that stands', () => {
  test('may be self links: they become ids', () => {
    const network = brought({ networkId: API + networkId, subnetworkId: API + subnetworkId });
    expect(network).toMatchObject(IDS);
  });

  test('may have ids that only the deployment knows, and projects by number', () => {
    const [network, subnetwork] = ['n', 's'].map((ref) => Token.asString({ ref }));
    expect(() => brought({ networkId: network, subnetworkId: subnetwork })).not.toThrow();
    expect(() => brought({ networkId: 'projects/123/global/networks/ml' })).not.toThrow();
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
  ])('%j is refused with %s', (more, code, prop) => {
    expect(problemsOf(() => brought(more as never))).toEqual([expect.objectContaining({ code, prop })]);
  });
});

describe('private services access', () => {
  test('is made once in a stack, in the project of the network', () => {
    const { stack } = lustre(brought());
    new LustreFileSystem(stack, 'Second', { network: brought(), zone: ZONE, sizeGiB: 18_000 });
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

  test('is made once for a network that another construct of the stack makes', () => {
    const stack = newStack();
    const { networkId: made, subnetworkId: nodes } = new MlNetwork(stack, 'Own', { region });
    const [one, other] = [0, 1].map(() => brought({ networkId: made, subnetworkId: nodes }));
    expect(ServicePeering.of(one!, stack)).toBe(ServicePeering.of(other!, stack));
    expect(theOnly(stack, 'google_compute_global_address').project).toBeUndefined();
  });

  test('that stands is used: its addresses are let in, and nothing is made', () => {
    const { stack, resource } = lustre(brought({ peeringCidrs: ['10.20.0.0/20'] }));
    expect(resource).toMatchObject({ network: networkId });
    expect(resource.depends_on).toBeUndefined();
    expect(theOnly(stack, 'google_compute_firewall').source_ranges).toEqual(['10.20.0.0/20']);
    expect(count(stack, 'google_service_networking_connection')).toBe(0);
    expect(problemsOf(() => ServicePeering.of(brought({ peeringCidrs: ['10.20.0.0/20'] }), stack))).toEqual([
      expect.objectContaining({ code: 'ClusterOption', prop: 'network.peeringCidrs' }),
    ]);
  });

  test('of a shared network must stand, and so must the rules of its firewall', () => {
    const missing = [expect.objectContaining({ code: 'ValueMissing', prop: 'network.peeringCidrs' })];
    const network = brought({ shared: true });
    expect(problemsOf(() => lustre(network))).toEqual(missing);
    const props = { zone: ZONE, machine: GoogleMachine.G2_STANDARD_48, nodes: 1, network, installation };
    expect(problemsOf(() => new TrainingCluster(newStack(), 'Train', props))).toEqual(missing);
    expect(problemsOf(() => ServicePeering.of(network, newStack()))).toEqual([
      expect.objectContaining({ code: 'ClusterOption', prop: 'network.shared' }),
    ]);
    expect(count(lustre(brought(SHARED)).stack, 'google_compute_firewall')).toBe(0);
  });

  test('of a network of another project is refused, unless it is said who may make it', () => {
    const make = (more: Partial<ExistingNetwork>, project = 'own') => {
      const stack = newStack();
      new GoogleProvider(stack, 'Google', { project });
      new LustreFileSystem(stack, 'Lustre', { network: brought(more), zone: ZONE, sizeGiB: 18_000 });
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

  test('of a network that was brought needs a scope', () => {
    expect(problemsOf(() => ServicePeering.of(brought(), undefined as never))).toEqual([
      expect.objectContaining({ code: 'ValueMissing', prop: 'scope' }),
    ]);
  });
});

describe('constructs in a network that was brought make none', () => {
  const makesNoNetwork = (stack: ReturnType<typeof newStack>) => {
    for (const type of ['network', 'subnetwork', 'router']) expect(count(stack, `google_compute_${type}`)).toBe(0);
  };

  test('a training cluster', () => {
    const stack = newStack();
    new TrainingCluster(stack, 'Train', {
      ...{ zone: ZONE, machine: GoogleMachine.G2_STANDARD_48, nodes: 1, installation },
      network: brought(SHARED),
    });
    makesNoNetwork(stack);
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
    const { entrance, bundle } = new KubernetesInference(stack, 'Chat', {
      ...{ machine: GoogleMachine.G2_STANDARD_24, zone: ZONE, model: hub(), installation },
      ingress: ServingIngress.inferenceGateway(),
      network: brought(SHARED),
    });
    makesNoNetwork(stack);
    expect(entrance).toMatchObject({ proxies: undefined, proxyCidr: '10.9.0.0/23' });
    expect(JSON.stringify(bundle.manifests)).toContain('10.9.0.0/23');
    const address = theOnly(stack, 'google_compute_address');
    expect(address).toMatchObject({ subnetwork: subnetworkId, region });
    // An address of a shared subnetwork stands in the project that uses it.
    expect(address.project).toBeUndefined();
  });

  test('a service of Cloud Run', () => {
    const stack = newStack();
    new CloudRunInference(stack, 'Chat', {
      ...{ region, gpu: CloudRunGpu.L4, model: CloudRunModel.image({ path: '/m', sizeGiB: 15 }) },
      server: ServingServer.vllm({ image: 'us-docker.pkg.dev/p/serving/vllm:1' }),
      network: MlNetwork.existing(IDS),
    });
    makesNoNetwork(stack);
    expect(theOnly(stack, 'google_cloud_run_v2_service').template.vpc_access.network_interfaces).toEqual([
      { network: networkId, subnetwork: subnetworkId },
    ]);
  });

  test('a connection to a private endpoint', () => {
    const stack = newStack();
    const endpoint = new PrivateEndpoint(stack, 'Endpoint', { region });
    endpoint.connectFrom('Clients', MlNetwork.existing(IDS), `projects/t/regions/${region}/serviceAttachments/a`);
    makesNoNetwork(stack);
    expect(theOnly(stack, 'google_compute_address').subnetwork).toBe(subnetworkId);
    const rule = theOnly(stack, 'google_compute_forwarding_rule');
    expect(rule.network).toBe(networkId);
    expect(rule.project).toBeUndefined();
  });
});

describe('a network that was brought', () => {
  const make = (network: IMlNetwork, machine = GoogleMachine.G2_STANDARD_24) =>
    new KubernetesInference(newStack(), 'Chat', {
      ...{ machine, zone: ZONE, model: hub(), installation, network },
      ingress: ServingIngress.inferenceGateway(),
    });

  test('has the proxies of a gateway, or they are made with it by name', () => {
    expect(problemsOf(() => make(brought()))).toEqual([
      expect.objectContaining({ code: 'ValueMissing', prop: 'network.proxyCidr' }),
    ]);
    const stack = newStack();
    const network = brought({ proxyCidr: '10.9.0.0/23' });
    new ProxySubnet(stack, 'Proxies', { network, cidr: '10.9.0.0/23' });
    expect(theOnly(stack, 'google_compute_subnetwork')).toMatchObject({ project: 'host', network: networkId });
    expect(problemsOf(() => new ProxySubnet(newStack(), 'Proxies', { network: brought(SHARED) }))).toEqual([
      expect.objectContaining({ code: 'ClusterOption', prop: 'network.shared' }),
    ]);
  });

  test('has ranges for a new cluster', () => {
    const network = MlNetwork.existing(IDS);
    const missing = [expect.objectContaining({ code: 'ValueMissing', prop: 'network.rangeNames' })];
    expect(problemsOf(() => new ControlPlane(newStack(), 'Cluster', { region, network }))).toEqual(missing);
    const props = { zone: ZONE, machine: GoogleMachine.G2_STANDARD_48, nodes: 1, network, installation };
    expect(problemsOf(() => new TrainingCluster(newStack(), 'Train', props))).toEqual(missing);
  });

  test.each([
    [{ podCidr: '192.168.128.0/20' }, '192.168.128.0/17'],
    [{ peeringCidrs: ['192.168.128.0/20'], proxyCidr: '10.9.0.0/23' }, '192.168.128.0/17'],
  ])('has no addresses of further interfaces, as far as they are known: %j', (more, got) => {
    const network = brought({ proxyCidr: '10.9.0.0/23', ...more });
    expect(problemsOf(() => make(network, GoogleMachine.A3_HIGHGPU_8G))).toEqual([
      expect.objectContaining({ code: 'CidrOverlap', prop: 'networks', got }),
    ]);
    expect(() => make(brought({ proxyCidr: '10.9.0.0/23' }), GoogleMachine.A3_HIGHGPU_8G)).not.toThrow();
  });

  test('is of the region of what stands in it', () => {
    const far = MlNetwork.existing({
      networkId,
      subnetworkId: subnetworkId.replace(region, 'europe-west4'),
      region: 'europe-west4',
    });
    expect(problemsOf(() => lustre(far))).toEqual([expect.objectContaining({ code: 'LocationInvalid' })]);
  });

  test('leaves storage out where there is none to reach', () => {
    const stack = newStack();
    new TrainingCluster(stack, 'Train', {
      ...{ zone: ZONE, machine: GoogleMachine.G2_STANDARD_48, nodes: 1, installation },
      network: brought({ shared: true }),
      storage: TrainingStorage.none(),
    });
    expect(count(stack, 'google_compute_firewall')).toBe(0);
  });
});
