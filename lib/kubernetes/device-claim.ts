import { ProblemCollector } from '../core/errors';
import { checkNames, type KubernetesManifest } from './manifest';
import type { AcceleratorPool, DeviceClaim } from './pool';

/**
 * Creates the claim template for the fabric interfaces of a node. A pod claims all of them, because pods do not share a fabric.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/
 */
export function claimTemplate({ name, deviceClass, count }: DeviceClaim, namespace: string): KubernetesManifest {
  const problems = new ProblemCollector();
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

/** Returns the device claims of the pools without duplicates. */
export function claimsOf(pools: readonly AcceleratorPool[]): DeviceClaim[] {
  const claims = pools.flatMap(({ fabric }) => fabric?.pod?.claim ?? []);
  return [...new Map(claims.map((claim) => [claim.name, claim])).values()];
}
