import { Capacity, GoogleMachine, Installation, TrainingStorage } from 'ai-infra-constructs/google';
import { GOOGLE_TPU_TOPOLOGIES } from '../../../lib/core/catalog/google-tpu-topologies';
import { acceleratorPool } from '../../../lib/google/nodes/accelerator-pool';
import { at } from '../../kubernetes/at';
import { type Json, resourcesOf, synthPool } from '../support';
import { ofKind, synthCluster } from '../training/support';

/**
 * Additional network interfaces by machine, from the documentation: "1+4" and similar values of the machine table. Bare metal has the two
 * functions of each of four ConnectX-8. Machines without a row have one interface.
 *
 * Source: compute/docs/gpus, April 2026; examples/gke-a4x-max-bm of GoogleCloudPlatform/cluster-toolkit 1047080.
 */
const ADDITIONAL_INTERFACES: Readonly<Record<string, { readonly host: number; readonly accelerators: number }>> = {
  'a3-highgpu-8g': { host: 0, accelerators: 4 },
  'a3-megagpu-8g': { host: 0, accelerators: 8 },
  'a3-ultragpu-8g': { host: 1, accelerators: 8 },
  'a4-highgpu-8g': { host: 1, accelerators: 8 },
  'a4x-highgpu-4g': { host: 1, accelerators: 4 },
  'a4x-highgpu-4g-nolssd': { host: 1, accelerators: 4 },
  'a4x-maxgpu-4g-metal': { host: 1, accelerators: 8 },
};

const RESERVED = Capacity.reservation('r', { project: 'p', block: 'b', subBlock: 's' });
const EVERY = GoogleMachine.all.filter(({ spec }) => spec.accelerators >= 1).map((one) => [one.name, one] as const);

function capacityOf({ markets }: GoogleMachine): Capacity {
  if (!markets || markets.includes('on-demand')) return Capacity.onDemand();
  return markets.includes('reservation') ? RESERVED : Capacity.spot();
}

function shapeOf(machine: GoogleMachine) {
  const topology = (GOOGLE_TPU_TOPOLOGIES as Record<string, { topologies: readonly string[] }>)[machine.name]
    ?.topologies;
  return machine.isTpu ? { topology: topology!.at(-1) } : { nodes: 2 };
}

test('the machines with additional interfaces match the documentation', () => {
  const wired = GoogleMachine.all.filter(({ furtherInterfaces }) => furtherInterfaces > 0).map(({ name }) => name);
  expect(wired.sort()).toEqual(Object.keys(ADDITIONAL_INTERFACES).sort());
});

describe.each(EVERY)('%s', (name, machine) => {
  const { host = 0, accelerators = 0 } = ADDITIONAL_INTERFACES[name] ?? {};
  const { stack, resource, pool } = synthPool({ machine, capacity: capacityOf(machine), ...shapeOf(machine) });
  const wiring = (resource.network_config.additional_node_network_configs ?? []) as Json[];

  test(`has ${host + accelerators} additional interfaces, each in a network and a subnetwork`, () => {
    expect(wiring).toHaveLength(host + accelerators);
    expect(pool.networks.filter(({ role }) => role === 'host')).toHaveLength(host);
    expect(wiring.every(({ network, subnetwork }) => Boolean(network) && Boolean(subnetwork))).toBe(true);
  });

  test('refers to networks and subnetworks of the stack or of a network profile', () => {
    const addresses = ['google_compute_network', 'google_compute_subnetwork'].flatMap((type) =>
      Object.keys(resourcesOf(stack, type)).map((id) => `\${${type}.${id}.name}`),
    );
    const withoutPrefix = (subnetwork: string) => subnetwork.replace(/^default-subnet-1-/, '');
    for (const { network, subnetwork } of wiring) {
      expect(addresses).toContain(network);
      expect(addresses).toContain(withoutPrefix(subnetwork as string));
    }
  });

  test('has each interface in a separate subnetwork, except on bare metal, whose profile has one subnet', () => {
    const places = new Set(wiring.map((one) => JSON.stringify(one)));
    expect(places.size).toBe(machine.isBareMetal ? 2 : wiring.length);
  });
});

describe.each(EVERY.filter(([name]) => name in ADDITIONAL_INTERFACES))('pods on %s', (name, machine) => {
  const { host, accelerators } = ADDITIONAL_INTERFACES[name]!;
  const { cluster } = synthCluster({
    machine,
    nodes: 2,
    capacity: capacityOf(machine),
    installation: Installation.gitOps(),
    storage: TrainingStorage.none(),
  });
  const pool = acceleratorPool(cluster.nodeGroup);
  const runtime = Object.values(ofKind(cluster.bundle.manifests, 'ClusterTrainingRuntime'))[0];
  const pod = at(runtime, 'spec.template.spec.replicatedJobs.0.template.spec.template');

  test('get every accelerator interface, either by annotation or by claim', () => {
    const annotation = (at(pod, 'metadata.annotations') as Record<string, string> | undefined)?.[
      'networking.gke.io/interfaces'
    ];
    const named = annotation === undefined ? 0 : (JSON.parse(annotation) as unknown[]).length - 1;
    const claimed = pool.fabric!.pod!.claim?.count ?? 0;
    expect([named, claimed]).toEqual(machine.spec.deviceClaim ? [0, accelerators] : [host + accelerators, 0]);
    expect(pool.fabric!.interfacesPerNode).toBe(accelerators);
  });

  test('request existing Kubernetes networks, or a claim template in their namespace', () => {
    const { manifests } = cluster.bundle;
    const templates = Object.keys(ofKind(manifests, 'ResourceClaimTemplate'));
    const claims = ((at(pod, 'spec.resourceClaims') ?? []) as { resourceClaimTemplateName: string }[])
      .map((one) => one.resourceClaimTemplateName)
      .filter((template) => !template.endsWith('-channel'));
    expect(claims).toEqual(templates);
    expect(Object.keys(ofKind(manifests, 'Network'))).toHaveLength(machine.spec.deviceClaim ? 0 : host + accelerators);
  });
});
