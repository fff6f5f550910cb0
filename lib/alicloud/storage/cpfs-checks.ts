import type { ProblemCollector } from '../../core/errors';
import { parseCidr } from '../../core/cidr';
import { validateProps } from '../../core/prop-schema';
import type { LustreSize } from '../../terraform/lustre-grid';
import { isUnknown } from '../../terraform/tokens';
import { vswitchIn, zonesOf } from '../network/network-attributes';
import { checkZone } from '../props/location';
import { checkId } from '../props/resource-id';
import { CPFS_FILE_SYSTEM_PROPS } from '../prop-schemas';
import { CPFS_GRID, type CpfsFileSystemProps, type ICpfsFileSystem } from './cpfs-file-system';
import { checkDataRepositories } from './data-repository';

/** Adds each problem of a file system, and returns its size. */
export function checkCpfs(problems: ProblemCollector, props: CpfsFileSystemProps): LustreSize | undefined {
  if (!validateProps(problems, props, CPFS_FILE_SYSTEM_PROPS)) return undefined;
  const { dataRepositories = [], mountAddress } = props;
  const size = CPFS_GRID.check(problems, props);
  checkVswitch(problems, props);
  checkDataRepositories(problems, dataRepositories, size?.throughputMBps);
  checkMountAddress(problems, mountAddress);
  return size;
}

/** Adds each problem of an existing file system. */
export function checkExistingCpfs(
  problems: ProblemCollector,
  { fileSystemId, zone, mountAddress }: ICpfsFileSystem,
): void {
  checkId(problems, 'fileSystemId', fileSystemId, 'cpfs');
  if (!isUnknown(zone)) checkZone(problems, 'zone', zone);
  checkMountAddress(problems, mountAddress);
}

/** A protocol service takes up to 32 addresses of the vSwitch, and a vSwitch reserves 4. @see https://help.aliyun.com/en/cpfs/cpfsonecs/developer-reference/api-nas-2017-06-26-createprotocolmounttarget-cpfs */
const LONGEST_PREFIX = 26;

function checkVswitch(problems: ProblemCollector, { network, zone }: CpfsFileSystemProps): void {
  checkZone(problems, 'zone', zone);
  if (isUnknown(zone)) return;
  const vswitch = vswitchIn(network, zone);
  if (!vswitch) {
    const allowed = `a zone of the network: ${zonesOf(network).join(', ')}`;
    problems.add({ code: 'LocationInvalid', prop: 'zone', allowed, got: zone, fix: 'Use the zone of the nodes.' });
    return;
  }
  const { cidr } = vswitch;
  if (cidr === undefined || isUnknown(cidr) || !parseCidr(cidr) || Number(cidr.split('/')[1]) <= LONGEST_PREFIX) return;
  problems.add({
    code: 'CidrInvalid',
    prop: 'network',
    allowed: `a vSwitch in ${zone} of /${LONGEST_PREFIX} or larger, because the file system takes up to 32 addresses`,
    got: cidr,
    fix: 'Use a larger vSwitch.',
  });
}

const SERVER = /^(?=.{4,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;
const PATH = /^(\/|(\/(?!\.{1,2}(\/|$))[\w.-]+)+\/?)$/;

function checkMountAddress(problems: ProblemCollector, address: CpfsFileSystemProps['mountAddress']): void {
  if (!address) return;
  const { server, path = '/' } = address;
  const add = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'CpfsOption', prop: `mountAddress.${prop}`, allowed, got, fix });
  if (!isUnknown(server) && !SERVER.test(server))
    add(
      'server',
      'a domain name, for example cpfs-0229cb80bcc0-x1.cn-hangzhou.cpfs.aliyuncs.com',
      server,
      'Leave out the path.',
    );
  if (!isUnknown(path) && !PATH.test(path))
    add('path', 'an absolute path, for example /share', path, 'Copy it from the mount command of the console.');
}
