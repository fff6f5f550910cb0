import { findMachine } from '../../core/catalog/machines';
import type { Count, Market, Part, Sections } from '../architecture';
import {
  counts,
  group,
  textsOf,
  amount,
  details,
  type Readers,
  type Resource,
  type View,
  list,
  type Props,
  record,
  records,
} from '../view';
import { launchDataOf, launchFacts, publicAddress } from './compute';

/** Readers of AWS Batch and Amazon ECS: machines, jobs and services. */
export const JOB_READERS: Readers = {
  'AWS::Batch::ComputeEnvironment': computeEnvironment,
  'AWS::Batch::JobQueue': (resource, view) => ({
    workflows: [
      {
        name: resource.name,
        kind: 'Batch job queue',
        ...details({
          priority: view.text(resource.props.Priority),
          on: records(resource.props.ComputeEnvironmentOrder)
            .map((order) => view.find(order.ComputeEnvironment)?.name ?? 'an existing environment')
            .join(', '),
        }),
      },
    ],
  }),
  'AWS::Batch::JobDefinition': (resource, view) => ({ workflows: [jobDefinition(resource, view)] }),
  'AWS::ECS::Service': service,
  'AWS::ECS::TaskDefinition': (resource, view) =>
    view.ofType('AWS::ECS::Service').some(({ props }) => view.find(props.TaskDefinition) === resource)
      ? {}
      : { workflows: [{ name: resource.name, kind: 'ECS task', ...details({ size: taskSize(resource, view) }) }] },
};

const MARKETS: Readonly<Record<string, Market>> = { SPOT: 'spot', FARGATE_SPOT: 'spot' };

function computeEnvironment(resource: Resource, view: View): Partial<Sections> {
  const resources = record(resource.props.ComputeResources);
  const type = view.text(resources.Type) ?? 'EC2';
  const data = launchDataOf(view, resources.LaunchTemplate);
  const { machines, ...facts } = launchFacts(view, data);
  const types = textsOf(view, resources.InstanceTypes);
  return group(
    {
      ...facts,
      name: resource.name,
      kind: type.startsWith('FARGATE') ? 'Batch on Fargate' : 'Batch compute environment',
      cloud: 'aws',
      machines: type.startsWith('FARGATE') ? [] : types.length > 0 ? types : machines,
      count: machineCounts(view, types, resources),
      market: MARKETS[type] ?? facts.market ?? 'on-demand',
      notPriced: 'its size is in vCPUs',
      ...details({
        vcpus: countText(view, resources.MinvCpus, resources.MaxvCpus),
        allocation: view.text(resources.AllocationStrategy),
      }),
    },
    publicAddress(view, data, list(resources.Subnets)),
  );
}

/** Returns the number of machines for a number of vCPUs, if there is only one machine type and the catalog has it. */
function machineCounts(view: View, types: readonly string[], { MinvCpus, MaxvCpus }: Props): Count | undefined {
  const machine = types.length === 1 ? findMachine('aws', types[0]!) : undefined;
  if (!machine?.vcpus) return undefined;
  const [min, max] = [MinvCpus, MaxvCpus].map((vcpus) => {
    const known = view.number(vcpus);
    return typeof known === 'number' ? Math.ceil(known / machine.vcpus!) : known;
  });
  return { min, max };
}

function countText(view: View, min: unknown, max: unknown): string {
  return `${view.text(min) ?? '0'} to ${view.text(max) ?? 'any'}`;
}

function jobDefinition({ name, props }: Resource, view: View): Part {
  const container = record(props.ContainerProperties);
  const nodes = record(props.NodeProperties);
  const needs = Object.fromEntries(
    records(container.ResourceRequirements).map((need) => [view.text(need.Type) ?? '', view.text(need.Value)]),
  );
  return {
    name,
    kind: 'Batch job',
    ...details({
      nodes: view.text(nodes.NumNodes),
      gpus: needs.GPU,
      vcpus: needs.VCPU ?? view.text(container.Vcpus),
      memory: amount(view.number(needs.MEMORY ?? container.Memory), 'MiB'),
      attempts: view.text(record(props.RetryStrategy).Attempts),
      timeout: amount(view.number(record(props.Timeout).AttemptDurationSeconds), 's'),
    }),
  };
}

function service(resource: Resource, view: View): Partial<Sections> {
  const { props } = resource;
  const task = view.find(props.TaskDefinition);
  const providers = records(props.CapacityProviderStrategy).map((one) => view.text(one.CapacityProvider) ?? '');
  const fargate = view.text(props.LaunchType) === 'FARGATE' || providers.some((name) => name.startsWith('FARGATE'));
  const network = record(record(props.NetworkConfiguration).AwsvpcConfiguration);
  return group(
    {
      name: resource.name,
      kind: fargate ? 'ECS service on Fargate' : 'ECS service',
      cloud: 'aws',
      machines: [],
      count: counts(view, { desired: props.DesiredCount ?? 1 }),
      market: providers.includes('FARGATE_SPOT') ? 'spot' : undefined,
      notPriced: fargate ? 'Fargate is not in the price table' : 'it runs on the machines of its cluster',
      ...details({ task: task && taskSize(task, view) }),
    },
    view.text(network.AssignPublicIp) === 'ENABLED'
      ? 'public IP address, requested by its network configuration'
      : undefined,
  );
}

function taskSize({ props }: Resource, view: View): string {
  const containers = records(props.ContainerDefinitions);
  const sum = (key: 'Cpu' | 'Memory') =>
    view.text(props[key]) ?? containers.map((one) => view.text(one[key]) ?? '').find((text) => text !== '');
  const gpus = containers
    .flatMap((one) => records(one.ResourceRequirements))
    .filter((need) => view.text(need.Type) === 'GPU')
    .map((need) => `${view.text(need.Value) ?? ''} GPU`);
  const [cpu, memory] = [sum('Cpu'), sum('Memory')];
  return [cpu && `${cpu} CPU units`, memory && `${memory} MiB`, ...gpus].filter(Boolean).join(', ');
}
