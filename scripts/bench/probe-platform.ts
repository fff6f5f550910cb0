/** Measured program: builds and synthesizes an app. `probe-platform <written> <literals>` */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { App } from 'aws-cdk-lib';
import { type KubernetesLiterals, readLiterals } from './kubernetes-literals';

interface Written {
  readonly build: (literals: KubernetesLiterals) => App;
}

const [written, file] = process.argv.slice(2) as [string, string];
const literals = readLiterals(file);
const { cpu, wall } = clocks();
const { build } = createRequire(__filename)(written) as Written;
const loaded = { wall: wall(), cpu: cpu() };
const app = build(literals);
const constructed = wall();
const assembly = app.synth();
const done = { wall: wall(), cpu: cpu() };
console.log(
  JSON.stringify({
    load: loaded.wall,
    construct: constructed - loaded.wall,
    synth: done.wall - constructed,
    both: done.wall - loaded.wall,
    cpuOfBoth: done.cpu - loaded.cpu,
    whole: done.wall,
    cpuOfWhole: done.cpu,
    megabytes: process.resourceUsage().maxRSS / 1000,
    templateBytes: readFileSync(assembly.stacks[0]!.templateFullPath).length,
  }),
);

/** Starts a timer for wall-clock and processor time, in milliseconds. */
function clocks() {
  const begin = performance.now();
  const used = process.cpuUsage();
  const milliseconds = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1000;
  return { wall: () => performance.now() - begin, cpu: () => milliseconds(process.cpuUsage(used)) };
}
