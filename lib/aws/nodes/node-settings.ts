import type { ProblemCollector } from '../../core/errors';
import type { Taint } from '../../kubernetes/pool';
import { acceleratorResource } from './node-launch-template';
import type { AwsMachine } from '../machine/machine';
import { checkBounds, isKnown } from '../props/tokens';
import type { NodeOptions } from './node-group-options';
import { isLabelKey, isLabelValue } from './node-labels';

/** The ResourceFlavor of Kueue supports 8 tolerations, and each group has the taint of its accelerator. */
const MAX_TAINTS = 7;

/** Taints with these domains belong to Kubernetes, which removes them again. */
const RESERVED_TAINTS = /^node(\.cloudprovider)?\.kubernetes\.io\//;

const EFFECTS: Readonly<Record<Taint['effect'], string>> = {
  NoSchedule: 'NO_SCHEDULE',
  PreferNoSchedule: 'PREFER_NO_SCHEDULE',
  NoExecute: 'NO_EXECUTE',
};

/** The effect of a taint in the EKS API. */
export function eksEffect({ effect }: Taint): string {
  return EFFECTS[effect];
}

/** The taints of a group: of its accelerator, and those of the options. */
export function taintsOf(machine: AwsMachine, { taints = [] }: Pick<NodeOptions, 'taints'>): Taint[] {
  return [{ key: acceleratorResource(machine), value: 'present', effect: 'NoSchedule' }, ...taints];
}

/** Adds each problem with the taints, the limit of pods, the kubelet, and the kernel parameters. */
export function checkNodeSettings(problems: ProblemCollector, machine: AwsMachine, options: NodeOptions): void {
  checkTaints(problems, machine, options.taints);
  checkBounds(problems, 'NodeSetting', 'maxPodsPerNode', options.maxPodsPerNode, PODS);
  checkBounds(problems, 'NodeSetting', 'kubelet.podPidsLimit', options.kubelet?.podPidsLimit, PIDS);
  for (const [key, value] of Object.entries(options.sysctls ?? {})) checkSysctl(problems, key, value);
}

/**
 * Pods on one node. EKS recommends at most 250. Fewer than 10 leave no room for the pods that run on each node.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html
 */
const PODS = { min: 10, max: 250 };

/** Processes of one pod. Linux supports 4,194,304 process IDs on 64 bits: proc_pid_max(5). */
const PIDS = { min: 1, max: 4_194_304 };

function checkTaints(problems: ProblemCollector, machine: AwsMachine, taints: readonly Taint[] = []): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'NodeTaint', prop, allowed, got, fix });
  if (taints.length > MAX_TAINTS) {
    wrong('taints', `at most ${MAX_TAINTS} taints, the limit of a queue`, taints.length, 'Combine some of the taints.');
  }
  const own = acceleratorResource(machine);
  const keys = taints.map(({ key, effect }) => `${key} ${effect}`);
  for (const [index, { key, value = '', effect }] of taints.entries()) {
    const prop = `taints[${index}]`;
    if (!isLabelKey(key)) {
      wrong(`${prop}.key`, 'a valid taint key, such as example.com/team', key, 'Rename the taint.');
    } else if (key === own || RESERVED_TAINTS.test(key)) {
      const who = key === own ? 'The library sets' : 'Kubernetes sets';
      wrong(`${prop}.key`, `another key than ${key}`, key, `${who} this taint. Remove it.`);
    } else if (keys.indexOf(`${key} ${effect}`) !== index) {
      wrong(`${prop}.key`, 'a key that no other taint with this effect has', key, 'Remove one of them.');
    }
    if (!isLabelValue(value)) {
      wrong(`${prop}.value`, 'up to 63 letters, digits, "-", "_", or "."', value, 'Shorten or rename the value.');
    }
  }
}

const SYSCTL_KEY = /^[a-z][\w-]*(\.[\w-]+)+$/i;
const SYSCTL_VALUE = /^[\w][\w .,:/-]*$/;

function checkSysctl(problems: ProblemCollector, key: string, value: string): void {
  const prop = `sysctls.${key}`;
  const wrong = (allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'NodeSetting', prop, allowed, got, fix });
  if (!SYSCTL_KEY.test(key)) {
    wrong('a kernel parameter with dots, for example net.core.rmem_max', key, 'Write the name as `sysctl` prints it.');
  } else if (key === 'vm.nr_hugepages') {
    wrong('left out, because the library reserves the huge pages of EFA', value, 'Remove it.');
  } else if (isKnown(problems, prop, value) && !SYSCTL_VALUE.test(value)) {
    wrong('a value of letters, digits, spaces, and ".,:/-"', value, 'Write the value as `sysctl` prints it.');
  }
}
