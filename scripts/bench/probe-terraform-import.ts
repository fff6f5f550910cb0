/** Measured program: loads the entry point of a cloud and reads every export, as an ES module import does. `probe-terraform-import <entry>` */
import { createRequire } from 'node:module';

const load = createRequire(__filename);
const [entry] = process.argv.slice(2) as [string];
const rssBefore = process.memoryUsage.rss();
const cpuBefore = process.cpuUsage();
const begin = performance.now();
Object.values(load(entry) as object);
const ms = performance.now() - begin;
const { user, system } = process.cpuUsage(cpuBefore);
const megabytes = (process.memoryUsage.rss() - rssBefore) / 1e6;
console.log(JSON.stringify({ ms, cpu: (user + system) / 1000, megabytes, modules: Object.keys(load.cache).length }));
