import { Connections, type IConnectable, type ISecurityGroup, Port } from 'aws-cdk-lib/aws-ec2';
import { Construct, type IConstruct } from 'constructs';
import { allowLustreClients } from './lustre-security-group';

/** A Lustre file system, made here or brought. */
export interface ILustreFileSystem extends IConstruct, IConnectable {
  readonly fileSystemId: string;
  /** What clients mount from: `<dnsName>@tcp:/<mountName>`. */
  readonly dnsName: string;
  readonly mountName: string;
  readonly sizeGiB: number;
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
  /** @default false */
  readonly efa?: boolean;
  /** @default - unknown, and not checked */
  readonly availabilityZone?: string;
}

/** @internal A file system by its attributes. */
export class ImportedLustreFileSystem extends Construct implements ILustreFileSystem {
  public readonly fileSystemId: string;
  public readonly dnsName: string;
  public readonly mountName: string;
  public readonly sizeGiB: number;
  public readonly efa: boolean;
  public readonly availabilityZone?: string;
  public readonly connections: Connections;

  constructor(scope: Construct, id: string, attrs: LustreFileSystemAttributes) {
    super(scope, id);
    this.fileSystemId = attrs.fileSystemId;
    this.dnsName = attrs.dnsName;
    this.mountName = attrs.mountName;
    this.sizeGiB = attrs.sizeGiB;
    this.efa = attrs.efa ?? false;
    this.availabilityZone = attrs.availabilityZone;
    this.connections = new Connections({ securityGroups: [attrs.securityGroup], defaultPort: Port.tcp(988) });
  }

  allowClients(clients: IConnectable): void {
    allowLustreClients(this, clients, this.efa);
  }
}
