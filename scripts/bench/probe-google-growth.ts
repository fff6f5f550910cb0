/** Measured program: synthesizes one cluster with many node groups. `probe-google-growth <groups>` */
import { join } from 'node:path';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { GoogleMachine, Installation, TrainingCluster } from 'ai-infra-constructs/google';
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
  new GoogleProvider(stack, 'Google', { project: 'p', region: 'us-central1' });
  const machine = GoogleMachine.A3_MEGAGPU_8G;
  const more = Array.from({ length: count - 1 }, (_, index) => [`more${index}`, { machine, nodes: 2 }] as const);
  new TrainingCluster(stack, 'Cluster', {
    zone: 'us-central1-b',
    machine,
    nodes: 2,
    groups: Object.fromEntries(more),
    installation: Installation.gitOps(),
  });
  app.synth();
}
