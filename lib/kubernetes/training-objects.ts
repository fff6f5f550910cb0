import { computeDomain } from './compute-domain';
import { type KubernetesManifest, checkNames } from './manifest';
import { type AcceleratorPool, MAX_POOLS } from './pool';
import { trainingQueue } from './queues';
import { SHARED_CLAIM, TRAINING_NAMESPACE, TRAINING_QUEUE } from './training-runtime';
import { type ChartRelease, withAgentSuffix, withoutCharts } from './controller-charts';
import { ProblemCollector } from '../core/errors';
import { nearest } from '../core/nearest';

/**
 * Returns the charts of a training cluster that its cluster needs. On an existing cluster, the agents do not replace those of other
 * constructs, because their releases have names of their own.
 *
 * @param existing charts that the existing cluster runs already. Undefined for a new cluster
 */
export function trainingCharts(
  charts: readonly ChartRelease[],
  existing: readonly string[] | undefined,
): ChartRelease[] {
  if (existing === undefined) return [...charts];
  return withoutCharts(charts, existing).map((chart) => withAgentSuffix(chart, TRAINING_QUEUE));
}

/** Creates the queue of the jobs. The first object is the namespace, because the other objects are in it. */
export function jobQueue(pools: readonly AcceleratorPool[]): KubernetesManifest[] {
  return trainingQueue({ name: TRAINING_QUEUE, namespace: TRAINING_NAMESPACE, pools });
}

/** Creates the volume of the shared file system and the claim that jobs mount. @param volume properties of the CSI driver of the cloud */
export function sharedVolume(volume: Omit<FileSystemVolumeProps, 'name' | 'namespace'>): KubernetesManifest[] {
  return fileSystemVolume({ ...volume, name: SHARED_CLAIM.claimName, namespace: TRAINING_NAMESPACE });
}

/** Creates the compute domains of the pools whose NVLink domain spans nodes. */
export function jobDomains(pools: readonly AcceleratorPool[]): KubernetesManifest[] {
  return pools
    .filter(({ multiNodeScaleUp }) => multiNodeScaleUp)
    .map(({ name, nodes }) => computeDomain({ name, namespace: TRAINING_NAMESPACE, nodes }));
}

/** Name of the first group of a training cluster. */
export const MAIN_GROUP = 'nodes';

/** Adds problems for the additional groups of a training cluster: reserved names, and too many groups. */
export function checkAdditionalGroups(problems: ProblemCollector, groups: object = {}): void {
  if (Object.hasOwn(groups, MAIN_GROUP)) {
    problems.add({
      code: 'GroupDuplicate',
      prop: `groups.${MAIN_GROUP}`,
      allowed: `a name other than ${MAIN_GROUP}, the name of the first group`,
      got: MAIN_GROUP,
      fix: 'Rename the group.',
    });
  }
  const count = Object.keys(groups).length;
  if (count >= MAX_POOLS) {
    problems.add({
      code: 'QueueTooLarge',
      prop: 'groups',
      allowed: `at most ${MAX_POOLS - 1} groups in addition to the first one, the limit of a queue`,
      got: count,
      fix: 'Distribute the groups over several clusters.',
    });
  }
}

/** Returns the group with this name. Adds a problem and returns undefined if the name is unknown. */
export function groupNamed<G>(
  problems: ProblemCollector,
  groups: Readonly<Record<string, G>>,
  name: string,
): G | undefined {
  if (Object.hasOwn(groups, name)) return groups[name];
  const names = Object.keys(groups);
  const [meant] = nearest(name, names, 1);
  problems.add({
    code: 'GroupUnknown',
    prop: 'group',
    allowed: `one of ${names.join(', ')}`,
    got: name,
    fix: meant ? `Did you mean ${meant}?` : 'Leave it out to use the first group.',
  });
  return undefined;
}

/** Properties for `fileSystemVolume`. */
export interface FileSystemVolumeProps {
  /** Name of the claim. The name of the volume is `<namespace>-<name>`. */
  readonly name: string;
  /** Namespace of the claim. */
  readonly namespace: string;
  /** Name of the CSI driver, for example `fsx.csi.aws.com`. */
  readonly driver: string;
  /** Handle that identifies the file system for the driver. */
  readonly volumeHandle: string;
  /** Other attributes for the driver, for example `{ dnsname, mountname }`. @default - none */
  readonly volumeAttributes?: Readonly<Record<string, string>>;
  /** Size of the file system. It is only informative. */
  readonly capacityGiB: number;
  /** Mount options. @default - chosen by the driver */
  readonly mountOptions?: readonly string[];
  /** Access modes. @default - read and write from many nodes */
  readonly accessModes?: readonly string[];
}

/**
 * Creates a volume for an existing file system, and a claim that is bound to this volume. Deleting the claim or the cluster does not delete
 * data.
 *
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reserving-a-persistentvolume
 */
export function fileSystemVolume(
  props: FileSystemVolumeProps,
): [volume: KubernetesManifest, claim: KubernetesManifest] {
  const { name, namespace, driver, volumeHandle, volumeAttributes, capacityGiB, mountOptions } = props;
  const { accessModes = ['ReadWriteMany'] } = props;
  check(props);
  const volumeName = `${namespace}-${name}`;
  const storage = `${capacityGiB}Gi`;
  const shared = { accessModes: [...accessModes], volumeMode: 'Filesystem', storageClassName: '' };
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: volumeName },
      spec: {
        ...shared,
        capacity: { storage },
        persistentVolumeReclaimPolicy: 'Retain',
        claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name },
        csi: { driver, volumeHandle, ...(volumeAttributes && { volumeAttributes: { ...volumeAttributes } }) },
        ...(mountOptions && { mountOptions: [...mountOptions] }),
      },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name, namespace },
      spec: { ...shared, volumeName, resources: { requests: { storage } } },
    },
  ];
}

function check({ name, namespace, driver, volumeHandle, capacityGiB }: FileSystemVolumeProps): void {
  const problems = new ProblemCollector();
  checkNames(problems, { name, namespace });
  for (const [prop, value] of Object.entries({ driver, volumeHandle })) {
    if (value) continue;
    problems.add({ code: 'VolumeInvalid', prop, allowed: 'set', got: value, fix: 'Copy it from the file system.' });
  }
  if (!Number.isSafeInteger(capacityGiB) || capacityGiB < 1) {
    problems.add({
      code: 'VolumeInvalid',
      prop: 'capacityGiB',
      allowed: 'a whole number of at least 1',
      got: capacityGiB,
      fix: 'Set the size of the file system.',
    });
  }
  problems.throwIfAny();
}
