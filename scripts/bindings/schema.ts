/** The output of `tofu providers schema -json`, as far as the generator reads it. */

/** Type of an attribute: a primitive type, or a collection and the type of its items. */
export type AttributeSchemaType =
  | 'string'
  | 'number'
  | 'bool'
  | readonly ['list' | 'set' | 'map', AttributeSchemaType]
  | readonly ['object', Readonly<Record<string, AttributeSchemaType>>];

export interface AttributeSchema {
  readonly type: AttributeSchemaType;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly deprecated?: boolean;
}

export interface BlockSchema {
  readonly attributes?: Readonly<Record<string, AttributeSchema>>;
  readonly block_types?: Readonly<Record<string, NestedBlockSchema>>;
}

export interface NestedBlockSchema {
  readonly nesting_mode: 'single' | 'list' | 'set';
  readonly block: BlockSchema;
  readonly min_items?: number;
  readonly max_items?: number;
}

type Schemas = Readonly<Record<string, { readonly block: BlockSchema }>>;

/** The schema of a provider. */
export interface ProviderSchema {
  readonly provider: { readonly block: BlockSchema };
  readonly resource_schemas: Schemas;
  readonly data_source_schemas: Schemas;
}
