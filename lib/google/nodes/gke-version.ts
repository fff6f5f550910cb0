import type { ProblemCollector } from '../../core/errors';
import { isBefore, versionParts } from '../../core/versions';
import { isKnown } from '../../terraform/tokens';
import type { Capacity } from '../capacity/capacity';
import type { GoogleMachine } from '../machine/machine';

/** A GKE version. The later parts are optional. */
export const GKE_VERSION = /^(\d+)\.(\d+)(?:\.(\d+)(?:-gke\.(\d+))?)?$/;

const partsOf = (version: string) => versionParts(version, GKE_VERSION);

/** Whether a version is older than a minimum. Returns false for a malformed version. */
export function isOlder(version: string, floor: string): boolean {
  const [given, min] = [partsOf(version), partsOf(floor)];
  return given !== undefined && min !== undefined && isBefore(given, min);
}

/** @see https://cloud.google.com/kubernetes-engine/docs/how-to/dws-flex-start-training */
const FLEX_START_FLOOR = { gpu: '1.32.2-gke.1652000', tpu: '1.33.0-gke.1712000' };

/** The minimum GKE version for a machine and a capacity. Some minor versions have a separate minimum, chosen by `wanted`. */
export function minGkeVersion(machine: GoogleMachine, capacity: Capacity, wanted = ''): string | undefined {
  const floors = [
    machineFloor(machine, wanted),
    capacity.market === 'flex-start' ? FLEX_START_FLOOR[machine.spec.kind] : undefined,
  ];
  return floors.filter((floor) => floor !== undefined).sort((a, b) => (isBefore(partsOf(a)!, partsOf(b)!) ? 1 : -1))[0];
}

function machineFloor({ spec: { minGkeVersion } }: GoogleMachine, wanted: string): string | undefined {
  if (!minGkeVersion) return undefined;
  const minor = wanted.split('.').slice(0, 2).join('.');
  const floors = Object.entries(minGkeVersion).filter(([key]) => key !== 'autopilot');
  return floors.find(([key]) => key === minor)?.[1] ?? floors[0]?.[1];
}

/** Adds a problem if a version is malformed, or too old for a machine and its capacity. */
export function checkGkeVersion(
  problems: ProblemCollector,
  prop: string,
  version: string | undefined,
  machine: GoogleMachine,
  capacity: Capacity,
): void {
  if (!isKnown(problems, prop, version)) return;
  const given = partsOf(version);
  const floor = minGkeVersion(machine, capacity, version);
  if (given && (floor === undefined || !isBefore(given, partsOf(floor)!))) return;
  const market = capacity.market === 'flex-start' ? ' with flex-start' : '';
  problems.add({
    code: 'GkeVersion',
    prop,
    allowed: given
      ? `${floor} or later for ${machine.name}${market}`
      : 'a GKE version, for example 1.34 or 1.33.4-gke.1036000',
    got: version,
    fix: given
      ? 'Use a later version, or leave the version to the release channel.'
      : 'Copy it from `gcloud container get-server-config`.',
  });
}
