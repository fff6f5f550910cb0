import { parseCidr } from '../../core/cidr';
import type { ProblemCollector } from '../../core/errors';
import { isUnknown } from '../../terraform/tokens';
import { checkSystemNodes } from '../nodes/system-node-options';
import { checkZone } from '../props/location';
import { checkResourceGroup } from '../props/resource-group';
import { ApiAccess, type ControlPlaneProps, type NewClusterOptions, UpgradeChannel } from './control-plane-props';
import { checkVersion, namesPatch } from './kubernetes-version';
/** Authorized address ranges of one API server. @see https://learn.microsoft.com/en-us/azure/aks/api-server-authorized-ip-ranges */
const MAX_RANGES = 200;

/** Adds each problem in the props of a control plane. The props must have the right types. */
export function checkControlPlane(problems: ProblemCollector, props: ControlPlaneProps): void {
  checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
  checkNewCluster(problems, props);
}

/** Adds each problem in the options of a new cluster. The options must have the right types. */
export function checkNewCluster(problems: ProblemCollector, props: NewClusterOptions): void {
  checkVersion(problems, 'kubernetesVersion', props.kubernetesVersion);
  checkPatch(problems, props);
  props.zones?.forEach((zone, index) => {
    checkZone(problems, `zones[${index}]`, zone);
  });
  checkSystemNodes(problems.within('systemNodes'), props.systemNodes);
  checkAccess(problems, props);
  checkAdmins(problems, props);
}

/** Terraform would undo each automatic patch upgrade if the version names a patch. */
function checkPatch(
  problems: ProblemCollector,
  { kubernetesVersion: version, upgradeChannel = UpgradeChannel.PATCH }: NewClusterOptions,
): void {
  if (version === undefined || isUnknown(version) || !namesPatch(version)) return;
  if (upgradeChannel === UpgradeChannel.NONE || upgradeChannel === UpgradeChannel.NODE_IMAGE) return;
  problems.add({
    code: 'KubernetesVersion',
    prop: 'kubernetesVersion',
    allowed: `a minor version such as 1.34 with the upgrade channel ${upgradeChannel}, which upgrades the patch`,
    got: version,
    fix: 'Leave out the patch, or use UpgradeChannel.NONE.',
  });
}

function checkAccess(problems: ProblemCollector, { apiAccess, authorizedCidrs = [] }: NewClusterOptions): void {
  if (authorizedCidrs.length > 0 && apiAccess !== ApiAccess.PUBLIC_BY_ENTRA) {
    problems.add({
      code: 'ClusterOption',
      prop: 'authorizedCidrs',
      allowed: 'left out for a private API, which no public address can reach',
      got: authorizedCidrs,
      fix: 'Connect your network to the virtual network, or use ApiAccess.PUBLIC_BY_ENTRA.',
    });
  }
  if (authorizedCidrs.length > MAX_RANGES) {
    const allowed = `at most ${MAX_RANGES} ranges`;
    problems.add({
      code: 'CidrInvalid',
      prop: 'authorizedCidrs',
      allowed,
      got: authorizedCidrs.length,
      fix: 'Merge some ranges.',
    });
  }
  authorizedCidrs.forEach((cidr, index) => {
    if (isUnknown(cidr) || parseCidr(cidr)) return;
    const allowed = 'an IPv4 CIDR block, for example 203.0.113.0/24';
    problems.add({
      code: 'CidrInvalid',
      prop: `authorizedCidrs[${index}]`,
      allowed,
      got: cidr,
      fix: 'Use the first address of the block.',
    });
  });
}

const OBJECT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function checkAdmins(problems: ProblemCollector, { admins = [] }: NewClusterOptions): void {
  admins.forEach((id, index) => {
    if (isUnknown(id) || OBJECT_ID.test(id)) return;
    problems.add({
      code: 'AdminInvalid',
      prop: `admins[${index}]`,
      allowed: 'the object id of an Entra user, group, or service principal',
      got: id,
      fix: 'Copy it from `az ad group show --query id` or `az ad user show --query id`.',
    });
  });
}
