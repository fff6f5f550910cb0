import { Problems } from '../core/errors';
import { checkNames, type KubernetesManifest } from './manifest';
import type { AcceleratorPool, DeviceClaim } from './pool';

/**
 * The template by which each pod of a namespace claims the interfaces of a node, all of them: a fabric is not shared between pods of a node.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/
 */
export function claimTemplate({ name, deviceClass, count }: DeviceClaim, namespace: string): KubernetesManifest {
  const problems = new Problems();
  checkNames(problems, { name, namespace });
  problems.throwIfAny();
  const exactly = { deviceClassName: deviceClass, allocationMode: 'ExactCount', count };
  return {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaimTemplate',
    metadata: { name, namespace },
    spec: { spec: { devices: { requests: [{ name, exactly }] } } },
  };
}

/** The claim of each kind of interface that some pools have, once. */
export function claimsOf(pools: readonly AcceleratorPool[]): DeviceClaim[] {
  const claims = pools.flatMap(({ fabric }) => fabric?.pod?.claim ?? []);
  return [...new Map(claims.map((claim) => [claim.name, claim])).values()];
}
