/** Every machine in every capacity that it supports, and every option of a node pool, which `verify:terraform` validates in addition to the examples. */
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import {
  AcceleratorNetworks,
  AcceleratorNodePool,
  Capacity,
  ControlPlane,
  GoogleMachine,
  GpuDriver,
} from 'ai-infra-constructs/google';
import { App, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { GOOGLE_TPU_TOPOLOGIES } from '../../../lib/core/catalog/google-tpu-topologies';

const REGION = 'us-central1';
const ZONE = 'us-central1-b';

const CAPACITIES: Readonly<Record<string, () => Capacity>> = {
  OnDemand: () => Capacity.onDemand(),
  Spot: () => Capacity.spot(),
  FlexStart: () => Capacity.flexStart(),
  Queued: () => Capacity.flexStart({ queued: true }),
  Reserved: () => Capacity.reservation('r', { project: 'p', block: 'b', subBlock: 's' }),
  NewReservation: () => Capacity.newReservation({ confirm: 'costs until deleted', until: new Date('2031-01-01') }),
};

const app = new App();
const stack = new TerraformStack(app, 'every-pool');
new GoogleProvider(stack, 'Google', { project: 'p', region: REGION });
const cluster = new ControlPlane(stack, 'Cluster', { region: REGION });
GoogleMachine.all.filter(({ spec }) => spec.accelerators >= 1).forEach(addPools);
app.synth();

function addPools(machine: GoogleMachine, index: number): void {
  const within = new Construct(stack, machine.name);
  const networks =
    machine.networks.length > 0 ? new AcceleratorNetworks(within, 'Networks', { machine, zone: ZONE }) : undefined;
  for (const [name, capacity] of Object.entries(CAPACITIES)) {
    const created = capacity();
    if (machine.markets && !machine.markets.includes(created.market)) continue;
    if (created.createsReservation && /^(a3-ultragpu|a4|ct5p|ct6e|tpu7x)/.test(machine.name)) continue;
    if (machine.name.endsWith('-metal') && !created.namesSubBlock) continue;
    new AcceleratorNodePool(within, name, {
      name: `pool${index}-${name.toLowerCase()}`,
      cluster,
      machine,
      zone: ZONE,
      networks,
      capacity: created,
      ...(machine.isTpu ? { topology: topologyOf(machine) } : { nodes: 2, driver: GpuDriver.LATEST }),
      bootDiskKey: cluster.encryptionKey,
      preloadedImages: ['global/images/weights'],
      labels: { team: 'vision' },
      taints: [{ key: 'team', value: 'vision', effect: 'NoSchedule' }],
      maxPodsPerNode: 64,
      kubelet: { cpuManagerPolicy: 'static', topologyManagerPolicy: 'none', podPidsLimit: 4096 },
      sysctls: { 'net.core.somaxconn': '4096' },
    });
  }
}

function topologyOf({ name }: GoogleMachine): string {
  return GOOGLE_TPU_TOPOLOGIES[name as keyof typeof GOOGLE_TPU_TOPOLOGIES].topologies.at(-1)!;
}
