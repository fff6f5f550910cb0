/** Measured program: synthesizes an app of many clusters, each in its own stack. `probe-growth <clusters> gitOps|byDeployment` */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { AwsMachine, Installation, TrainingCluster } from 'ai-infra-constructs/aws';
import { App, Stack } from 'aws-cdk-lib';
import { DISABLE_ASSET_STAGING_CONTEXT } from 'aws-cdk-lib/cx-api';

const [clusters, installation] = process.argv.slice(2) as [string, 'gitOps' | 'byDeployment'];

// Warm up twice, so that the measurement shows growth and not process startup.
for (const name of ['warm', 'warmer']) synthesize(name, 1);
const cpuBefore = process.cpuUsage();
const begin = performance.now();
const stacks = synthesize('measured', Number(clusters));
const ms = performance.now() - begin;
const { user, system } = process.cpuUsage(cpuBefore);
const resources = stacks.map(({ template }) => Object.keys((template as { Resources: object }).Resources).length);
console.log(
  JSON.stringify({
    ms,
    cpu: (user + system) / 1000,
    megabytes: process.resourceUsage().maxRSS / 1000,
    resources: Math.max(...resources),
    templateBytes: Math.max(...stacks.map(({ templateFullPath }) => statSync(templateFullPath).size)),
  }),
);

function synthesize(name: string, count: number) {
  // All clusters share their assets, so copying them once is not part of the growth.
  const app = new App({
    outdir: join(process.env.CDK_OUTDIR!, name),
    context: { [DISABLE_ASSET_STAGING_CONTEXT]: true },
  });
  for (let index = 0; index < count; index += 1) {
    new TrainingCluster(new Stack(app, `Training${index}`), 'Cluster', {
      machine: AwsMachine.P5EN_48XLARGE,
      nodes: 4,
      installation: Installation[installation](),
    });
  }
  return app.synth().stacks;
}
