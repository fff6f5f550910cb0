/** Program: prints the number of resources of each type in an app. `dump-types <written> <literals>` */
import { createRequire } from 'node:module';
import type { App } from 'aws-cdk-lib';
import { type KubernetesLiterals, readLiterals } from './kubernetes-literals';

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
}

const [written, file] = process.argv.slice(2) as [string, string];
const { build } = createRequire(__filename)(written) as { readonly build: (literals: KubernetesLiterals) => App };
const [stack] = build(readLiterals(file)).synth().stacks;
const counts: Record<string, number> = {};
for (const { Type } of Object.values((stack!.template as Template).Resources)) counts[Type] = (counts[Type] ?? 0) + 1;
console.log(JSON.stringify(counts));
