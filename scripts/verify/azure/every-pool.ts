/** Pools of every machine with whole accelerators and every supported capacity, for `verify:terraform`. */
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import {
  AcceleratorNodePool,
  type AcceleratorNodePoolProps,
  AzapiProvider,
  AzureMachine,
  AzureMarket,
  BootDiskType,
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

/** One subscription supports one InfiniBand generation, so each has its own stack. */
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
    minNodes: 1,
    after: [resource],
  });
  AzureMachine.all
    .filter((machine) => supports(machine, feature))
    .forEach((machine, index) => addPools(stack, cluster, machine, index, feature));
}
app.synth();

function supports({ spec }: AzureMachine, feature: InfinibandFeature): boolean {
  if (spec.accelerators < 1) return false;
  const required = feature === InfinibandFeature.REGISTER ? 'register' : 'unregister';
  return (spec.aksInfinibandFeature ?? 'register') === required;
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
    if (capacity.market === AzureMarket.RESERVATION && machine.spec.capacityReservationGroup === false) continue;
    new AcceleratorNodePool(within, name, {
      name: `p${index}${name}`,
      cluster,
      machine,
      nodes: 2,
      zone: '1',
      capacity,
      ...(machine.infiniband ? { infinibandFeature: feature } : placement(capacity)),
      driver: machine.spec.gpuDriver.includes('Install') ? GpuDriver.AKS : GpuDriver.GPU_OPERATOR,
      bootDiskType: BootDiskType.EPHEMERAL,
      bootDiskGiB: 128,
      kubeletDisk: KubeletDisk.TEMPORARY,
      encryptionAtHost: true,
      labels: { team: 'vision' },
      taints: [{ key: 'team', value: 'vision', effect: 'NoSchedule' }],
      maxPodsPerNode: 64,
      kubelet: { cpuManagerPolicy: 'static', topologyManagerPolicy: 'best-effort', podPidsLimit: 4096 },
      sysctls: { 'net.core.somaxconn': '4096' },
    });
  }
}

function placement({ market }: Capacity): Partial<AcceleratorNodePoolProps> {
  return market === AzureMarket.RESERVATION ? {} : { compactPlacement: true };
}
