/** Pools of every machine with whole accelerators in every capacity that it is sold in: what `verify:terraform` proves beside the examples. */
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import {
  AcceleratorNodePool,
  type AcceleratorNodePoolProps,
  AzapiProvider,
  AzureMachine,
  BootDisk,
  Capacity,
  ControlPlane,
  EncryptionKey,
  GpuDriver,
  InfinibandFeature,
  KubeletDisk,
  ResourceGroup,
  SystemNodePool,
} from 'ai-infra-constructs/azure';
import { App, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';

const app = new App();
const GROUP = '/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/mine/providers/Microsoft.Compute';

const CAPACITIES = {
  ondemand: Capacity.onDemand(),
  spot: Capacity.spot({ maxUsdPerHour: 50 }),
  reserved: Capacity.reservation(`${GROUP}/capacityReservationGroups/mine`),
  made: Capacity.newReservation({ confirm: 'costs until deleted' }),
};

/** One subscription has InfiniBand of one generation: a stack each. */
for (const feature of [InfinibandFeature.REGISTER, InfinibandFeature.UNREGISTERED]) {
  const stack = new TerraformStack(app, `every-pool-${feature}`);
  new AzurermProvider(stack, 'Azurerm', { features: [{}] });
  new AzapiProvider(stack, 'Azapi');
  const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
  const encryptionKey = new EncryptionKey(stack, 'Key', { resourceGroup });
  const cluster = new ControlPlane(stack, 'Cluster', { resourceGroup, encryptionKey, zones: ['1', '2', '3'] });
  const { resource } = new SystemNodePool(stack, 'More', { cluster, zones: ['1'], machineType: 'Standard_D16ds_v5' });
  new SystemNodePool(stack, 'Queues', { cluster, name: 'controllers', after: [resource] });
  new AcceleratorNodePool(stack, 'Trials', {
    cluster,
    machine: AzureMachine.NC4AS_T4_V3,
    nodes: 8,
    elastic: true,
    after: [resource],
  });
  AzureMachine.all
    .filter((machine) => takes(machine, feature))
    .forEach((machine, index) => addPools(stack, cluster, machine, index, feature));
}
app.synth();

function takes({ spec }: AzureMachine, feature: InfinibandFeature): boolean {
  if (spec.accelerators < 1) return false;
  const wanted = feature === InfinibandFeature.REGISTER ? 'register' : 'unregister';
  return (spec.aksInfinibandFeature ?? 'register') === wanted;
}

function addPools(
  stack: TerraformStack,
  cluster: ControlPlane,
  machine: AzureMachine,
  index: number,
  feature: InfinibandFeature,
): void {
  const within = new Construct(stack, machine.name);
  for (const [name, capacity] of Object.entries(CAPACITIES)) {
    if (capacity.market === 'reservation' && machine.spec.capacityReservationGroup === false) continue;
    new AcceleratorNodePool(within, name, {
      name: `p${index}${name}`,
      cluster,
      machine,
      nodes: 2,
      zone: '1',
      capacity,
      ...(machine.infiniband ? { infinibandFeature: feature } : placed(capacity)),
      driver: machine.spec.gpuDriver.includes('Install') ? GpuDriver.AKS : GpuDriver.GPU_OPERATOR,
      bootDisk: BootDisk.EPHEMERAL,
      bootDiskGiB: 128,
      kubeletDisk: KubeletDisk.TEMPORARY,
      encryptionAtHost: true,
      labels: { team: 'vision' },
    });
  }
}

function placed({ market }: Capacity): Partial<AcceleratorNodePoolProps> {
  return market === 'reservation' ? {} : { proximity: true };
}
