/** Runs in the copy of the repository that `adding-a-machine.test.ts` writes, with the machines of the guide in `NEW_MACHINES`. */
import { App, Stack } from 'aws-cdk-lib';
import { CLOUDS, machineNamed, ModelSpec, TrainingJob } from 'ai-infra-constructs';
import { AwsMachine, TrainingCluster } from 'ai-infra-constructs/aws';
import { AzureMachine } from 'ai-infra-constructs/azure';
import { Capacity, GoogleMachine } from 'ai-infra-constructs/google';
import { planTraining } from 'ai-infra-constructs/planning';
import { synthPool as azurePool } from '../azure/nodes/support';
import { synthPool as googlePool } from '../google/support';
import { resourcesOf } from '../terraform/resources';

const MACHINES = JSON.parse(process.env.NEW_MACHINES ?? '{}') as Readonly<Record<string, readonly string[]>>;
const job = TrainingJob.pretrain({ model: ModelSpec.fromName('Llama-3.1-8B'), tokens: 1e9 });

test.each(CLOUDS.flatMap((cloud) => MACHINES[cloud]!.map((name) => [cloud, name] as const)))(
  'a training job is planned on %s %s',
  (cloud, name) => {
    const { cluster } = planTraining({ job, machine: machineNamed(cloud, name), nodes: 2 });
    expect(cluster).toMatchObject({ machine: name, nodes: 2 });
  },
);

test.each(MACHINES.aws!)('a cluster is built with AWS %s', (name) => {
  const stack = new Stack(new App(), 'Stack');
  const cluster = new TrainingCluster(stack, 'Cluster', { machine: AwsMachine.fromName(name), nodes: 2 });
  expect(cluster.nodeGroup).toBeDefined();
});

test.each(MACHINES.google!)('a node pool is built with Google Cloud %s', (name) => {
  const { resource } = googlePool({ machine: GoogleMachine.fromName(name), capacity: Capacity.spot() });
  expect(resource.node_config.machine_type).toBe(name);
});

test.each(MACHINES.azure!)('a node pool is built with Azure %s', (name) => {
  const { stack } = azurePool({ machine: AzureMachine.fromName(name) });
  expect(JSON.stringify(resourcesOf(stack, 'azurerm_kubernetes_cluster_node_pool'))).toContain(`"${name}"`);
});
