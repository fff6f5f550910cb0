import type { Problems } from '../../core/errors';
import { fits, listOf, NUMBER, objectOf, oneOf, required, type Shape, TEXT } from '../../core/shapes';
import type { LustreSize } from '../../terraform/lustre-grid';
import { isKnown, isUnknown } from '../../terraform/tokens';
import { ownsSubnets } from '../network/own-subnets';
import { ML_NETWORK } from '../network/network-attributes';
import { checkedBlock } from '../network/network-ranges';
import { ENCRYPTION_KEY } from '../operations/encryption-key';
import { checkZone } from '../props/location';
import { checkResourceGroup, RESOURCE_GROUP } from '../props/resource-group';
import { checkResourceId } from '../props/resource-id';
import { DATA_BUCKET } from './bucket-attributes';
import {
  type BlobIntegration,
  type LustreFileSystemProps,
  type LustreMaintenance,
  type RootSquash,
  RootSquashMode,
} from './lustre-props';
import { LUSTRE_GRID, subnetPrefix } from './lustre-rules';

const BLOB: Shape<BlobIntegration> = {
  bucket: required(DATA_BUCKET),
  resourceProviderId: required(TEXT),
  importPrefix: TEXT,
  loggingContainerName: TEXT,
};

const SQUASH: Shape<RootSquash> = {
  mode: oneOf(Object.values(RootSquashMode)),
  noSquashNids: required(TEXT),
  uid: NUMBER,
  gid: NUMBER,
};

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MAINTENANCE: Shape<LustreMaintenance> = { day: required(oneOf(DAYS)), time: required(TEXT) };

const SHAPE: Shape<LustreFileSystemProps> = {
  resourceGroup: required(RESOURCE_GROUP),
  network: required(ML_NETWORK),
  zone: required(TEXT),
  sizeGiB: NUMBER,
  throughputMBpsPerTiB: NUMBER,
  requiredThroughputMBps: NUMBER,
  subnetId: TEXT,
  subnetCidr: TEXT,
  clientCidrs: listOf(TEXT),
  encryptionKey: ENCRYPTION_KEY,
  blobIntegration: objectOf(BLOB, 'a bucket { bucket, resourceProviderId }'),
  rootSquash: objectOf(SQUASH, 'a squash { noSquashNids }'),
  maintenance: objectOf(MAINTENANCE, 'a half hour { day, time }'),
};

/** Adds what is wrong with a file system, and tells its size. */
export function checkLustre(problems: Problems, props: LustreFileSystemProps): LustreSize | undefined {
  if (!fits(problems, props, SHAPE)) return undefined;
  checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
  checkZone(problems, 'zone', props.zone);
  const size = LUSTRE_GRID.check(problems, props);
  checkSubnet(problems, props, size);
  if (props.blobIntegration) checkBlob(problems.within('blobIntegration'), props.blobIntegration);
  if (props.rootSquash) checkSquash(problems.within('rootSquash'), props.rootSquash);
  if (props.maintenance && !TIME.test(props.maintenance.time)) {
    const got = props.maintenance.time;
    problems.add({ code: 'LustreOption', prop: 'maintenance.time', allowed: 'HH:MM', got, fix: 'Write e.g. 02:00.' });
  }
  return size;
}

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

function checkSubnet(problems: Problems, props: LustreFileSystemProps, size: LustreSize | undefined): void {
  const { network, subnetId, subnetCidr, clientCidrs, resourceGroup } = props;
  const { location = resourceGroup.location } = network;
  if (!isUnknown([location, resourceGroup.location]) && location !== resourceGroup.location)
    problems.add({
      code: 'LocationInvalid',
      prop: 'resourceGroup.location',
      allowed: `${location}, where the network is`,
      got: resourceGroup.location,
      fix: 'Put the file system beside the nodes.',
    });
  checkResourceId(problems, 'subnetId', subnetId, 'Microsoft.Network/virtualNetworks/subnets');
  if (subnetId === undefined && !ownsSubnets(network)) {
    const fix = 'Make a subnet for its servers alone, and name it.';
    const allowed = 'given in a network that stands already';
    problems.add({ code: 'ValueMissing', prop: 'subnetId', allowed, got: subnetId, fix });
  }
  for (const [prop, got] of Object.entries({ subnetCidr, clientCidrs })) {
    if (subnetId === undefined || got === undefined) continue;
    const allowed = 'left out with subnetId: they are of a new subnet';
    problems.add({ code: 'LustreOption', prop, allowed, got, fix: 'Leave subnetId out, or this.' });
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
  problems: Problems,
  { bucket, resourceProviderId, importPrefix, loggingContainerName }: BlobIntegration,
) {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) => {
    problems.add({ code: 'LustreOption', prop, allowed, got, fix });
  };
  if (!isUnknown(resourceProviderId) && !GUID.test(resourceProviderId)) {
    const fix = 'Ask `az ad sp list --display-name "HPC Cache Resource Provider" --query [].id`.';
    wrong('resourceProviderId', 'the object id of a service principal: a GUID', resourceProviderId, fix);
  }
  // As the provider has it, azurerm 4.55: recalled, unverified.
  if (importPrefix !== undefined && !isUnknown(importPrefix) && !importPrefix.startsWith('/'))
    wrong('importPrefix', "a path that begins with '/'", importPrefix, `Write /${importPrefix}.`);
  if (loggingContainerName === undefined) {
    if (!('addContainer' in bucket))
      wrong('loggingContainerName', 'given for a bucket that stands already', undefined, 'Make a container for logs.');
    return;
  }
  if (isUnknown(loggingContainerName)) return;
  if (!CONTAINER.test(loggingContainerName)) {
    const allowed = '3 to 63 lower-case letters, digits and single hyphens';
    wrong('loggingContainerName', allowed, loggingContainerName, 'Rename the container.');
  } else if (loggingContainerName === bucket.containerName) {
    wrong('loggingContainerName', 'another container than that of the data', loggingContainerName, 'Name another.');
  }
}

const LARGEST_ID = 4_294_967_295;

function checkSquash(problems: Problems, { uid, gid }: RootSquash): void {
  for (const [prop, got] of Object.entries({ uid, gid })) {
    if (!isKnown(problems, prop, got) || (Number.isInteger(got) && got >= 1 && got <= LARGEST_ID)) continue;
    const allowed = `a whole number from 1 to ${LARGEST_ID}`;
    problems.add({ code: 'LustreOption', prop, allowed, got, fix: 'Take 65534, which is nobody.' });
  }
}
