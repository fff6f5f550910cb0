/** Measured program: builds and synthesizes a CDK for Terraform app. `probe-terraform <written>` */
import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { App } from 'cdktf';

const [written] = process.argv.slice(2) as [string];
const begin = performance.now();
const used = process.cpuUsage();
const wall = () => performance.now() - begin;
const cpu = () => {
  const { user, system } = process.cpuUsage(used);
  return (user + system) / 1000;
};
const { build } = createRequire(__filename)(written) as { readonly build: () => App };
const loaded = { wall: wall(), cpu: cpu() };
const app = build();
const constructed = { wall: wall(), cpu: cpu() };
app.synth();
const done = { wall: wall(), cpu: cpu() };
console.log(
  JSON.stringify({
    construct: constructed.wall - loaded.wall,
    cpuOfConstruct: constructed.cpu - loaded.cpu,
    synth: done.wall - constructed.wall,
    cpuOfSynth: done.cpu - constructed.cpu,
    both: done.wall - loaded.wall,
    cpuOfBoth: done.cpu - loaded.cpu,
    whole: done.wall,
    cpuOfWhole: done.cpu,
    megabytes: process.resourceUsage().maxRSS / 1000,
    bytes: statSync(join(app.outdir, 'stacks/training/cdk.tf.json')).size,
  }),
);
