import { App, Stack, Tags } from 'aws-cdk-lib';
import { addons } from './by-hand/addons';
import { buckets } from './by-hand/buckets';
import { controlPlane } from './by-hand/cluster';
import { jobIdentity } from './by-hand/jobs';
import { lustre } from './by-hand/lustre';
import { network } from './by-hand/network';
import { acceleratorNodes, fabricGroup, nodeRole, systemNodes } from './by-hand/nodes';
import { software } from './by-hand/software';
import { TAGS } from './by-hand/tags';
import { watch } from './by-hand/watch';
import type { KubernetesLiterals } from './kubernetes-literals';

/** The resources of the reference platform, written by hand with the AWS CDK only. */
export function build(literals: KubernetesLiterals): App {
  const app = new App();
  const stack = new Stack(app, 'Training', {
    description: 'Pre-training on 16 P5en nodes over EFA, with Lustre, queue and budget',
  });
  for (const [key, value] of Object.entries(TAGS)) Tags.of(stack).add(key, value);

  const data = buckets(stack);
  const vpc = network(stack, stack.availabilityZones);
  const cluster = controlPlane(stack, vpc);
  const role = nodeRole(stack);
  const fabric = fabricGroup(stack, vpc);
  const nodes = acceleratorNodes(stack, vpc, cluster, role, fabric);
  const fileSystem = lustre(stack, vpc, fabric, data);
  const installed = software(stack, cluster, fileSystem, literals);
  jobIdentity(stack, cluster, data);
  const system = systemNodes(stack, vpc, cluster, role);
  const { early, late } = addons(stack, cluster);
  for (const addon of early) [system, nodes].forEach((group) => group.node.addDependency(addon));
  for (const addon of late) addon.node.addDependency(system);
  for (const one of installed) one.node.addDependency(...late);
  watch(stack, cluster.clusterName, fileSystem.ref);
  return app;
}
