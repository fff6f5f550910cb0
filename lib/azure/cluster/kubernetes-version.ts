import type { Problems } from '../../core/errors';
import { isBefore, versionParts } from '../../core/versions';
import { takesDra } from '../../kubernetes/compute-domain';
import { isKnown } from '../../terraform/tokens';
import type { AzureMachine } from '../machine/machine';

/** A Kubernetes version of AKS; without its last part it is the newest patch of the minor version. */
export const KUBERNETES_VERSION = /^(\d+)\.(\d+)(?:\.(\d+))?$/;

/**
 * Least version for machines whose NVLink spans nodes: dynamic resource allocation is in it by default.
 *
 * Source: Azure/ai-infrastructure-on-azure a01b073, infrastructure_references/aks/scripts/deploy-aks.sh, install_dra_driver; read 2026-11.
 */
const RACK_FLOOR = '1.34.2';

const partsOf = (version: string) => versionParts(version, KUBERNETES_VERSION);

/** Adds a problem where a version is malformed, or too old for a machine. */
export function checkVersion(
  problems: Problems,
  prop: string,
  version: string | undefined,
  machine?: AzureMachine,
): void {
  if (!isKnown(problems, prop, version)) return;
  const given = partsOf(version);
  const isOld = machine && machine.rackMachines > 1 && given && isBefore(given, partsOf(RACK_FLOOR)!);
  if (given && !isOld) return;
  problems.add({
    code: 'KubernetesVersion',
    prop,
    allowed: given ? takesDra(RACK_FLOOR, machine!.name) : 'a version of Kubernetes, e.g. 1.34',
    got: version,
    fix: given ? 'Leave version out.' : 'Copy it from `az aks get-versions`.',
  });
}

/** Whether a version names its patch, too. */
export function namesPatch(version: string): boolean {
  const patch = partsOf(version)?.[2];
  return patch !== undefined && patch !== Infinity;
}
