/** Measured program: loads modules and prints the cost. `probe-import <file> …` */
import { createRequire } from 'node:module';

const load = createRequire(__filename);
const files = process.argv.slice(2);
const rssBefore = process.memoryUsage.rss();
const cpuBefore = process.cpuUsage();
const begin = performance.now();
for (const file of files) load(file);
const ms = performance.now() - begin;
const { user, system } = process.cpuUsage(cpuBefore);
const megabytes = (process.memoryUsage.rss() - rssBefore) / 1e6;
console.log(JSON.stringify({ ms, cpu: (user + system) / 1000, megabytes, modules: Object.keys(load.cache).length }));
