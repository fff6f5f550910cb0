/** The part of JSON schema that structural schemas use. */
export interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly required?: readonly string[];
  readonly 'x-ref'?: string;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly [keyword: string]: unknown;
}

/** Embedded types by name. */
export type References = Readonly<Record<string, JsonSchema>>;

interface Elision {
  readonly ref: string;
  readonly paths: readonly string[];
  readonly missing?: readonly string[];
  readonly extra?: readonly string[];
  readonly notRequired?: readonly string[];
  readonly alsoRequired?: readonly string[];
}

/** Custom resource with its wrapper and its structural schema. */
export interface CustomResource {
  readonly group: string;
  readonly kind: string;
  readonly version: string;
  readonly elided?: readonly Elision[];
  readonly schema: JsonSchema;
}

/** Returns the schema of a custom resource with all embedded types. It rejects unknown fields. */
export function strictSchema(
  { schema, elided = [] }: CustomResource,
  refs: References,
  metadata: JsonSchema,
): JsonSchema {
  const expand = (node: JsonSchema, path: string, inner: string, elision?: Elision): JsonSchema => {
    const ref = node['x-ref'];
    if (ref !== undefined) {
      const type = refs[ref];
      if (!type) throw new Error(`no embedded type ${ref}`);
      const own = elided.find((one) => one.ref === ref && one.paths.includes(path));
      return own ? expand(type, path, '', own) : expand(type, path, inner, elision);
    }
    const child = (one: JsonSchema, step: string) => expand(one, join(path, step), join(inner, step), elision);
    const names = Object.keys(node.properties ?? {}).filter((name) => !elision?.missing?.includes(join(inner, name)));
    const properties = node.properties && {
      ...Object.fromEntries(names.map((name) => [name, child(node.properties![name]!, name)])),
      ...Object.fromEntries(directly(elision?.extra, inner).map((name) => [name, {}])),
    };
    const required = [
      ...(node.required ?? []).filter((name) => !elision?.notRequired?.includes(join(inner, name))),
      ...directly(elision?.alsoRequired, inner),
    ];
    const open = node['x-kubernetes-preserve-unknown-fields'] === true;
    const values = typeof node.additionalProperties === 'object' ? child(node.additionalProperties, '{}') : open;
    return {
      ...node,
      ...(properties && { properties }),
      ...(node.items && { items: child(node.items, '[]') }),
      ...(node.type === 'object' && { additionalProperties: values }),
      ...(required.length > 0 && { required }),
    };
  };
  const strict = expand(schema, '', '');
  return {
    ...strict,
    required: [...(strict.required ?? []), 'apiVersion', 'kind', 'metadata'],
    properties: { ...strict.properties, metadata },
  };
}

/** Returns the last segments of the paths that are direct children of another path. */
function directly(paths: readonly string[] = [], parent: string): string[] {
  return paths.flatMap((path) => {
    const name = path.split('.').at(-1)!;
    return path === join(parent, name) ? [name] : [];
  });
}

function join(path: string, step: string): string {
  if (step === '[]' || step === '{}') return path + step;
  return path ? `${path}.${step}` : step;
}
