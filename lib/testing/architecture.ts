import type { Cloud } from '../core/catalog/machines';

/** Stands for what a template leaves open until its deployment: a parameter, an import, an attribute. */
export const AT_DEPLOYMENT = 'known at deployment';

/** A value, or that only the deployment knows it. */
export type Known<T> = T | typeof AT_DEPLOYMENT;

/** What something is encrypted with. */
export interface Encryption {
  /** A key of the customer's own, one that the cloud manages, or none. */
  readonly key: Known<'customer' | 'managed' | 'none'>;
  /** Name of the key, where it is in the same stack. */
  readonly name?: string;
}

/** A part of an architecture. */
export interface Part {
  /** Where it stands: the path of its construct below the stack, without what changes from synthesis to synthesis. */
  readonly name: string;
  /** What it is, in the words of its cloud. */
  readonly kind: string;
  /** Whatever else a reader found worth telling, by label. */
  readonly details?: Readonly<Record<string, string>>;
}

/** How many machines, copies or tasks. */
export interface Count {
  readonly min?: Known<number>;
  readonly desired?: Known<number>;
  readonly max?: Known<number>;
}

/** How capacity is bought. */
export type Market = 'on-demand' | 'spot' | 'reservation' | 'capacity-block';

/** Machines of a kind. */
export interface ComputeGroup extends Part {
  /** Whose machines they are: the table that knows accelerators and prices. */
  readonly cloud: Cloud;
  /** Types that the group may have, most often one. */
  readonly machines: readonly string[];
  readonly count?: Count;
  readonly market?: Known<Market>;
  /** Accelerators of one machine, where they are attached to it and not part of its type. */
  readonly accelerators?: string;
  /** Network interfaces of one machine, by type. */
  readonly interfaces?: Readonly<Record<string, number>>;
  readonly placement?: string;
  readonly disks?: readonly string[];
  readonly encryption?: Encryption;
  /** Why nothing is charged by the hour of its machines, or the price of them is none of the table's. @default - they are priced */
  readonly notPriced?: string;
}

/** What keeps data. */
export interface StorageUnit extends Part {
  readonly sizeGiB?: Known<number>;
  readonly throughput?: string;
  readonly encryption?: Encryption;
  /** How long what it keeps is kept, or can be restored. */
  readonly retention?: string;
  /** What becomes of it when the stack is deleted. */
  readonly onDelete?: 'kept' | 'deleted' | 'snapshot';
}

/** What answers requests. */
export interface Endpoint extends Part {
  /** Signed: in reach of the internet, yet every call must carry credentials of the cloud. */
  readonly access: Known<'public' | 'private' | 'signed'>;
  readonly encryption?: Encryption;
}

/** Something that the internet reaches. */
export interface Exposure extends Part {
  /** What is open, and to whom. */
  readonly why: string;
}

/** What is sent and waits. */
export interface Queue extends Part {
  readonly encryption?: Encryption;
}

/** The parts of an architecture, by what they are for. */
export interface Sections {
  readonly compute: readonly ComputeGroup[];
  readonly endpoints: readonly Endpoint[];
  readonly storage: readonly StorageUnit[];
  readonly queues: readonly Queue[];
  readonly workflows: readonly Part[];
  readonly functions: readonly Part[];
  readonly kubernetes: readonly Part[];
  readonly scaling: readonly Part[];
  readonly network: readonly Part[];
  readonly keys: readonly Part[];
  /** What refuses requests, prompts or answers before they arrive. */
  readonly guards: readonly Part[];
  /** What is open to the internet, and why. */
  readonly exposure: readonly Exposure[];
  /** Roles that may do everything, or everything of a service. */
  readonly permissions: readonly Part[];
  /** Alarms and budgets. */
  readonly watch: readonly Part[];
}

/** What a group of machines costs for a month of 730 hours at its desired count. */
export interface GroupCost {
  readonly name: string;
  readonly machine: string;
  readonly count: number;
  readonly market: 'on-demand' | 'spot' | 'committed';
  /** Region of the price, which need not be that of the stack. */
  readonly region: string;
  readonly usdPerHour: number;
  readonly usdPerMonth: number;
  /** The day on which the price was read. @default - not recorded */
  readonly priceDate?: string;
}

/** What the machines of a stack cost. Only machines of the catalogue are priced; storage, requests and traffic are not. */
export interface MonthlyCost {
  readonly groups: readonly GroupCost[];
  readonly usdPerMonth: number;
  /** Groups whose machines no price is known of, and why. */
  readonly notPriced: readonly { readonly name: string; readonly reason: string }[];
}

/** The architecture of one stack. */
export interface StackArchitecture extends Sections {
  readonly name: string;
  readonly engine: 'CloudFormation' | 'Terraform';
  /** Resources that no section tells of, counted by type: nothing vanishes. */
  readonly other: Readonly<Record<string, number>>;
  /** @default - it was not asked for */
  readonly cost?: MonthlyCost;
}
