/**
 * Program: lists the package files that the constructs of a cloud need: CDK for Terraform, and each resource that a construct can create.
 * `trace-terraform <dist> <cloud> <provider>`
 */
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';

const load = createRequire(__filename);
const [dist, cloud, provider] = process.argv.slice(2) as [string, string, string];
load(join(dist, cloud, 'index.js'));
// Each file is loaded on first use.
Object.values(load(join(dist, cloud, 'provider', `${provider}.js`)) as object);
// Generated classes are in the place of the package of a provider.
const generated = join(dist, cloud, 'provider', 'generated') + sep;
const isOwn = (file: string) => file.startsWith(dist + sep) && !file.startsWith(generated);
const own = Object.values(load.cache).filter((module) => module !== undefined && isOwn(module.filename));
const required = own.flatMap((module) => module!.children).map(({ filename }) => filename);
console.log(JSON.stringify([...new Set(required.filter((file) => !isOwn(file)))]));
