import { Construct } from 'constructs';
import { storageTiers } from '../../core/catalog/storage-tiers';
import { ProblemCollector } from '../../core/errors';
import type { Finding } from '../../core/findings';
import { validateProps } from '../../core/prop-schema';
import { record } from '../../terraform/findings';
import { type LustreSize, LustreGrid } from '../../terraform/lustre-grid';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { type IMlNetwork, vswitchIn } from '../network/network-attributes';
import type { IEncryptionKey } from '../operations/encryption-key';
import { requireRegionOfProvider } from '../props/location';
import { CPFS_FILE_SYSTEM_ATTRIBUTES } from '../prop-schemas';
import { NasFileSystem, NasMountTarget, NasProtocolMountTarget, NasProtocolService } from '../provider/alicloud';
import { checkCpfs, checkExistingCpfs } from './cpfs-checks';
import { CpfsProtocol } from './cpfs-protocol';
import { DataRepository, type DataRepositoryProps, isNewBucket } from './data-repository';

/** Address of an exported directory of a CPFS file system, which NFS clients mount. */
export interface CpfsMountAddress {
  /** Domain name, for example `cpfs-0229cb80bcc0-x1.cn-hangzhou.cpfs.aliyuncs.com`. */
  readonly server: string;
  /** Path in the mount command. @default '/share' */
  readonly path?: string;
}

/** A CPFS file system: a new `CpfsFileSystem` or an existing one. */
export interface ICpfsFileSystem {
  /** ID of the file system: `cpfs-…`. */
  readonly fileSystemId: string;
  /** Zone of the file system. */
  readonly zone: string;
  /** Address that NFS clients mount. @default - unknown, so Kubernetes cannot mount it */
  readonly mountAddress?: CpfsMountAddress;
  /** Size in GiB. @default - unknown */
  readonly sizeGiB?: number;
  /** Throughput of all clients together, in MB/s. @default - unknown */
  readonly throughputMBps?: number;
  /** Maximum throughput of one client, in MB/s. @default 600 */
  readonly clientMBps?: number;
}

/** Attributes of an existing CPFS file system. */
export type CpfsFileSystemAttributes = ICpfsFileSystem;

/** Properties for `CpfsFileSystem`. */
export interface CpfsFileSystemProps {
  /** Network of the nodes that mount the file system. */
  readonly network: IMlNetwork;
  /** Zone of the nodes. The file system runs in one zone and can never move. */
  readonly zone: string;
  /** Size in GiB: a multiple of 1,200, from 3,600. It can only grow. @default - derived from `requiredThroughputMBps` */
  readonly sizeGiB?: number;
  /** Throughput for each TiB: 100 or 200 MB/s. It can never change. @default 100 - or the tier with the smallest size for `requiredThroughputMBps` */
  readonly throughputMBpsPerTiB?: number;
  /** Throughput that all clients together need, in MB/s. Selects the smallest file system that provides it. @default - derived from `sizeGiB` */
  readonly requiredThroughputMBps?: number;
  /** Key that encrypts the file system. It can never change. @default - no encryption at rest, because CPFS manages no key of its own */
  readonly encryptionKey?: IEncryptionKey;
  /** NFS service that clients use. @default CpfsProtocol.general() */
  readonly protocol?: CpfsProtocol;
  /** Directories that mirror a bucket, at most 10. @default - none: programs copy the data */
  readonly dataRepositories?: readonly DataRepositoryProps[];
  /**
   * Address of the exported root directory. The provider cannot read it, so copy it after the first deployment:
   * `aliyun nas DescribeProtocolMountTarget`.
   *
   * @default - unknown, so Kubernetes cannot mount the file system yet
   */
  readonly mountAddress?: CpfsMountAddress;
}

/** The throughput tiers and sizes of CPFS, with 100 MB/s for each TiB by default. */
export const CPFS_GRID = new LustreGrid(storageTiers('alicloud'), 100);

/** Encryption with a key of the account. @see https://registry.terraform.io/providers/aliyun/alicloud/1.285.0/docs/resources/nas_file_system */
const CUSTOMER_KEY = 2;

/** A file system takes longer than the 10 minutes that the provider waits by default. Growth takes up to 30 minutes for each step. */
const TIMEOUTS = { create: '60m', update: '60m', delete: '60m' };

/**
 * A general-purpose CPFS file system in the zone of the nodes, which exports its root directory over NFS. Set `encryptionKey` to encrypt it at rest.
 * Terraform refuses to replace it.
 *
 * @see https://www.alibabacloud.com/help/en/cpfs/product-overview/product-specifications
 * @example
 * ```ts
 * import { CpfsFileSystem, EncryptionKey, MlNetwork } from 'ai-infra-constructs/alicloud';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const zone = 'cn-hangzhou-i';
 * const network = new MlNetwork(stack, 'Network', { zones: [zone] });
 * const encryptionKey = new EncryptionKey(stack, 'Key');
 * new CpfsFileSystem(stack, 'FileSystem', { network, zone, encryptionKey, requiredThroughputMBps: 4000 });
 * ```
 */
export class CpfsFileSystem extends Construct implements ICpfsFileSystem {
  /** An existing file system, in the VPC of the nodes. */
  static fromCpfsFileSystemAttributes(
    scope: Construct,
    id: string,
    attributes: CpfsFileSystemAttributes,
  ): ICpfsFileSystem {
    return new ExistingFileSystem(scope, id, attributes);
  }

  /** The file system in Terraform. */
  public readonly resource: NasFileSystem;
  /** The NFS service in Terraform. */
  public readonly service: NasProtocolService;
  /** The exported root directory in Terraform. */
  public readonly export: NasProtocolMountTarget;
  /** Key that encrypts the file system. @default - no encryption at rest */
  public readonly encryptionKey?: IEncryptionKey;
  /** Directories that mirror a bucket. */
  public readonly dataRepositories: readonly DataRepository[];
  /** Size in GiB. */
  public readonly sizeGiB: number;
  /** Throughput of all clients together, in MB/s. */
  public readonly throughputMBps: number;
  /** Maximum throughput of one client, in MB/s. */
  public readonly clientMBps: number;
  /** Zone of the file system. */
  public readonly zone: string;
  /** Address that NFS clients mount. @default - unknown, so Kubernetes cannot mount it */
  public readonly mountAddress?: CpfsMountAddress;

  constructor(scope: Construct, id: string, props: CpfsFileSystemProps) {
    super(scope, id);
    checkProviders(this);
    const size = checked(this, props);
    const { network, zone, protocol = CpfsProtocol.general(), dataRepositories = [] } = props;
    requireRegionOfProvider(this, 'zone', zone);
    this.sizeGiB = size.sizeGiB;
    this.throughputMBps = size.throughputMBps;
    this.clientMBps = protocol.clientMBps;
    this.zone = zone;
    this.mountAddress = props.mountAddress;
    this.encryptionKey = props.encryptionKey;

    const place = { vpcId: network.vpcId, vswitchId: vswitchIn(network, zone)!.vswitchId };
    this.resource = new NasFileSystem(this, 'Resource', {
      description: physicalName(this),
      fileSystemType: 'cpfs',
      protocolType: 'cpfs',
      storageType: size.tier.name,
      capacity: size.sizeGiB,
      zoneId: zone,
      ...place,
      ...(this.encryptionKey && { encryptType: CUSTOMER_KEY, kmsKeyId: this.encryptionKey.keyId }),
      lifecycle: { preventDestroy: true },
      timeouts: TIMEOUTS,
    });
    this.service = new NasProtocolService(this, 'Service', {
      fileSystemId: this.fileSystemId,
      description: physicalName(this),
      protocolType: 'NFS',
      protocolSpec: protocol.name,
      protocolThroughput: protocol.throughputMBps,
      ...place,
      timeouts: { create: '30m', delete: '30m' },
    });
    this.export = new NasProtocolMountTarget(this, 'Export', {
      fileSystemId: this.fileSystemId,
      description: physicalName(this),
      protocolServiceId: this.service.protocolServiceId,
      path: '/',
      ...place,
      timeouts: { create: '30m', delete: '30m' },
    });
    this.dataRepositories = this.mirror(dataRepositories, place);
    for (const finding of findingsOf(props)) record(this, finding);
  }

  /** ID of the file system. */
  get fileSystemId(): string {
    return this.resource.id;
  }

  /** A data flow needs a mount target of the file system itself. */
  private mirror(
    repositories: readonly DataRepositoryProps[],
    place: { readonly vpcId: string; readonly vswitchId: string },
  ): DataRepository[] {
    if (repositories.length === 0) return [];
    const { fileSystemId } = this;
    const target = new NasMountTarget(this, 'MountTarget', {
      fileSystemId,
      networkType: 'Vpc',
      ...place,
      timeouts: { create: '40m', delete: '20m' },
    });
    return repositories.map(
      (repository) =>
        new DataRepository(this, `Repository${repository.path.replace(/\/+$/, '').replaceAll('/', '-')}`, {
          ...repository,
          fileSystemId,
          after: [target],
        }),
    );
  }
}

class ExistingFileSystem extends Construct implements ICpfsFileSystem {
  readonly fileSystemId: string;
  readonly zone: string;
  readonly mountAddress?: CpfsMountAddress;
  readonly sizeGiB?: number;
  readonly throughputMBps?: number;
  readonly clientMBps?: number;

  constructor(scope: Construct, id: string, attributes: CpfsFileSystemAttributes) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    if (validateProps(problems, attributes, CPFS_FILE_SYSTEM_ATTRIBUTES, 'attributes'))
      checkExistingCpfs(problems, attributes);
    problems.throwIfAny(this);
    this.fileSystemId = attributes.fileSystemId;
    this.zone = attributes.zone;
    this.mountAddress = attributes.mountAddress;
    this.sizeGiB = attributes.sizeGiB;
    this.throughputMBps = attributes.throughputMBps;
    this.clientMBps = attributes.clientMBps;
  }
}

function checked(scope: Construct, props: CpfsFileSystemProps): LustreSize {
  const problems = new ProblemCollector();
  const size = checkCpfs(problems, props);
  problems.throwIfAny(scope);
  return size!;
}

const ADDRESS_SOURCE =
  'https://www.alibabacloud.com/help/en/cpfs/cpfsonecs/developer-reference/api-nas-2017-06-26-describeprotocolmounttarget-cpfs';

const ENCRYPTION = 'https://help.aliyun.com/en/cpfs/cpfsonecs/security-and-compliance/data-encryption';

const UNENCRYPTED: Finding = {
  id: 'encryption/none',
  level: 'warning',
  message: 'The file system is not encrypted at rest, because CPFS manages no key of its own.',
  fix: 'Set encryptionKey before the first deployment: it can never change.',
  evidence: ENCRYPTION,
};

const UNCONFIRMED_KEY: Finding = {
  id: 'encryption/unconfirmed-key',
  level: 'info',
  message: 'The guide of CPFS describes a KMS key, but the page of the provider restricts it to other file systems.',
  fix: 'Check the first deployment: a file system takes no other key later.',
  evidence: ENCRYPTION,
};

function findingsOf({ mountAddress, protocol, encryptionKey, dataRepositories = [] }: CpfsFileSystemProps): Finding[] {
  const found: Finding[] = [];
  if (mountAddress === undefined)
    found.push({
      id: 'storage/no-mount-address',
      level: 'warning',
      message: 'The provider cannot read the address of the export, so Kubernetes cannot mount the file system yet.',
      fix: 'After the first deployment, copy it from `aliyun nas DescribeProtocolMountTarget`, and set mountAddress.',
      evidence: ADDRESS_SOURCE,
    });
  found.push(encryptionKey ? UNCONFIRMED_KEY : UNENCRYPTED);
  if (protocol?.isPreview)
    found.push({
      id: 'capacity/allowlist',
      level: 'warning',
      message: `The protocol service ${protocol.name} is an invitational preview.`,
      fix: 'Ask Alibaba Cloud to add the account to the allowlist first, or use CpfsProtocol.general().',
      evidence:
        'https://help.aliyun.com/en/cpfs/cpfsonecs/developer-reference/api-nas-2017-06-26-createprotocolservice-cpfs',
    });
  if (dataRepositories.some(({ bucket }) => !isNewBucket(bucket)))
    found.push({
      id: 'storage/bucket-tag',
      level: 'warning',
      message: 'A data flow needs the tag cpfs-dataflow on its bucket, and this library cannot tag an existing bucket.',
      fix: 'Add the tag cpfs-dataflow with the value true to the bucket, and never remove it.',
      evidence: 'https://help.aliyun.com/zh/cpfs/developer-reference/api-nas-2017-06-26-createdataflow-cpfs',
    });
  return found;
}
