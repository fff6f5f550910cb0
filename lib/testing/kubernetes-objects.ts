import { findMachine } from '../core/catalog/machines';
import type { ComputeGroup, Part, Sections } from './architecture';
import { countsOf, list, type Props, record, records, word } from './json';
import { neutral } from './neutral';
import { details } from './view';

/** Objects of a manifest, counted by kind; those that run, scale or make machines are told one by one. */
export function objectSections(name: string, objects: readonly Props[]): Partial<Sections> {
  const told = objects.map((object) => ({ object, sections: READERS[word(object.kind)]?.(name, object) }));
  const others = told.filter(({ sections }) => sections === undefined).map(({ object }) => word(object.kind));
  const counted = Object.entries(countsOf(others)).map(([kind, count]): Part => ({ name, kind: `${count} ${kind}` }));
  const of = <Key extends 'kubernetes' | 'compute' | 'scaling'>(key: Key) =>
    told.flatMap(({ sections }) => (sections?.[key] ?? []) as Sections[Key][number][]);
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

/** Pods with the images that they run, and with what one of them asks of a node beside cores and memory. */
function workload(manifest: string, object: Props): Partial<Sections> {
  const own = record(object.spec);
  const spec = record(record(own.jobTemplate).spec ?? own);
  const group = record(spec.leaderWorkerTemplate);
  const template = record(spec.template ?? group.workerTemplate ?? group.leaderTemplate);
  const containers = records(record(template.spec).containers);
  const asked = containers.flatMap((one) => Object.entries(record(record(one.resources).limits)));
  const devices = asked.filter(([what]) => what.includes('/')).map(([what, count]) => `${word(count)} ${what}`);
  return {
    kubernetes: [
      {
        name: nameOf(manifest, object),
        kind: word(object.kind),
        ...details({
          replicas: word(spec.replicas ?? spec.parallelism),
          schedule: own.suspend === true ? 'when someone starts it' : word(own.schedule),
          'pods each': word(group.size),
          image: containers.map(({ image }) => neutral(word(image))).join(', '),
          devices: devices.sort().join(', '),
        }),
      },
    ],
  };
}

function scaler(manifest: string, object: Props, least: string, most: string): Partial<Sections> {
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
          range: `${word(spec[least]) || '1'} to ${word(spec[most]) || 'any'}`,
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
  const limits = Object.entries(record(spec.limits)).map(([what, most]) => `${word(most)} ${what}`);
  return {
    name: nameOf(manifest, object),
    kind: 'Karpenter node pool',
    cloud: 'aws',
    machines,
    count: { min: 0, max: mostMachines(machines, record(spec.limits)) },
    // Of several, Karpenter takes what comes first: all are told, and none is taken for the one.
    market: markets.length > 1 ? undefined : (MARKETS[markets[0] ?? ''] ?? 'on-demand'),
    notPriced: 'it starts machines as they are needed',
    ...details({
      families: values('karpenter.k8s.aws/instance-family').join(', '),
      markets: markets.length > 1 && markets.join(', '),
      limits: limits.sort().join(', '),
    }),
  };
}

const MARKETS: Readonly<Record<string, ComputeGroup['market']>> = { spot: 'spot', reserved: 'reservation' };

/** Machines of one kind that a limit on accelerators leaves. @default - no such limit, or several kinds */
function mostMachines(machines: readonly string[], limits: Props): number | undefined {
  const machine = machines.length === 1 ? findMachine('aws', machines[0]!) : undefined;
  const [limit] = Object.entries(limits).filter(([what]) => what.includes('/'));
  if (!machine || !limit) return undefined;
  const most = Math.floor(Number(word(limit[1])) / Math.ceil(machine.accelerators));
  return Number.isSafeInteger(most) ? most : undefined;
}
