import type { ProblemCollector } from '../../core/errors';
import { isBefore, versionParts } from '../../core/image-reference';
import { isKnown } from '../../terraform/tokens';

/** A version of ACK: `1.34.1-aliyun.1`. Without the end, the newest build of the version. */
const VERSION = /^(\d+)\.(\d+)(?:\.(\d+)(?:-aliyun\.(\d+))?)?$/;

const partsOf = (version: string) => versionParts(version, VERSION);
/** A minimum without a patch includes the first patch. */
const floorOf = (version: string) => partsOf(version)!.map((part) => (part === Infinity ? 0 : part));

/**
 * Oldest version of a new cluster. From this version on, ACK installs the device plugin for GPUs as an add-on.
 *
 * @see https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/support-for-kubernetes-versions
 */
const OLDEST = '1.32';

/** The first version with the proxy mode that replaces IPVS. @see https://registry.terraform.io/providers/aliyun/alicloud/1.285.0/docs/resources/cs_managed_kubernetes */
const NFTABLES = '1.35';

/** Adds a problem if a version is malformed, or too old for new clusters. */
export function checkVersion(problems: ProblemCollector, prop: string, version: string | undefined): void {
  if (!isKnown(problems, prop, version)) return;
  const given = partsOf(version);
  if (given && !isBefore(given, floorOf(OLDEST))) return;
  problems.add({
    code: 'KubernetesVersion',
    prop,
    allowed: given ? `${OLDEST} or later` : 'a version of ACK, for example 1.34.1-aliyun.1',
    got: version,
    fix: given
      ? 'Use a later version, or leave it out.'
      : 'Copy it from `aliyun cs DescribeKubernetesVersionMetadata`.',
  });
}

/** Adds a problem if a cluster is older than a feature requires. The version of an existing cluster can be unknown. */
export function checkFloor(
  problems: ProblemCollector,
  prop: string,
  version: string | undefined,
  { floor, feature }: { readonly floor: string; readonly feature: string },
): void {
  if (version === undefined || !isOlder(version, floor)) return;
  const fix = 'Upgrade the cluster, or remove the setting.';
  problems.add({ code: 'KubernetesVersion', prop, allowed: `${floor} or later for ${feature}`, got: version, fix });
}

/** Whether a version is older than a minimum. False for a malformed version and for a token. */
export function isOlder(version: string, floor: string): boolean {
  const given = partsOf(version);
  return given !== undefined && isBefore(given, floorOf(floor));
}

/** How nodes forward traffic to services. */
export function proxyMode(version: string | undefined): string {
  return version !== undefined && partsOf(version) !== undefined && !isOlder(version, NFTABLES) ? 'nftables' : 'ipvs';
}
