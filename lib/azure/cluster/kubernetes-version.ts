import type { ProblemCollector } from '../../core/errors';
import { isBefore, versionParts } from '../../core/versions';
import { draRequirement } from '../../kubernetes/compute-domain';
import { isKnown } from '../../terraform/tokens';
import type { AzureMachine } from '../machine/machine';

/** A Kubernetes version. Without a patch, AKS chooses the newest patch. */
export const KUBERNETES_VERSION = /^(\d+)\.(\d+)(?:\.(\d+))?$/;

/**
 * Minimum version for machines with multi-node NVLink: it enables dynamic resource allocation by default.
 *
 * Source: Azure/ai-infrastructure-on-azure a01b073, infrastructure_references/aks/scripts/deploy-aks.sh, install_dra_driver; read 2026-11.
 */
const RACK_MINIMUM = '1.34.2';

const partsOf = (version: string) => versionParts(version, KUBERNETES_VERSION);

/** Adds a problem if a version is malformed or too old for a machine. */
export function checkVersion(
  problems: ProblemCollector,
  prop: string,
  version: string | undefined,
  machine?: AzureMachine,
): void {
  if (!isKnown(problems, prop, version)) return;
  const given = partsOf(version);
  const isOld = machine && machine.rackMachines > 1 && given && isBefore(given, partsOf(RACK_MINIMUM)!);
  if (given && !isOld) return;
  problems.add({
    code: 'KubernetesVersion',
    prop,
    allowed: given ? draRequirement(RACK_MINIMUM, machine!.name) : 'a Kubernetes version, for example 1.34',
    got: version,
    fix: given ? 'Use a newer version, or remove kubernetesVersion.' : 'Copy it from `az aks get-versions`.',
  });
}

/** Whether a version contains a patch. */
export function namesPatch(version: string): boolean {
  const patch = partsOf(version)?.[2];
  return patch !== undefined && patch !== Infinity;
}
