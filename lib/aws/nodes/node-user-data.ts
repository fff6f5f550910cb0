import { Fn } from 'aws-cdk-lib';
import { MultipartBody, MultipartUserData } from 'aws-cdk-lib/aws-ec2';
import type { KubeletOptions } from '../../kubernetes/kubelet-options';
import type { Taint } from '../../kubernetes/pool';
import { NodeOs } from '../machine/machine';
import type { EfaNodeGroup } from './efa-node-group';

/** Settings that a node applies before its kubelet starts. */
export interface NodeStart {
  readonly os: NodeOs;
  /** Whether the local NVMe disks become one RAID0 array for pods and images. */
  readonly scratch: boolean;
  /** Whether the node reserves huge pages for EFA. */
  readonly efa: boolean;
  /** Shell commands that run last before the kubelet starts. Amazon Linux only. */
  readonly commands: readonly string[];
  /** Settings of the kubelet. @default - the defaults of the EKS image */
  readonly kubelet?: KubeletOptions;
  /** Maximum number of pods. @default - the number of IP addresses of the machine */
  readonly maxPods?: number;
  /** Kernel parameters. @default - the defaults of the EKS image */
  readonly sysctls?: Readonly<Record<string, string>>;
  /** What the node needs to join the cluster. @default - EKS adds it, because the node uses an EKS image */
  readonly join?: NodeJoin;
}

/** What a node with its own AMI needs to join the cluster. */
export interface NodeJoin {
  readonly clusterName: string;
  readonly endpoint: string;
  /** Certificate of the Kubernetes API, in base64. */
  readonly certificate: string;
  /** Address range of the Kubernetes services, from which the node derives the address of DNS. */
  readonly serviceCidr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
}

/**
 * Huge pages of 2 MiB that EFA nodes reserve.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/node-efa.html
 */
export const EFA_HUGE_PAGES = 5128;

// Bottlerocket reserves 110 pages for each vCPU if an EFA interface is attached: bottlerocket-os/bottlerocket-core-kit, corndog.
const BOTTLEROCKET_PAGES_PER_VCPU = 110;

/** Huge pages of 2 MiB that a node of a group reserves at boot. */
export function hugePagesOf(group: Pick<EfaNodeGroup, 'machine' | 'os' | 'efaInterfacesPerNode'>): number {
  if (group.efaInterfacesPerNode === 0) return 0;
  return group.os === NodeOs.BOTTLEROCKET ? BOTTLEROCKET_PAGES_PER_VCPU * group.machine.spec.vcpus : EFA_HUGE_PAGES;
}

/** The user data of the launch template in base64, or undefined if it is empty. EKS appends its own part. */
export function nodeUserData(start: NodeStart): string | undefined {
  const text = start.os === NodeOs.BOTTLEROCKET ? bottlerocketSettings(start) : amazonLinuxParts(start);
  return text && Fn.base64(text);
}

const NODE_CONFIG = ['---', 'apiVersion: node.eks.aws/v1alpha1', 'kind: NodeConfig', 'spec:'];

// `RAID0` also puts /var/lib/kubelet, /var/lib/containerd and /var/log/pods on the array: awslabs/amazon-eks-ami, nodeadm localStorage.
const LOCAL_STORAGE = ['  instance:', '    localStorage:', '      strategy: RAID0'];

/**
 * The configuration of nodeadm, or undefined if it is empty.
 *
 * @see https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/api/
 */
function nodeConfig({ scratch, kubelet = {}, join, ...start }: NodeStart): string | undefined {
  const maxPods = join ? start.maxPods : undefined;
  const config = Object.entries({ maxPods, ...kubelet }).filter(([, value]) => value !== undefined);
  const settings = config.map(([key, value]) => `      ${key}: ${value}`);
  const flags = join && ['    flags:', ...flagsOf(join).map((flag) => `      - ${flag}`)];
  const spec = [
    ...(join ? clusterOf(join) : []),
    ...(scratch ? LOCAL_STORAGE : []),
    ...(settings.length > 0 || flags ? ['  kubelet:'] : []),
    ...(settings.length > 0 ? ['    config:', ...settings] : []),
    ...(flags ?? []),
  ];
  return spec.length > 0 ? [...NODE_CONFIG, ...spec, ''].join('\n') : undefined;
}

function clusterOf({ clusterName, endpoint, certificate, serviceCidr }: NodeJoin): string[] {
  return [
    '  cluster:',
    `    name: '${clusterName}'`,
    `    apiServerEndpoint: ${endpoint}`,
    `    certificateAuthority: ${certificate}`,
    `    cidr: ${serviceCidr}`,
  ];
}

/** The flags that EKS sets on nodes with its own images. */
function flagsOf({ labels, taints }: NodeJoin): string[] {
  const list = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return [
    `--node-labels=${list.join(',')}`,
    `--register-with-taints=${taints.map(({ key, value = '', effect }) => `${key}=${value}:${effect}`).join(',')}`,
  ];
}

// Shell parts run between nodeadm-config and nodeadm-run, so the kubelet counts the pages. The script never lowers the number in the image.
const HUGE_PAGES = `if [ "$(sysctl -n vm.nr_hugepages)" -lt ${EFA_HUGE_PAGES} ]; then
  echo 'vm.nr_hugepages = ${EFA_HUGE_PAGES}' > /etc/sysctl.d/90-efa-hugepages.conf
  sysctl --load /etc/sysctl.d/90-efa-hugepages.conf
fi`;

/** The shell command that sets kernel parameters. */
function sysctlCommand(sysctls: Readonly<Record<string, string>>): string {
  const file = '/etc/sysctl.d/91-node-group.conf';
  const lines = Object.entries(sysctls).map(([key, value]) => `${key} = ${value}`);
  return [`cat > ${file} <<'END'`, ...lines, 'END', `sysctl --load ${file}`].join('\n');
}

/**
 * The shell command that limits the pods of a node with an EKS image. EKS appends its own limit to the user data, and the last one wins. nodeadm
 * reads this file after the user data, in releases from v20251023 on.
 *
 * @see https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/examples/#overriding-configuration-with-drop-in-files
 * @see https://docs.aws.amazon.com/eks/latest/eksctl/node-bootstrapping.html
 */
function maxPodsCommand(maxPods: number): string {
  const config = [...NODE_CONFIG, '  kubelet:', '    config:', `      maxPods: ${maxPods}`];
  return ['mkdir -p /etc/eks/nodeadm.d', `cat > /etc/eks/nodeadm.d/max-pods.yaml <<'END'`, ...config, 'END'].join('\n');
}

/** The shell commands of a group: its own commands, and those for its kernel parameters. */
export function shellOf({ sysctls = {}, commands }: Pick<NodeStart, 'sysctls' | 'commands'>): string[] {
  return [...(Object.keys(sysctls).length > 0 ? [sysctlCommand(sysctls)] : []), ...commands];
}

function amazonLinuxParts(start: NodeStart): string | undefined {
  const parts: MultipartBody[] = [];
  const config = nodeConfig(start);
  if (config) parts.push(MultipartBody.fromRawBody({ contentType: 'application/node.eks.aws', body: config }));
  const { maxPods, join } = start;
  const shell = [
    ...(start.efa ? [HUGE_PAGES] : []),
    ...(maxPods === undefined || join ? [] : [maxPodsCommand(maxPods)]),
    ...shellOf(start),
  ];
  if (shell.length > 0) {
    const body = ['#!/bin/bash', 'set -o errexit', ...shell, ''].join('\n');
    parts.push(MultipartBody.fromRawBody({ contentType: 'text/x-shellscript; charset="us-ascii"', body }));
  }
  if (parts.length === 0) return undefined;
  const userData = new MultipartUserData();
  for (const part of parts) userData.addPart(part);
  return userData.render();
}

// Bottlerocket reserves huge pages itself if an EFA interface is attached, so only the disks need settings.
const EPHEMERAL_STORAGE = `[settings.bootstrap-commands.000-scratch]
commands = [["apiclient", "ephemeral-storage", "init"], ["apiclient", "ephemeral-storage", "bind", "--dirs", "/var/lib/containerd", "/var/lib/kubelet", "/var/log/pods"]]
essential = true
mode = "always"
`;

/**
 * @see https://bottlerocket.dev/en/os/latest/api/settings/kubernetes/
 * @see https://bottlerocket.dev/en/os/latest/api/settings/kernel/
 */
function bottlerocketSettings({ scratch, kubelet = {}, maxPods, sysctls = {} }: NodeStart): string | undefined {
  const { cpuManagerPolicy, topologyManagerPolicy, podPidsLimit } = kubelet;
  const kubernetes = settingsOf('kubernetes', {
    'max-pods': maxPods,
    'cpu-manager-policy': cpuManagerPolicy,
    'topology-manager-policy': topologyManagerPolicy,
    'pod-pids-limit': podPidsLimit,
  });
  const kernel = settingsOf('kernel.sysctl', sysctls);
  const text = [scratch ? EPHEMERAL_STORAGE : '', kubernetes, kernel].filter((part) => part !== '').join('\n');
  return text === '' ? undefined : text;
}

/** A table of settings in TOML, or an empty string without settings. */
function settingsOf(table: string, settings: Readonly<Record<string, string | number | undefined>>): string {
  const lines = Object.entries(settings)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `"${key}" = ${JSON.stringify(value)}`);
  return lines.length > 0 ? [`[settings.${table}]`, ...lines, ''].join('\n') : '';
}
