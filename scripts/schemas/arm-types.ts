/** A type in a `types.json` of Azure/bicep-types-az. */
export interface BicepType {
  readonly $type: string;
  readonly properties?: Readonly<Record<string, BicepProperty>>;
  readonly baseProperties?: Readonly<Record<string, BicepProperty>>;
  readonly additionalProperties?: BicepReference;
  readonly discriminator?: string;
  /** Variants by the value of the discriminator, or members of a union. */
  readonly elements?: Readonly<Record<string, BicepReference>> | readonly BicepReference[];
  readonly itemType?: BicepReference;
  readonly body?: BicepReference;
  readonly value?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minValue?: number;
  readonly maxValue?: number;
}

interface BicepReference {
  /** `#/<index in the list>`. */
  readonly $ref: string;
}

interface BicepProperty {
  readonly type: BicepReference;
  readonly flags: number;
}

/** The JSON schema of a writable request body, as `test/azure/arm.ts` reads it. */
export type ArmSchema = Readonly<Record<string, unknown>>;

const REQUIRED = 1;
const READ_ONLY = 2;

/** Returns the schema of the body of a resource type, without the properties that only the service sets. */
export function armSchema(types: readonly BicepType[], resource: BicepReference): ArmSchema {
  const open = new Set<string>();

  const schemaOf = (reference: BicepReference): ArmSchema => {
    // A type that contains itself: the inner one is not checked.
    if (open.has(reference.$ref)) return { type: 'object', additionalProperties: true };
    open.add(reference.$ref);
    const schema = convert(types[Number(reference.$ref.slice(2))]!);
    open.delete(reference.$ref);
    return schema;
  };

  const objectOf = (properties: Readonly<Record<string, BicepProperty>> = {}) => {
    const writable = Object.entries(properties).filter(([, { flags }]) => (flags & READ_ONLY) === 0);
    const required = writable.filter(([, { flags }]) => (flags & REQUIRED) !== 0).map(([name]) => name);
    return {
      type: 'object',
      properties: Object.fromEntries(writable.map(([name, { type }]) => [name, schemaOf(type)])),
      ...(required.length > 0 && { required }),
    };
  };

  const unionOf = (members: readonly BicepReference[]): ArmSchema => {
    const of = members.map(({ $ref }) => types[Number($ref.slice(2))]!);
    const literals = of.flatMap(({ $type, value }) => ($type === 'StringLiteralType' ? [value] : []));
    const rest = of.filter(({ $type }) => $type !== 'StringLiteralType');
    if (rest.length === 0) return { type: 'string', enum: literals };
    return rest.every(({ $type }) => $type === 'StringType') ? { type: 'string', 'x-known': literals } : {};
  };

  const convert = (type: BicepType): ArmSchema => {
    const { minLength, maxLength, minValue: minimum, maxValue: maximum } = type;
    switch (type.$type) {
      case 'ResourceType':
        return schemaOf(type.body!);
      case 'ObjectType': {
        const { additionalProperties: values } = type;
        return { ...objectOf(type.properties), additionalProperties: values ? schemaOf(values) : false };
      }
      case 'DiscriminatedObjectType':
        return {
          ...objectOf(type.baseProperties),
          'x-discriminator': type.discriminator,
          oneOf: Object.values(type.elements as Readonly<Record<string, BicepReference>>).map(schemaOf),
        };
      case 'UnionType':
        return unionOf(type.elements as readonly BicepReference[]);
      case 'ArrayType':
        return known({ type: 'array', items: schemaOf(type.itemType!), minItems: minLength, maxItems: maxLength });
      case 'StringLiteralType':
        return { const: type.value };
      case 'StringType':
        return known({ type: 'string', minLength, maxLength, pattern: type.pattern });
      case 'IntegerType':
        return known({ type: 'integer', minimum, maximum });
      case 'BooleanType':
        return { type: 'boolean' };
      default:
        return {};
    }
  };

  return schemaOf(resource);
}

/** Removes keys without a value. */
function known(schema: ArmSchema): ArmSchema {
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));
}
