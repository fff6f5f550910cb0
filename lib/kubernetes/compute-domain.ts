import { ProblemCollector } from '../core/errors';
import { checkNames, type KubernetesManifest } from './manifest';

/** Name of the quota that Kueue counts channels of compute domains with. This library sets it in the configuration of Kueue. */
export const COMPUTE_DOMAIN_CHANNEL = 'ai-infra/compute-domain-channel';

/** Device class of a channel of a compute domain, installed by the NVIDIA DRA driver. */
export const COMPUTE_DOMAIN_DEVICE_CLASS = 'compute-domain-default-channel.nvidia.com';

/** Returns the Kubernetes version that a machine needs if its NVLink domain spans nodes, as `allowed` of a problem. */
export function draRequirement(min: string, machine: string): string {
  return `${min} or newer for dynamic resource allocation on ${machine}`;
}

/** Properties for `computeDomain`. */
export interface ComputeDomainProps {
  /** Name of the compute domain. */
  readonly name: string;
  /** Namespace of the job that uses the compute domain. */
  readonly namespace: string;
  /** Number of nodes of the job. */
  readonly nodes: number;
}

/**
 * Creates the NVLink domain of one job over several nodes (IMEX on GB200). Without it, GPUs on different nodes cannot use NVLink.
 *
 * Each job uses one domain. Its pods claim a channel with the claim template `channelClaimOf`.
 *
 * @see https://github.com/kubernetes-sigs/dra-driver-nvidia-gpu
 */
export function computeDomain({ name, namespace, nodes }: ComputeDomainProps): KubernetesManifest {
  const problems = new ProblemCollector();
  checkNames(problems, { name, namespace });
  if (!Number.isSafeInteger(nodes) || nodes < 1) {
    problems.add({
      code: 'NodesOutOfRange',
      prop: 'nodes',
      allowed: 'a whole number of at least 1',
      got: nodes,
      fix: 'Set the number of nodes of the job.',
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

/** Returns the name of the claim template that a compute domain creates. */
export function channelClaimOf(computeDomainName: string): string {
  return `${computeDomainName}-channel`;
}
