import { findMachine } from '../core/catalog/machines';
import type { ComputeGroup, Part, Sections } from './architecture';
import { countsOf, list, type Props, record, records, word, neutral, details } from './view';

/** Returns the objects of a manifest, counted by kind. Workloads, autoscalers and node pools are listed separately. */
export function objectSections(name: string, objects: readonly Props[]): Partial<Sections> {
  const read = objects.map((object) => ({ object, sections: READERS[word(object.kind)]?.(name, object) }));
  const others = read.filter(({ sections }) => sections === undefined).map(({ object }) => word(object.kind));
  const counted = Object.entries(countsOf(others)).map(([kind, count]): Part => ({ name, kind: `${count} ${kind}` }));
  const of = <Key extends 'kubernetes' | 'compute' | 'scaling'>(key: Key) =>
    read.flatMap(({ sections }) => (sections?.[key] ?? []) as Sections[Key][number][]);
  return { kubernetes: [...counted, ...of('kubernetes')], compute: of('compute'), scaling: of('scaling') };
}

type ObjectReader = (manifest: string, object: Props) => Partial<Sections> | undefined;

const READERS: Readonly<Record<string, ObjectReader>> = {
  Deployment: workload,
  StatefulSet: workload,
  DaemonSet: workload,
  Job: workload,
  CronJob: workload,
  LeaderWorkerSet: workload,
  HorizontalPodAutoscaler: (name, object) => scaler(name, object, 'minReplicas', 'maxReplicas'),
  ScaledObject: (name, object) => scaler(name, object, 'minReplicaCount', 'maxReplicaCount'),
  NodePool: (name, object) =>
    word(object.apiVersion).startsWith('karpenter') ? { compute: [karpenterPool(name, object)] } : undefined,
};

function nameOf(manifest: string, { metadata }: Props): string {
  const { name } = record(metadata);
  return [manifest, neutral(word(name))].filter(Boolean).join('/');
}

/** Reads a workload: its images, and the devices that a pod requests in addition to cores and memory. */
function workload(manifest: string, object: Props): Partial<Sections> {
  const own = record(object.spec);
  const spec = record(record(own.jobTemplate).spec ?? own);
  const group = record(spec.leaderWorkerTemplate);
  const template = record(spec.template ?? group.workerTemplate ?? group.leaderTemplate);
  const containers = records(record(template.spec).containers);
  const limits = containers.flatMap((one) => Object.entries(record(record(one.resources).limits)));
  const devices = limits.filter(([what]) => what.includes('/')).map(([what, count]) => `${word(count)} ${what}`);
  return {
    kubernetes: [
      {
        name: nameOf(manifest, object),
        kind: word(object.kind),
        ...details({
          replicas: word(spec.replicas ?? spec.parallelism),
          schedule: own.suspend === true ? 'started by hand' : word(own.schedule),
          'pods each': word(group.size),
          image: containers.map(({ image }) => neutral(word(image))).join(', '),
          devices: devices.sort().join(', '),
        }),
      },
    ],
  };
}

function scaler(manifest: string, object: Props, min: string, max: string): Partial<Sections> {
  const spec = record(object.spec);
  const target = record(spec.scaleTargetRef);
  const triggers = records(spec.triggers).map(({ type, name, metadata }) => {
    const { threshold } = record(metadata);
    return [word(name ?? type), threshold === undefined ? '' : `at ${word(threshold)}`].filter(Boolean).join(' ');
  });
  const metrics = records(spec.metrics).map((one) => {
    const source = record(one.pods ?? one.external ?? one.object ?? one.resource);
    return word(record(source.metric).name ?? source.name);
  });
  return {
    scaling: [
      {
        name: nameOf(manifest, object),
        kind: word(object.kind),
        ...details({
          target: [word(target.kind), word(target.name)].filter(Boolean).join(' '),
          range: `${word(spec[min]) || '1'} to ${word(spec[max]) || 'any'}`,
          on: [...triggers, ...metrics].sort().join(', '),
        }),
      },
    ],
  };
}

function karpenterPool(manifest: string, object: Props): ComputeGroup {
  const spec = record(object.spec);
  const { requirements } = record(record(spec.template).spec);
  const values = (key: string) =>
    records(requirements)
      .filter((one) => one.key === key && one.operator === 'In')
      .flatMap((one) => list(one.values).map((value) => neutral(word(value))));
  const markets = values('karpenter.sh/capacity-type');
  const machines = values('node.kubernetes.io/instance-type');
  const limits = Object.entries(record(spec.limits)).map(([what, max]) => `${word(max)} ${what}`);
  return {
    name: nameOf(manifest, object),
    kind: 'Karpenter node pool',
    cloud: 'aws',
    machines,
    count: { min: 0, max: maxMachines(machines, record(spec.limits)) },
    // With several markets, Karpenter chooses one, so all of them are listed and none is assumed.
    market: markets.length > 1 ? undefined : (MARKETS[markets[0] ?? ''] ?? 'on-demand'),
    notPriced: 'it starts machines on demand',
    ...details({
      families: values('karpenter.k8s.aws/instance-family').join(', '),
      markets: markets.length > 1 && markets.join(', '),
      limits: limits.sort().join(', '),
    }),
  };
}

const MARKETS: Readonly<Record<string, ComputeGroup['market']>> = { spot: 'spot', reserved: 'reservation' };

/** Returns the maximum number of machines within a limit on accelerators, or undefined without a limit or with several machine types. */
function maxMachines(machines: readonly string[], limits: Props): number | undefined {
  const machine = machines.length === 1 ? findMachine('aws', machines[0]!) : undefined;
  const [limit] = Object.entries(limits).filter(([what]) => what.includes('/'));
  if (!machine || !limit) return undefined;
  const max = Math.floor(Number(word(limit[1])) / Math.ceil(machine.accelerators));
  return Number.isSafeInteger(max) ? max : undefined;
}
