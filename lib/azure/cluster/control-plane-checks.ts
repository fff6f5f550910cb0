import { parseCidr } from '../../core/cidr';
import type { Problems } from '../../core/errors';
import { FLAG, listOf, NUMBER, objectOf, oneOf, required, type Shape, TEXT } from '../../core/shapes';
import { isUnknown } from '../../terraform/tokens';
import { ML_NETWORK } from '../network/network-attributes';
import { checkSystemNodes, type SystemNodes } from '../nodes/system-nodes';
import { ENCRYPTION_KEY } from '../operations/encryption-key';
import { LOG_WORKSPACE } from '../operations/log-workspace';
import { checkZone } from '../props/location';
import { checkResourceGroup, RESOURCE_GROUP } from '../props/resource-group';
import { ApiAccess, type ControlPlaneProps, OutboundType, UpgradeChannel } from './control-plane-props';
import { checkVersion, namesPatch } from './kubernetes-version';

/** The kinds of what a new control plane has, but for where it stands. */
export const CONTROL_PLANE_OPTIONS: Shape<Omit<ControlPlaneProps, 'resourceGroup' | 'zones'>> = {
  network: ML_NETWORK,
  outboundType: oneOf(Object.values(OutboundType)),
  version: TEXT,
  upgradeChannel: oneOf(Object.values(UpgradeChannel)),
  systemNodes: objectOf<SystemNodes>({ machineType: TEXT, minNodes: NUMBER, maxNodes: NUMBER }),
  encryptionKey: ENCRYPTION_KEY,
  apiAccess: oneOf(Object.values(ApiAccess)),
  authorizedCidrs: listOf(TEXT),
  admins: listOf(TEXT),
  logs: LOG_WORKSPACE,
  deletionProtection: FLAG,
};

/** The kinds of the props of a control plane. */
export const CONTROL_PLANE: Shape<ControlPlaneProps> = {
  ...CONTROL_PLANE_OPTIONS,
  resourceGroup: required(RESOURCE_GROUP),
  zones: listOf(TEXT),
};

/** Addresses that one API server lets in. @see https://learn.microsoft.com/en-us/azure/aks/api-server-authorized-ip-ranges */
const MOST_RANGES = 200;

/** Adds everything that is wrong in the props of a control plane, which have the right kinds. */
export function checkControlPlane(problems: Problems, props: ControlPlaneProps): void {
  checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
  checkVersion(problems, 'version', props.version);
  checkPatch(problems, props);
  props.zones?.forEach((zone, index) => {
    checkZone(problems, `zones[${index}]`, zone);
  });
  checkSystemNodes(problems.within('systemNodes'), props.systemNodes);
  checkAccess(problems, props);
  checkAdmins(problems, props);
}

/** A patch that is stated stays, and one that AKS chooses moves: both together fight each other at each apply. */
function checkPatch(problems: Problems, { version, upgradeChannel = UpgradeChannel.PATCH }: ControlPlaneProps): void {
  if (version === undefined || isUnknown(version) || !namesPatch(version)) return;
  if (upgradeChannel === UpgradeChannel.NONE || upgradeChannel === UpgradeChannel.NODE_IMAGE) return;
  problems.add({
    code: 'KubernetesVersion',
    prop: 'version',
    allowed: `a minor version, such as 1.34, on the upgrade channel ${upgradeChannel}, which moves the patch`,
    got: version,
    fix: 'Leave the patch out, or take UpgradeChannel.NONE.',
  });
}

function checkAccess(problems: Problems, { apiAccess, authorizedCidrs = [] }: ControlPlaneProps): void {
  if (authorizedCidrs.length > 0 && apiAccess !== ApiAccess.PUBLIC_BY_ENTRA) {
    problems.add({
      code: 'ClusterOption',
      prop: 'authorizedCidrs',
      allowed: 'left out for a private API, which no public address reaches',
      got: authorizedCidrs,
      fix: 'Connect the network instead, or take ApiAccess.PUBLIC_BY_ENTRA.',
    });
  }
  if (authorizedCidrs.length > MOST_RANGES) {
    const allowed = `at most ${MOST_RANGES}`;
    problems.add({
      code: 'CidrInvalid',
      prop: 'authorizedCidrs',
      allowed,
      got: authorizedCidrs.length,
      fix: 'Merge some.',
    });
  }
  authorizedCidrs.forEach((cidr, index) => {
    if (isUnknown(cidr) || parseCidr(cidr)) return;
    const allowed = 'an IPv4 block, e.g. 203.0.113.0/24';
    problems.add({
      code: 'CidrInvalid',
      prop: `authorizedCidrs[${index}]`,
      allowed,
      got: cidr,
      fix: 'Write its first address.',
    });
  });
}

const OBJECT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function checkAdmins(problems: Problems, { admins = [] }: ControlPlaneProps): void {
  admins.forEach((id, index) => {
    if (isUnknown(id) || OBJECT_ID.test(id)) return;
    problems.add({
      code: 'AdminInvalid',
      prop: `admins[${index}]`,
      allowed: 'the object id of a user, group or service principal in Entra',
      got: id,
      fix: 'Copy it from `az ad group show --query id` or `az ad user show --query id`.',
    });
  });
}
