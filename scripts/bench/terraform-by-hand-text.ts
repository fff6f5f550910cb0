import { generatedProviderOf, TERRAFORM_CLOUDS } from '../clouds';

type Json = Readonly<Record<string, unknown>>;

/** The content of a stack, as CDK for Terraform writes it. */
export interface StackJson {
  readonly provider: Readonly<Record<string, readonly Json[]>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly resource: Readonly<Record<string, Readonly<Record<string, Json>>>>;
}

/** A provider class and the file that it is imported from. */
interface Class {
  readonly file: string;
  readonly name: string;
}

/** A resource and its references. */
interface Made {
  readonly of: Class;
  /** `google_compute_network.Network`, or `data.…`. */
  readonly address: string;
  readonly text: string;
  readonly needs: readonly string[];
}

/**
 * Generates a program that creates the same resources with provider classes only, as if written by hand. It is flat: values are literals,
 * and references read attributes of other resources.
 */
export function byHandText({ provider, data = {}, resource }: StackJson): string {
  const made = [
    ...Object.entries(provider).flatMap(([type, all]) =>
      all.map((config, index) => line(providerClass(type), `provider.${type}${index}`, config)),
    ),
    ...Object.entries(data).flatMap(([type, all]) => linesOf(dataClass(type), `data.${type}`, all)),
    ...Object.entries(resource).flatMap(([type, all]) => linesOf(resourceClass(type), type, all)),
  ];
  const classes = new Map(made.map(({ of }) => [of.name, of.file]));
  return [
    "const { App, TerraformStack } = require('cdktf');",
    ...[...classes].map(([name, file]) => `const ${name}_ = require('${file}').${name};`),
    'exports.build = () => {',
    '  const app = new App({ outdir: process.env.CDKTF_OUTDIR });',
    "  const stack = new TerraformStack(app, 'training');",
    '  const made = {};',
    ...inOrder(made).map(({ text }) => text),
    '  return app;',
    '};',
    '',
  ].join('\n');
}

function linesOf(of: Class, type: string, all: Readonly<Record<string, Json>>): Made[] {
  return Object.entries(all).map(([id, config]) => line(of, `${type}.${id}`, config));
}

function line(of: Class, address: string, config: Json): Made {
  const own = Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key !== '//')
      .map(([key, value]) => [key, of.file === AZAPI && key === 'identity' ? (value as Json[])[0] : value]),
  );
  const literal = JSON.stringify(camel(own));
  const id = JSON.stringify(address.split('.').at(-1));
  const needs = [...literal.matchAll(REFERENCE)].map(([, referred]) => referred!);
  const written = literal.replace(TEXT, (text) => (REFERENCE.test(text) ? templateOf(text) : text));
  const naming = address.startsWith('provider.') ? '' : `.overrideLogicalId(${id})`;
  const text = `  (made[${JSON.stringify(address)}] = new ${of.name}_(stack, ${id}, ${written}))${naming};`;
  return { of, address, text, needs };
}

/** A JSON string, and a reference to an attribute in it. */
const TEXT = /"(?:[^"\\]|\\.)*"/g;
const REFERENCE = /\$\{((?:data\.)?\w+\.[\w-]+)\.(\w+)\}/g;

/** Converts a string with references to an expression that reads attributes. Scripts with similar syntax stay unchanged. */
function templateOf(text: string): string {
  const parts = (JSON.parse(text) as string).split(/(\$\{(?:data\.)?\w+\.[\w-]+\.\w+\})/);
  const expressions = parts.filter(Boolean).map((part) => {
    const [, address, attribute] = new RegExp(REFERENCE.source).exec(part) ?? [];
    return address === undefined ? JSON.stringify(part) : `made[${JSON.stringify(address)}].${camelName(attribute!)}`;
  });
  return expressions.join(' + ');
}

/** Sorts resources after the resources that they refer to. */
function inOrder(all: readonly Made[]): Made[] {
  const byAddress = new Map(all.map((one) => [one.address, one]));
  const ordered = new Set<Made>();
  const place = (one: Made): void => {
    for (const address of one.needs) {
      const needed = byAddress.get(address);
      if (needed && needed !== one && !ordered.has(needed)) place(needed);
    }
    ordered.add(one);
  };
  all.forEach(place);
  return [...ordered];
}

/** No package has azapi classes, so the hand-written program uses those of this library. */
const AZAPI = 'ai-infra-constructs/azure';

function providerClass(type: string): Class {
  if (type === 'azapi') return { file: AZAPI, name: 'AzapiProvider' };
  return { file: fileOf(type, 'provider'), name: `${pascal(type)}Provider` };
}

function resourceClass(type: string): Class {
  const [provider, ...words] = type.split('_') as [string, ...string[]];
  const name = words.join('_');
  if (provider === 'azapi') return { file: AZAPI, name: pascal(type) };
  return { file: fileOf(provider, name), name: pascal(name) };
}

function dataClass(type: string): Class {
  const [provider] = type.split('_') as [string];
  const name = `data_${type}`;
  return { file: fileOf(provider, name), name: pascal(name) };
}

/** The module of a class: in the package of its provider, or the entry point of generated classes. */
function fileOf(provider: string, name: string): string {
  const cloud = TERRAFORM_CLOUDS.find((each) => generatedProviderOf(each)?.name === provider);
  return cloud
    ? `ai-infra-constructs/${cloud}/provider`
    : `@cdktf/provider-${provider}/lib/${name.replaceAll('_', '-')}`;
}

function pascal(text: string): string {
  return text.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Converts attribute names to camel case. Label names without an underscore stay unchanged. */
function camel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camel);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, one]) => [
    camelName(key),
    key === 'depends_on' ? named(one) : camel(one),
  ]);
  return Object.fromEntries(entries);
}

/** Replaces the names in depends_on with objects. */
function named(addresses: unknown): object[] {
  return (addresses as string[]).map((fqn) => ({ fqn }));
}

// The generator of the prebuilt providers treats a digit as a separate word.
function camelName(key: string): string {
  return key
    .replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    .replace(/(\d)([a-z])/g, (_, digit: string, letter: string) => digit + letter.toUpperCase());
}
