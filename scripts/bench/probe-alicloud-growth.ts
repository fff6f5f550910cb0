/** Measured program: synthesizes one stack with many buckets. `probe-alicloud-growth <buckets>` */
import { join } from 'node:path';
import { DataBucket } from 'ai-infra-constructs/alicloud';
import { AlicloudProvider } from 'ai-infra-constructs/alicloud/provider';
import { App, TerraformStack } from 'cdktf';

const [buckets] = process.argv.slice(2) as [string];

// Warm up twice, so that the measurement shows growth and not process startup.
for (const name of ['warm', 'warmer']) synthesize(name, 1);
const cpuBefore = process.cpuUsage();
const begin = performance.now();
synthesize('measured', Number(buckets));
const ms = performance.now() - begin;
const { user, system } = process.cpuUsage(cpuBefore);
console.log(JSON.stringify({ ms, cpu: (user + system) / 1000, megabytes: process.resourceUsage().maxRSS / 1000 }));

function synthesize(name: string, count: number): void {
  const app = new App({ outdir: join(process.env.CDKTF_OUTDIR!, name) });
  const stack = new TerraformStack(app, 'training');
  new AlicloudProvider(stack, 'Alicloud', { region: 'cn-hangzhou' });
  for (let index = 0; index < count; index++) new DataBucket(stack, `Bucket${index}`);
  app.synth();
}
