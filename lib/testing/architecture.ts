import type { Cloud } from '../core/catalog/machines';

/** Value that is only known at deployment, for example a parameter, an import or an attribute. */
export const AT_DEPLOYMENT = 'known at deployment';

/** Value that can be unknown before deployment. */
export type Known<T> = T | typeof AT_DEPLOYMENT;

/** Encryption of a part. */
export interface Encryption {
  /** Whether a customer-managed key, a key that the cloud manages, or no key encrypts the part. */
  readonly key: Known<'customer' | 'managed' | 'none'>;
  /** Name of the key. @default - the key is not in the same stack */
  readonly name?: string;
}

/** Part of an architecture. */
export interface Part {
  /** Path of its construct below the stack, without hashes and tokens that change between syntheses. */
  readonly name: string;
  /** Kind of the part, as its cloud calls it. */
  readonly kind: string;
  /** Other facts, by label. @default - none */
  readonly details?: Readonly<Record<string, string>>;
}

/** Number of machines, copies or tasks. */
export interface Count {
  /** Minimum number. @default - not set */
  readonly min?: Known<number>;
  /** Desired number. @default - not set */
  readonly desired?: Known<number>;
  /** Maximum number. @default - not set */
  readonly max?: Known<number>;
}

/** Purchase option of capacity. */
export type Market = 'on-demand' | 'spot' | 'reservation' | 'capacity-block';

/** Group of identical machines. */
export interface ComputeGroup extends Part {
  /** Cloud of the machines. Selects the catalog for accelerators and prices. */
  readonly cloud: Cloud;
  /** Machine types that the group can use, usually one. */
  readonly machines: readonly string[];
  /** Number of machines. @default - not set */
  readonly count?: Count;
  /** Purchase option. @default - not set, or several options */
  readonly market?: Known<Market>;
  /** Accelerators that are attached to each machine. @default - the machine type includes its accelerators */
  readonly accelerators?: string;
  /** Number of network interfaces of each machine, by type. @default - not set */
  readonly interfaces?: Readonly<Record<string, number>>;
  /** Placement of the machines. @default - not set */
  readonly placement?: string;
  /** Disks of each machine. @default - not set */
  readonly disks?: readonly string[];
  /** Encryption of the disks. @default - not set */
  readonly encryption?: Encryption;
  /** Reason why the group has no price per machine hour. @default - the group has a price */
  readonly notPriced?: string;
}

/** Bucket, file system, disk, database or other storage. */
export interface StorageUnit extends Part {
  /** Size of the storage. @default - no fixed size */
  readonly sizeGiB?: Known<number>;
  /** Throughput with its unit. @default - not set */
  readonly throughput?: string;
  /** Encryption of the data. @default - not set */
  readonly encryption?: Encryption;
  /** Retention of the data or of its backups. @default - not set */
  readonly retention?: string;
  /** What happens to the data when the stack is deleted. @default - not set */
  readonly onDelete?: 'kept' | 'deleted' | 'snapshot';
}

/** Endpoint that serves requests. */
export interface Endpoint extends Part {
  /** Access from the internet. `signed` means that the endpoint is reachable, but every call needs credentials of the cloud. */
  readonly access: Known<'public' | 'private' | 'signed'>;
  /** Encryption of the data of the endpoint. @default - not set */
  readonly encryption?: Encryption;
}

/** Part that is reachable from the internet. */
export interface Exposure extends Part {
  /** What is open, and who can reach it. */
  readonly why: string;
}

/** Queue, topic or stream. */
export interface Queue extends Part {
  /** Encryption of the messages. @default - not set */
  readonly encryption?: Encryption;
}

/** Parts of an architecture by purpose. */
export interface Sections {
  /** Groups of machines. */
  readonly compute: readonly ComputeGroup[];
  /** Endpoints that serve requests. */
  readonly endpoints: readonly Endpoint[];
  /** Storage. */
  readonly storage: readonly StorageUnit[];
  /** Queues, topics and streams. */
  readonly queues: readonly Queue[];
  /** State machines, jobs and schedules. */
  readonly workflows: readonly Part[];
  /** Serverless functions. */
  readonly functions: readonly Part[];
  /** Helm charts and Kubernetes objects. */
  readonly kubernetes: readonly Part[];
  /** Autoscalers. */
  readonly scaling: readonly Part[];
  /** Networks. */
  readonly network: readonly Part[];
  /** Encryption keys and key vaults. */
  readonly keys: readonly Part[];
  /** Firewalls and guardrails that block requests, prompts or answers. */
  readonly guards: readonly Part[];
  /** Parts that are open to the internet, with the reason. */
  readonly exposure: readonly Exposure[];
  /** Identities with all permissions, or with all permissions of a service. */
  readonly permissions: readonly Part[];
  /** Alarms and budgets. */
  readonly watch: readonly Part[];
}

/** Cost of a group of machines for a month of 730 hours at the desired count. */
export interface GroupCost {
  /** Name of the group. */
  readonly name: string;
  /** Machine type. */
  readonly machine: string;
  /** Number of machines. */
  readonly count: number;
  /** Purchase option of the price. */
  readonly market: 'on-demand' | 'spot' | 'committed';
  /** Region of the price. It can differ from the region of the stack. */
  readonly region: string;
  /** Price of one machine in USD per hour. */
  readonly usdPerHour: number;
  /** Cost of the group in USD per month. */
  readonly usdPerMonth: number;
  /** Day on which the price was read. @default - not recorded */
  readonly priceDate?: string;
}

/** Cost of the machines of a stack. It only includes machines in the catalog. It does not include storage, requests and traffic. */
export interface MonthlyCost {
  /** Costs of the groups that have a price. */
  readonly groups: readonly GroupCost[];
  /** Total cost in USD per month. */
  readonly usdPerMonth: number;
  /** Groups without a price, with the reason. */
  readonly notPriced: readonly { readonly name: string; readonly reason: string }[];
}

/** Architecture of one stack. */
export interface StackArchitecture extends Sections {
  /** Name of the stack. */
  readonly name: string;
  /** Engine that deploys the stack. */
  readonly engine: 'CloudFormation' | 'Terraform';
  /** Number of the other resources, by type, so that no resource is missing. */
  readonly other: Readonly<Record<string, number>>;
  /** Cost of the machines. @default - not included, because the option `cost` is false */
  readonly cost?: MonthlyCost;
}
