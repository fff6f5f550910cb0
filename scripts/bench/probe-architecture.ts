/** Measured program: describes a synthesized stack of three clusters and a bucket, and its text, in a new process. */
import { AwsMachine, DataBucket, TrainingCluster } from 'ai-infra-constructs/aws';
import { architectureOf } from 'ai-infra-constructs/testing';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

const stack = new Stack(new App(), 'Three');
for (const id of ['One', 'Two', 'Three']) {
  new TrainingCluster(stack, id, { machine: AwsMachine.P5_48XLARGE, nodes: 16 });
}
new DataBucket(stack, 'Datasets');
const template = Template.fromStack(stack).toJSON() as { readonly Resources: object };
const measured = () => {
  const used = process.cpuUsage();
  const begin = performance.now();
  const lines = String(architectureOf(template)).split('\n').length;
  const ms = performance.now() - begin;
  const { user, system } = process.cpuUsage(used);
  return { ms, cpu: (user + system) / 1000, lines };
};
const first = measured();
const resources = Object.keys(template.Resources).length;
console.log(
  JSON.stringify({
    ...first,
    again: measured().ms,
    resources,
    jsonLines: JSON.stringify(template, undefined, 2).split('\n').length,
  }),
);
