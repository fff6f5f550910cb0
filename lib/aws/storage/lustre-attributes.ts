import { Connections, type IConnectable, type ISecurityGroup, Port } from 'aws-cdk-lib/aws-ec2';
import { Construct, type IConstruct } from 'constructs';
import { Problems } from '../../core/errors';
import { demand, FLAG, fits, having, type Kind, NUMBER, required, type Shape, TEXT } from '../../core/shapes';
import { allowLustreClients } from './lustre-security-group';
import { CONNECTABLE, SECURITY_GROUP } from '../props/shapes';
import { isKnown } from '../props/tokens';

/** A Lustre file system, made here or brought. */
export interface ILustreFileSystem extends IConstruct, IConnectable {
  readonly fileSystemId: string;
  /** What clients mount from: `<dnsName>@tcp:/<mountName>`. */
  readonly dnsName: string;
  readonly mountName: string;
  readonly sizeGiB: number;
  /** What all clients together read or write at most. Absent: nobody said. */
  readonly throughputMBps?: number;
  /** Whether clients may reach it over EFA. */
  readonly efa: boolean;
  /** The zone that it stands in. Absent: nobody said. */
  readonly availabilityZone?: string;
  /** Opens the way for clients, on both sides. */
  allowClients(clients: IConnectable): void;
}

/** What is known of a file system that exists. */
export interface LustreFileSystemAttributes {
  readonly fileSystemId: string;
  readonly dnsName: string;
  readonly mountName: string;
  readonly sizeGiB: number;
  /** The group of its file servers. */
  readonly securityGroup: ISecurityGroup;
  /** What all clients together read or write at most. @default - unknown, and no job is checked against it */
  readonly throughputMBps?: number;
  /** @default false */
  readonly efa?: boolean;
  /** @default - unknown, and not checked */
  readonly availabilityZone?: string;
}

/** A Lustre file system, of this library or a user's own. */
export const LUSTRE_FILE_SYSTEM: Kind = having(
  'a Lustre file system',
  ['fileSystemId', 'dnsName', 'mountName', 'sizeGiB', 'allowClients'],
  'Pass a LustreFileSystem, or one of LustreFileSystem.fromAttributes.',
);

const ATTRIBUTES: Shape<LustreFileSystemAttributes> = {
  fileSystemId: required(TEXT),
  dnsName: required(TEXT),
  mountName: required(TEXT),
  sizeGiB: required(NUMBER),
  securityGroup: required(SECURITY_GROUP),
  throughputMBps: NUMBER,
  efa: FLAG,
  availabilityZone: TEXT,
};

/** @internal Refuses attributes that describe no file system. */
export function checkAttributes(scope: IConstruct, attributes: LustreFileSystemAttributes): void {
  const problems = new Problems();
  if (fits(problems, attributes, ATTRIBUTES, 'attributes')) {
    checkKnownSize(problems, 'sizeGiB', attributes.sizeGiB);
    checkKnownThroughput(problems, attributes.throughputMBps);
  }
  problems.throwIfAny(scope);
}

function checkKnownThroughput(problems: Problems, throughputMBps: number | undefined): void {
  if (!isKnown(problems, 'throughputMBps', throughputMBps)) return;
  if (Number.isFinite(throughputMBps) && throughputMBps > 0) return;
  problems.add({
    code: 'VolumeInvalid',
    prop: 'throughputMBps',
    allowed: 'more than 0',
    got: throughputMBps,
    fix: 'Multiply its MB/s per TiB by its size, or leave it out.',
  });
}

/** Adds a problem where the size of a file system that exists is none. */
export function checkKnownSize(problems: Problems, prop: string, sizeGiB: number): void {
  if (!isKnown(problems, prop, sizeGiB) || (Number.isSafeInteger(sizeGiB) && sizeGiB >= 1)) return;
  problems.add({
    code: 'VolumeInvalid',
    prop,
    allowed: 'a whole number of at least 1',
    got: sizeGiB,
    fix: 'Give the size of the file system.',
  });
}

/** @internal A file system by its attributes. */
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
    this.sizeGiB = attrs.sizeGiB;
    this.throughputMBps = attrs.throughputMBps;
    this.efa = attrs.efa ?? false;
    this.availabilityZone = attrs.availabilityZone;
    this.connections = new Connections({ securityGroups: [attrs.securityGroup], defaultPort: Port.tcp(988) });
  }

  allowClients(clients: IConnectable): void {
    demand({ clients }, { clients: required(CONNECTABLE) }, { scope: this });
    allowLustreClients(this, clients, this.efa);
  }
}
