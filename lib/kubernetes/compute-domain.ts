import { Problems } from '../core/errors';
import { checkNames, type KubernetesManifest } from './manifest';

/** The quota name under which Kueue counts channels of compute domains: a name of this library, set in Kueue's configuration. */
export const COMPUTE_DOMAIN_CHANNEL = 'ai-infra/compute-domain-channel';

/** The device class of such a channel, which NVIDIA's DRA driver installs. */
export const COMPUTE_DOMAIN_DEVICE_CLASS = 'compute-domain-default-channel.nvidia.com';

/** What a version of Kubernetes must be for a machine whose NVLink spans nodes. */
export function takesDra(least: string, machine: string): string {
  return `${least} or newer, since ${machine} needs dynamic resource allocation`;
}

/** Properties for `computeDomain`. */
export interface ComputeDomainProps {
  readonly name: string;
  /** The namespace of the job that uses it. */
  readonly namespace: string;
  /** Nodes of the job. */
  readonly nodes: number;
}

/**
 * The scale-up domain of one job over several nodes (IMEX on GB200): without it, GPUs of different nodes do not share NVLink.
 * One job uses one domain, and pods claim its channel by `channelClaimOf`.
 *
 * @see https://github.com/kubernetes-sigs/dra-driver-nvidia-gpu
 */
export function computeDomain({ name, namespace, nodes }: ComputeDomainProps): KubernetesManifest {
  const problems = new Problems();
  checkNames(problems, { name, namespace });
  if (!Number.isSafeInteger(nodes) || nodes < 1) {
    problems.add({
      code: 'NodesOutOfRange',
      prop: 'nodes',
      allowed: 'a whole number of at least 1',
      got: nodes,
      fix: 'Give the nodes of the job.',
    });
  }
  problems.throwIfAny();
  return {
    apiVersion: 'resource.nvidia.com/v1beta1',
    kind: 'ComputeDomain',
    metadata: { name, namespace },
    spec: { numNodes: nodes, channel: { resourceClaimTemplate: { name: channelClaimOf(name) } } },
  };
}

/** The claim template that a compute domain of that name provides. */
export function channelClaimOf(computeDomainName: string): string {
  return `${computeDomainName}-channel`;
}
