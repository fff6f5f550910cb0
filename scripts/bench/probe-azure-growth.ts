/** Measured program: synthesizes one cluster with many node groups. `probe-azure-growth <groups>` */
import { join } from 'node:path';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import {
  AzapiProvider,
  AzureMachine,
  InfinibandFeature,
  Installation,
  ResourceGroup,
  TrainingCluster,
} from 'ai-infra-constructs/azure';
import { App, TerraformStack } from 'cdktf';

const [groups] = process.argv.slice(2) as [string];

// Warm up twice, so that the measurement shows growth and not process startup.
for (const name of ['warm', 'warmer']) synthesize(name, 1);
const cpuBefore = process.cpuUsage();
const begin = performance.now();
synthesize('measured', Number(groups));
const ms = performance.now() - begin;
const { user, system } = process.cpuUsage(cpuBefore);
console.log(JSON.stringify({ ms, cpu: (user + system) / 1000, megabytes: process.resourceUsage().maxRSS / 1000 }));

function synthesize(name: string, count: number): void {
  const app = new App({ outdir: join(process.env.CDKTF_OUTDIR!, name) });
  const stack = new TerraformStack(app, 'training');
  new AzurermProvider(stack, 'Azurerm', { features: [{ storage: [{ dataPlaneAvailable: false }] }] });
  new AzapiProvider(stack, 'Azapi');
  const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
  const options = { machine: AzureMachine.ND96ISR_H200_V5, infinibandFeature: InfinibandFeature.REGISTERED, nodes: 2 };
  const more = Array.from({ length: count - 1 }, (_, index) => [`more${index}`, options] as const);
  new TrainingCluster(stack, 'Cluster', {
    ...options,
    resourceGroup,
    zone: '1',
    groups: Object.fromEntries(more),
    installation: Installation.gitOps(),
  });
  app.synth();
}
