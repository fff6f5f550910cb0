import type { Size } from 'aws-cdk-lib';
import { Connections, type IConnectable, type ISecurityGroup, Port } from 'aws-cdk-lib/aws-ec2';
import { Construct, type IConstruct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { assertProps, validateProps, required } from '../../core/prop-schema';
import { allowLustreClients } from './lustre-security-group';
import { CONNECTABLE, gibOf } from '../props/prop-types';
import { isKnown } from '../props/tokens';
import { LUSTRE_FILE_SYSTEM_ATTRIBUTES } from '../prop-schemas';

/** A new or an existing FSx for Lustre file system. */
export interface ILustreFileSystem extends IConstruct, IConnectable {
  /** ID of the file system, `fs-…`. */
  readonly fileSystemId: string;
  /** DNS name of the file system. Clients mount `<dnsName>@tcp:/<mountName>`. */
  readonly dnsName: string;
  /** Mount name of the file system. */
  readonly mountName: string;
  /** Storage capacity in GiB. */
  readonly sizeGiB: number;
  /** Maximum throughput of all clients together, in MB/s. @default - unknown */
  readonly throughputMBps?: number;
  /** Whether clients can use EFA. */
  readonly efa: boolean;
  /** Zone of the file system. @default - unknown */
  readonly availabilityZone?: string;
  /** Adds the security group rules for clients, on both sides. */
  allowClients(clients: IConnectable): void;
}

/** Attributes of an existing FSx for Lustre file system. */
export interface LustreFileSystemAttributes {
  /** ID of the file system, `fs-…`. */
  readonly fileSystemId: string;
  /** DNS name of the file system. */
  readonly dnsName: string;
  /** Mount name of the file system. */
  readonly mountName: string;
  /** Storage capacity. */
  readonly size: Size;
  /** Security group of the file servers. */
  readonly securityGroup: ISecurityGroup;
  /** Maximum throughput of all clients together, in MB/s. @default - unknown, and no job is checked against it */
  readonly throughputMBps?: number;
  /** Whether clients can use EFA. @default false */
  readonly efa?: boolean;
  /** Zone of the file system. @default - unknown, and not checked */
  readonly availabilityZone?: string;
}

/** @internal Throws if the attributes are invalid. */
export function checkAttributes(scope: IConstruct, attributes: LustreFileSystemAttributes): void {
  const problems = new ProblemCollector();
  if (validateProps(problems, attributes, LUSTRE_FILE_SYSTEM_ATTRIBUTES, 'attrs')) {
    checkKnownSize(problems, 'size', gibOf(attributes.size));
    checkKnownThroughput(problems, attributes.throughputMBps);
  }
  problems.throwIfAny(scope);
}

function checkKnownThroughput(problems: ProblemCollector, throughputMBps: number | undefined): void {
  if (!isKnown(problems, 'throughputMBps', throughputMBps)) return;
  if (Number.isFinite(throughputMBps) && throughputMBps > 0) return;
  problems.add({
    code: 'VolumeInvalid',
    prop: 'throughputMBps',
    allowed: 'a number greater than 0',
    got: throughputMBps,
    fix: 'Multiply the MB/s per TiB by the size in TiB, or remove it.',
  });
}

/** Adds a problem if the size of an existing file system is invalid. */
export function checkKnownSize(problems: ProblemCollector, prop: string, sizeGiB: number): void {
  if (!isKnown(problems, prop, sizeGiB) || (Number.isSafeInteger(sizeGiB) && sizeGiB >= 1)) return;
  problems.add({
    code: 'VolumeInvalid',
    prop,
    allowed: 'a whole number of GiB, at least 1',
    got: sizeGiB,
    fix: 'Use the storage capacity of the file system.',
  });
}

/** @internal A file system from its attributes. */
export class ImportedLustreFileSystem extends Construct implements ILustreFileSystem {
  public readonly fileSystemId: string;
  public readonly dnsName: string;
  public readonly mountName: string;
  public readonly sizeGiB: number;
  public readonly throughputMBps?: number;
  public readonly efa: boolean;
  public readonly availabilityZone?: string;
  public readonly connections: Connections;

  constructor(scope: Construct, id: string, attrs: LustreFileSystemAttributes) {
    super(scope, id);
    this.fileSystemId = attrs.fileSystemId;
    this.dnsName = attrs.dnsName;
    this.mountName = attrs.mountName;
    this.sizeGiB = gibOf(attrs.size);
    this.throughputMBps = attrs.throughputMBps;
    this.efa = attrs.efa ?? false;
    this.availabilityZone = attrs.availabilityZone;
    this.connections = new Connections({ securityGroups: [attrs.securityGroup], defaultPort: Port.tcp(988) });
  }

  allowClients(clients: IConnectable): void {
    assertProps({ clients }, { clients: required(CONNECTABLE) }, { scope: this });
    allowLustreClients(this, clients, this.efa);
  }
}
