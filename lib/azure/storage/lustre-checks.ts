import { parseCidr } from '../../core/cidr';
import type { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import type { LustreSize } from '../../terraform/lustre-grid';
import { isKnown, isUnknown } from '../../terraform/tokens';
import { ownsSubnets } from '../network/private-link';
import { checkedBlock } from '../network/network-ranges';
import { checkZone } from '../props/location';
import { checkResourceGroup } from '../props/resource-group';
import { checkResourceId } from '../props/resource-id';
import {
  type BlobIntegration,
  type ILustreFileSystem,
  type LustreFileSystemProps,
  type RootSquash,
  LUSTRE_GRID,
  subnetPrefix,
} from './lustre-file-system';
import { LUSTRE_FILE_SYSTEM_PROPS } from '../prop-schemas';

/** Adds each problem of a file system, and returns its size. */
export function checkLustre(problems: ProblemCollector, props: LustreFileSystemProps): LustreSize | undefined {
  if (!validateProps(problems, props, LUSTRE_FILE_SYSTEM_PROPS)) return undefined;
  checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
  checkZone(problems, 'zone', props.zone);
  const size = LUSTRE_GRID.check(problems, props);
  checkSubnet(problems, props, size);
  if (props.blobIntegration) checkBlob(problems.within('blobIntegration'), props.blobIntegration);
  if (props.rootSquash) checkSquash(problems.within('rootSquash'), props.rootSquash);
  if (props.maintenance && !TIME.test(props.maintenance.time)) {
    const got = props.maintenance.time;
    problems.add({
      code: 'LustreOption',
      prop: 'maintenance.time',
      allowed: 'a time as HH:MM',
      got,
      fix: 'Use a value such as 02:00.',
    });
  }
  return size;
}

/** Adds each problem of an existing file system. */
export function checkExistingLustre(problems: ProblemCollector, { mgsAddress, zone }: ILustreFileSystem): void {
  if (!isUnknown(zone)) checkZone(problems, 'zone', zone);
  if (isUnknown(mgsAddress) || parseCidr(`${mgsAddress}/32`)) return;
  problems.add({
    code: 'LustreOption',
    prop: 'mgsAddress',
    allowed: 'an IPv4 address, for example 10.0.128.4',
    got: mgsAddress,
    fix: 'Copy it from `az amlfs show --query clientInfo.mgsAddress`.',
  });
}

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

function checkSubnet(problems: ProblemCollector, props: LustreFileSystemProps, size: LustreSize | undefined): void {
  const { network, subnetId, subnetCidr, clientCidrs, resourceGroup } = props;
  const { location = resourceGroup.location } = network;
  if (!isUnknown([location, resourceGroup.location]) && location !== resourceGroup.location)
    problems.add({
      code: 'LocationInvalid',
      prop: 'resourceGroup.location',
      allowed: `${location}, the region of the network`,
      got: resourceGroup.location,
      fix: 'Create the file system in the region of the nodes.',
    });
  checkResourceId(problems, 'subnetId', subnetId, 'Microsoft.Network/virtualNetworks/subnets');
  if (subnetId === undefined && !ownsSubnets(network)) {
    const fix = 'Create a subnet that only the file system uses, and set its id.';
    const allowed = 'a subnet id in an existing network';
    problems.add({ code: 'ValueMissing', prop: 'subnetId', allowed, got: subnetId, fix });
  }
  for (const [prop, got] of Object.entries({ subnetCidr, clientCidrs })) {
    if (subnetId === undefined || got === undefined) continue;
    const allowed = 'left out with subnetId, because it applies only to a new subnet';
    problems.add({ code: 'LustreOption', prop, allowed, got, fix: `Remove ${prop} or subnetId.` });
  }
  clientCidrs?.forEach((cidr, index) => checkedBlock(problems, `clientCidrs[${index}]`, cidr));
  if (subnetCidr === undefined) return;
  const block = checkedBlock(problems, 'subnetCidr', subnetCidr);
  if (!block || !size || block.prefix <= subnetPrefix(size.sizeGiB)) return;
  const allowed = `a /${subnetPrefix(size.sizeGiB)} or larger for ${size.sizeGiB} GiB`;
  problems.add({ code: 'CidrInvalid', prop: 'subnetCidr', allowed, got: subnetCidr, fix: 'Use a shorter prefix.' });
}

const GUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
// @see https://learn.microsoft.com/en-us/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata#container-names
const CONTAINER = /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

function checkBlob(
  problems: ProblemCollector,
  { bucket, resourceProviderId, importPrefix, loggingContainerName }: BlobIntegration,
) {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) => {
    problems.add({ code: 'LustreOption', prop, allowed, got, fix });
  };
  if (!isUnknown(resourceProviderId) && !GUID.test(resourceProviderId)) {
    const fix = 'Use `az ad sp list --display-name "HPC Cache Resource Provider" --query [].id`.';
    wrong('resourceProviderId', 'the object id of a service principal', resourceProviderId, fix);
  }
  // Validation of azurerm 4.55: recalled, unverified.
  if (importPrefix !== undefined && !isUnknown(importPrefix) && !importPrefix.startsWith('/'))
    wrong('importPrefix', "a path that starts with '/'", importPrefix, `Use /${importPrefix}.`);
  if (loggingContainerName === undefined) {
    if (!('addContainer' in bucket))
      wrong('loggingContainerName', 'set for an imported bucket', undefined, 'Create a container for logs.');
    return;
  }
  if (isUnknown(loggingContainerName)) return;
  if (!CONTAINER.test(loggingContainerName)) {
    const allowed = '3 to 63 lower-case letters, digits, and single hyphens';
    wrong('loggingContainerName', allowed, loggingContainerName, 'Rename the container.');
  } else if (loggingContainerName === bucket.containerName) {
    wrong(
      'loggingContainerName',
      'another container than the data container',
      loggingContainerName,
      'Use another container.',
    );
  }
}

const LARGEST_ID = 4_294_967_295;

function checkSquash(problems: ProblemCollector, { uid, gid }: RootSquash): void {
  for (const [prop, got] of Object.entries({ uid, gid })) {
    if (!isKnown(problems, prop, got) || (Number.isInteger(got) && got >= 1 && got <= LARGEST_ID)) continue;
    const allowed = `a whole number from 1 to ${LARGEST_ID}`;
    problems.add({ code: 'LustreOption', prop, allowed, got, fix: 'Use 65534, the id of nobody.' });
  }
}
