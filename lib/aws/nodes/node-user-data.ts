import { Fn } from 'aws-cdk-lib';
import { MultipartBody, MultipartUserData } from 'aws-cdk-lib/aws-ec2';
import type { EfaNodeGroup } from './efa-node-group';
import { NodeOs } from '../machine/machine';

/** Settings that a node applies before its kubelet starts. */
export interface NodeStart {
  readonly os: NodeOs;
  /** Whether the local NVMe disks become one RAID0 array for pods and images. */
  readonly scratch: boolean;
  /** Whether the node reserves huge pages for EFA. */
  readonly efa: boolean;
  /** Shell commands that run last before the kubelet starts. Amazon Linux only. */
  readonly commands: readonly string[];
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

// `RAID0` also puts /var/lib/kubelet, /var/lib/containerd and /var/log/pods on the array: awslabs/amazon-eks-ami, nodeadm localStorage.
const LOCAL_STORAGE = `---
apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
  instance:
    localStorage:
      strategy: RAID0
`;

// Shell parts run between nodeadm-config and nodeadm-run, so the kubelet counts the pages. The script never lowers the number in the image.
const HUGE_PAGES = `if [ "$(sysctl -n vm.nr_hugepages)" -lt ${EFA_HUGE_PAGES} ]; then
  echo 'vm.nr_hugepages = ${EFA_HUGE_PAGES}' > /etc/sysctl.d/90-efa-hugepages.conf
  sysctl --load /etc/sysctl.d/90-efa-hugepages.conf
fi`;

function amazonLinuxParts({ scratch, efa, commands }: NodeStart): string | undefined {
  const parts: MultipartBody[] = [];
  if (scratch) parts.push(MultipartBody.fromRawBody({ contentType: 'application/node.eks.aws', body: LOCAL_STORAGE }));
  const shell = [...(efa ? [HUGE_PAGES] : []), ...commands];
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

function bottlerocketSettings({ scratch }: NodeStart): string | undefined {
  return scratch ? EPHEMERAL_STORAGE : undefined;
}
