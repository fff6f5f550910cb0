import type {
  ComplexList,
  ComplexObject,
  ImportableResource,
  IResolvable,
  TerraformDataSource,
  TerraformMetaArguments,
  TerraformProvider,
  TerraformResource,
} from 'cdktf';
import type { Construct } from 'constructs';

/** A block in a configuration. Maps and lists are attributes. */
type IsBlock<T> = T extends string | number | boolean | readonly unknown[]
  ? false
  : T extends IResolvable
    ? false
    : T extends object
      ? string extends keyof T
        ? false
        : true
      : false;

/** A list of blocks in a configuration. */
type ItemOf<T> =
  Exclude<T, IResolvable | undefined> extends readonly (infer Item)[]
    ? IsBlock<Item> extends true
      ? Item
      : never
    : never;

/** What a member returns: a reference for a block, and the type of the configuration for an attribute. */
type Member<T> = [ItemOf<T>] extends [never]
  ? IsBlock<T> extends true
    ? BlockReference<T & object>
    : Mutable<T>
  : BlockListReference<ItemOf<T> & object>;

/** The type of a list that functions of CDK for Terraform accept. */
type Mutable<T> = T extends readonly (infer Item)[] ? Item[] : T;

type Keys<Config> = Exclude<keyof Config, keyof TerraformMetaArguments> & string;
type BlockKeys<Config> = {
  [K in Keys<Config>]-?: [ItemOf<NonNullable<Config[K]>>] extends [never]
    ? IsBlock<NonNullable<Config[K]>> extends true
      ? K
      : never
    : K;
}[Keys<Config>];
type OptionalKeys<Config> = {
  [K in Keys<Config>]-?: undefined extends Config[K] ? K : never;
}[Keys<Config>];

/** The members of a resource or a block: those of its configuration, and computed attributes. */
export type Members<Config, Attributes> = Omit<
  { -readonly [K in Exclude<Keys<Config>, BlockKeys<Config>>]-?: Member<NonNullable<Config[K]>> } & {
    readonly [K in BlockKeys<Config>]-?: Member<NonNullable<Config[K]>>;
  },
  keyof Attributes
> & { readonly [K in Keys<Config> as `${K}Input`]: Config[K] | undefined } & {
  [K in OptionalKeys<Config> as `reset${Capitalize<K>}`]: () => void;
} & { [K in BlockKeys<Config> as `put${Capitalize<K>}`]: (value: NonNullable<Config[K]>) => void } & Attributes;

/** A reference to a block, whose attributes can also be set. */
export type BlockReference<Config extends object, Attributes extends object = object> = ComplexObject &
  Members<Config, Attributes> & { internalValue: Config | IResolvable | undefined };

/** A reference to a list of blocks. */
export interface BlockListReference<Config extends object, Attributes extends object = object> extends ComplexList {
  internalValue: readonly Config[] | IResolvable | undefined;
  get(index: number): BlockReference<Config, Attributes>;
}

/** The constructor without a configuration, if all of it is optional. */
type Arguments<Config> = object extends Config ? [config?: Config] : [config: Config];

/** The class of a resource type. An interface of the same name adds `Members`. */
export interface ResourceClass<Config extends object> {
  new (scope: Construct, id: string, ...config: Arguments<Config>): TerraformResource;
  /** The resource type in Terraform. */
  readonly tfResourceType: string;
  /** Writes the configuration of an existing resource when Terraform plans. */
  generateConfigForImport(
    scope: Construct,
    importToId: string,
    importFromId: string,
    provider?: TerraformProvider,
  ): ImportableResource;
  isConstruct: (typeof TerraformResource)['isConstruct'];
  isTerraformElement: (typeof TerraformResource)['isTerraformElement'];
  isTerraformResource: (typeof TerraformResource)['isTerraformResource'];
}

/** The class of a data source. */
export interface DataSourceClass<Config extends object> {
  new (scope: Construct, id: string, ...config: Arguments<Config>): TerraformDataSource;
  /** The data source type in Terraform. */
  readonly tfResourceType: string;
  isConstruct: (typeof TerraformDataSource)['isConstruct'];
  isTerraformElement: (typeof TerraformDataSource)['isTerraformElement'];
  isTerraformDataSource: (typeof TerraformDataSource)['isTerraformDataSource'];
}

/** The members of a provider: its configured values, because Terraform cannot refer to a provider. */
export type ProviderMembers<Config> = { -readonly [K in Keys<Config>]: Config[K] } & {
  readonly [K in Keys<Config> as `${K}Input`]: Config[K];
} & { [K in Keys<Config> as `reset${Capitalize<K>}`]: () => void };

/** The class of a provider. */
export interface ProviderClass<Config extends object> {
  new (scope: Construct, id: string, ...config: Arguments<Config>): TerraformProvider;
  /** The name of the provider in Terraform. */
  readonly tfResourceType: string;
  isConstruct: (typeof TerraformProvider)['isConstruct'];
  isTerraformElement: (typeof TerraformProvider)['isTerraformElement'];
  isTerraformProvider: (typeof TerraformProvider)['isTerraformProvider'];
}
