import {
  AcceleratorNetworks,
  ClusterSource,
  ControlPlane,
  GoogleMachine,
  MlNetwork,
  TrainingCluster,
} from 'ai-infra-constructs/google';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { newStack, problemsOf, ZONE } from '../support';

const machine = GoogleMachine.A3_MEGAGPU_8G;
const region = 'us-central1';

function create(props: (stack: ReturnType<typeof newStack>) => object) {
  const stack = newStack();
  new HelmProvider(stack, 'Helm');
  return () => new TrainingCluster(stack, 'Pretrain', { machine, nodes: 2, zone: ZONE, ...props(stack) });
}

test('rejects additional networks that overlap with an existing network', () => {
  const run = create((stack) => ({
    network: new MlNetwork(stack, 'Network', { region, nodeCidr: '192.168.128.0/18' }),
  }));
  expect(problemsOf(run)).toEqual([
    expect.objectContaining({ code: 'CidrOverlap', prop: 'nodeOptions.networks', got: '192.168.128.0/17' }),
  ]);
});

test('rejects existing additional networks that overlap with a new cluster, with the name of the group', () => {
  const run = create((stack) => {
    const networks = new AcceleratorNetworks(stack, 'Networks', { machine, zone: ZONE, cidr: '10.4.0.0/18' });
    return { machine: GoogleMachine.G2_STANDARD_48, groups: { big: { machine, nodes: 2, nodeOptions: { networks } } } };
  });
  expect(problemsOf(run)).toEqual([
    expect.objectContaining({ code: 'CidrOverlap', prop: 'groups.big.nodeOptions.networks', got: '10.4.0.0/22' }),
  ]);
});

test('rejects additional networks that overlap with a range of an existing cluster', () => {
  const run = create((stack) => {
    const network = new MlNetwork(stack, 'Network', { region, serviceCidr: '192.168.240.0/20' });
    const cluster = new ControlPlane(stack, 'Cluster', { region, network });
    return { cluster: ClusterSource.fromCluster(cluster) };
  });
  expect(problemsOf(run)).toEqual([expect.objectContaining({ code: 'CidrOverlap', prop: 'nodeOptions.networks' })]);
});

test('accepts networks that do not overlap or are unknown', () => {
  expect(create(() => ({}))).not.toThrow();
  expect(
    create((stack) => ({
      network: new MlNetwork(stack, 'Network', { region, nodeCidr: '192.168.128.0/18' }),
      nodeOptions: {
        networks: new AcceleratorNetworks(stack, 'Networks', { machine, zone: ZONE, cidr: '172.16.0.0/17' }),
      },
    })),
  ).not.toThrow();
  expect(
    create((stack) => ({
      cluster: ClusterSource.fromCluster({ name: 'research', location: region }),
      nodeOptions: {
        networks: new AcceleratorNetworks(stack, 'Networks', { machine, zone: ZONE, cidr: '10.4.0.0/18' }),
      },
    })),
  ).toThrow(/\[ValueMissing\]/);
});
