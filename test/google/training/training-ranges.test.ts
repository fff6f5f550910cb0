import {
  AcceleratorNetworks,
  ControlPlane,
  GoogleMachine,
  MlNetwork,
  TrainingCluster,
} from 'ai-infra-constructs/google';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { newStack, problemsOf, ZONE } from '../support';

const machine = GoogleMachine.A3_MEGAGPU_8G;
const region = 'us-central1';

function make(props: (stack: ReturnType<typeof newStack>) => object) {
  const stack = newStack();
  new HelmProvider(stack, 'Helm');
  return () => new TrainingCluster(stack, 'Pretrain', { machine, nodes: 2, zone: ZONE, ...props(stack) });
}

test('networks of further interfaces that share addresses with a network that was brought are refused', () => {
  const run = make((stack) => ({ network: new MlNetwork(stack, 'Network', { region, nodeCidr: '192.168.128.0/18' }) }));
  expect(problemsOf(run)).toEqual([
    expect.objectContaining({ code: 'CidrOverlap', prop: 'networks', got: '192.168.128.0/17' }),
  ]);
});

test('so are those that were brought beside a new cluster, by group', () => {
  const run = make((stack) => {
    const networks = new AcceleratorNetworks(stack, 'Networks', { machine, zone: ZONE, cidr: '10.4.0.0/18' });
    return { machine: GoogleMachine.G2_STANDARD_48, groups: { big: { machine, nodes: 2, networks } } };
  });
  expect(problemsOf(run)).toEqual([
    expect.objectContaining({ code: 'CidrOverlap', prop: 'groups.big.networks', got: '10.4.0.0/22' }),
  ]);
});

test('so is a range of pods or services of a cluster that was brought', () => {
  const run = make((stack) => {
    const network = new MlNetwork(stack, 'Network', { region, serviceCidr: '192.168.240.0/20' });
    const cluster = new ControlPlane(stack, 'Cluster', { region, network });
    return { cluster, systemLabels: { role: 'system' } };
  });
  expect(problemsOf(run)).toEqual([expect.objectContaining({ code: 'CidrOverlap', prop: 'networks' })]);
});

test('what stands apart, or is not known, is taken', () => {
  expect(make(() => ({}))).not.toThrow();
  expect(
    make((stack) => ({
      network: new MlNetwork(stack, 'Network', { region, nodeCidr: '192.168.128.0/18' }),
      networks: new AcceleratorNetworks(stack, 'Networks', { machine, zone: ZONE, cidr: '172.16.0.0/17' }),
    })),
  ).not.toThrow();
  expect(
    make((stack) => ({
      cluster: { name: 'research', location: region },
      systemLabels: { role: 'system' },
      network: undefined,
      networks: new AcceleratorNetworks(stack, 'Networks', { machine, zone: ZONE, cidr: '10.4.0.0/18' }),
    })),
  ).toThrow(/\[ValueMissing\]/);
});
