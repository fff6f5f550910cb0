/**
 * The clouds of the library: one row for each. Everything that lists clouds reads this table: entry points and peers (`.projenrc.ts`), lint
 * layers, synthesis, verification, benchmarks, the API comparison, generated pages, and tests.
 *
 * `docs/contributing/adding-a-cloud.md` explains a row, and `test/scripts/clouds.test.ts` checks that each row has its files.
 */

/** Versions of a package. */
interface Versions {
  /** Range that users can install. */
  readonly range: string;
  /** Range that this repository installs. */
  readonly installed: string;
}

/** A tool that synthesizes constructs. */
interface EngineRow {
  readonly title: string;
  /** Packages that constructs can import, `x/*` for subpaths. */
  readonly imports: readonly string[];
  /** Folders of `lib` that constructs can import, besides `core` and `kubernetes`. */
  readonly layers: readonly string[];
  /** Optional peer dependencies of every cloud with this engine. */
  readonly peers: Readonly<Record<string, Versions>>;
}

/** The engines. cdktf 0.21 and the providers of September 2025 are the last releases: bindings of Google 6.50 and Helm 3.1. */
export const ENGINES = {
  cdk: {
    title: 'AWS CDK',
    imports: ['aws-cdk-lib', 'aws-cdk-lib/*'],
    layers: [],
    peers: {
      'aws-cdk-lib': { range: '^2.276.0', installed: '2.276.0' },
      '@aws-cdk/lambda-layer-kubectl-v36': { range: '^2.0.0', installed: '^2.0.0' },
    },
  },
  terraform: {
    title: 'CDK for Terraform',
    imports: ['cdktf'],
    layers: ['terraform'],
    peers: {
      cdktf: { range: '>=0.21.0 <1', installed: '^0.21.0' },
      '@cdktf/provider-helm': { range: '^12.1.2', installed: '12.1.2' },
    },
  },
} as const satisfies Record<string, EngineRow>;

/** The name of an engine. */
export type EngineName = keyof typeof ENGINES;

/** A cloud without constructs: the planner and the catalog have its machines. */
interface CatalogRow {
  /** Name in pages and tables. */
  readonly title: string;
  readonly engine?: undefined;
}

/** A cloud with constructs. */
interface ConstructsRow extends Pick<CatalogRow, 'title'> {
  /** Prefixes of types that have a counterpart on other clouds, for example `Aws` of `AwsMachine`. */
  readonly prefixes: readonly string[];
  /** Pages of the guide, besides `docs/<cloud>.md` and `docs/<cloud>-*.md`. @default - no other pages */
  readonly guides?: readonly string[];
}

/** A cloud with AWS CDK constructs. */
interface CdkRow extends ConstructsRow {
  readonly engine: 'cdk';
  /** Packages that the runtime of functions includes. @default - no functions */
  readonly functionPackages?: readonly string[];
}

/** A Terraform provider with a package `@cdktf/provider-<name>`, which only `lib/<cloud>/provider/<name>.ts` imports. */
interface PackagedProvider extends Versions {
  readonly name: string;
  readonly source?: undefined;
}

/** A Terraform provider without a package. `npm run bindings` generates its classes in `lib/<cloud>/provider`. */
export interface GeneratedProvider {
  readonly name: string;
  /** Address in the Terraform Registry. */
  readonly source: string;
  /** Version whose schema the classes are generated from. */
  readonly version: string;
  /** Versions that a deployment can use. */
  readonly constraint: string;
}

/** A cloud with CDK for Terraform constructs. */
interface TerraformRow extends ConstructsRow {
  readonly engine: 'terraform';
  readonly provider: PackagedProvider | GeneratedProvider;
  /** Module that implements `ProviderMocks`, relative to `scripts`. @default - empty mocks are enough */
  readonly mocks?: string;
  /** A construct with few resources, and the provider modules that it loads. */
  readonly smallest: { readonly construct: string; readonly props: object; readonly modules: readonly string[] };
}

const ROWS = {
  aws: {
    title: 'AWS',
    engine: 'cdk',
    prefixes: ['Aws', 'Eks'],
    guides: ['batch-inference', 'gateway', 'inference', 'kubernetes-inference'],
    functionPackages: ['node:*', '@aws-sdk/client-*'],
  },
  azure: {
    title: 'Azure',
    engine: 'terraform',
    provider: { name: 'azurerm', range: '^14.23.1', installed: '14.23.1' },
    prefixes: ['Azure', 'Aks'],
    mocks: 'mocks/azure.ts',
    smallest: { construct: 'ResourceGroup', props: { location: 'swedencentral' }, modules: ['resource-group'] },
  },
  google: {
    title: 'Google Cloud',
    engine: 'terraform',
    provider: { name: 'google', range: '^16.12.1', installed: '16.12.1' },
    prefixes: ['Google', 'Gke'],
    mocks: 'mocks/google.ts',
    smallest: {
      construct: 'EncryptionKey',
      props: { region: 'us-central1' },
      modules: ['kms-crypto-key', 'kms-key-ring'],
    },
  },
  alicloud: {
    title: 'Alibaba Cloud',
    engine: 'terraform',
    provider: { name: 'alicloud', source: 'aliyun/alicloud', version: '1.285.0', constraint: '~> 1.285' },
    prefixes: ['Alicloud', 'Ack'],
    mocks: 'mocks/alicloud.ts',
    smallest: { construct: 'EncryptionKey', props: {}, modules: ['kms-alias', 'kms-key'] },
  },
} as const satisfies Record<string, CatalogRow | CdkRow | TerraformRow>;

type Rows = typeof ROWS;

/** A cloud in the catalog, with or without constructs. */
export type CatalogCloud = keyof Rows;

type CloudOf<Row> = { [Id in CatalogCloud]: Rows[Id] extends Row ? Id : never }[CatalogCloud];

/** A cloud with constructs. */
export type Cloud = CloudOf<{ readonly engine: string }>;

/** A cloud with CDK for Terraform constructs. */
export type TerraformCloud = CloudOf<{ readonly engine: 'terraform' }>;

/** Every cloud in the catalog. */
export const CATALOG_CLOUDS = Object.keys(ROWS) as CatalogCloud[];

/** Every cloud with constructs. */
export const CLOUDS = CATALOG_CLOUDS.filter((cloud): cloud is Cloud => 'engine' in ROWS[cloud]);

/** Every cloud with CDK for Terraform constructs. */
export const TERRAFORM_CLOUDS = CLOUDS.filter((cloud): cloud is TerraformCloud => ROWS[cloud].engine === 'terraform');

/** Returns the name of a cloud in pages and tables. */
export function titleOf(cloud: CatalogCloud): string {
  return ROWS[cloud].title;
}

/** Returns the row of a cloud with constructs. */
export function rowOf(cloud: Cloud): CdkRow | TerraformRow {
  return ROWS[cloud];
}

/** Returns the row of a cloud with CDK for Terraform constructs. */
export function terraformRowOf(cloud: TerraformCloud): TerraformRow {
  return ROWS[cloud];
}

/** Returns whether a name is a cloud with constructs. */
export function isCloud(name: string): name is Cloud {
  return (CLOUDS as readonly string[]).includes(name);
}

/** Returns the Terraform provider of a cloud if its classes are generated. */
export function generatedProviderOf(cloud: TerraformCloud): GeneratedProvider | undefined {
  const { provider } = terraformRowOf(cloud);
  return provider.source === undefined ? undefined : provider;
}

/** Returns the package of the Terraform provider. Undefined if the classes of the provider are generated. */
export function providerPackageOf(cloud: TerraformCloud): string | undefined {
  const { provider } = terraformRowOf(cloud);
  return provider.source === undefined ? `@cdktf/provider-${provider.name}` : undefined;
}

/** Terraform clouds whose provider is a package. */
function packagedProviders(): (readonly [name: string, versions: Versions])[] {
  return TERRAFORM_CLOUDS.flatMap((cloud) => {
    const { provider } = terraformRowOf(cloud);
    return provider.source === undefined ? [[`@cdktf/provider-${provider.name}`, provider] as const] : [];
  });
}

/** Returns the entry points of all clouds, by subpath: the constructs, and the classes of a generated provider. */
export function entryPointsOfClouds(): Readonly<Record<string, string>> {
  const providers = TERRAFORM_CLOUDS.flatMap((cloud) => {
    const provider = generatedProviderOf(cloud);
    return provider ? [[`./${cloud}/provider`, `${cloud}/provider/${provider.name}`] as const] : [];
  });
  return Object.fromEntries([...CLOUDS.map((cloud) => [`./${cloud}`, `${cloud}/index`] as const), ...providers]);
}

/** Returns the optional peer dependencies of all clouds, by package. */
export function optionalPeers(): Readonly<Record<string, Versions>> {
  return Object.fromEntries<Versions>([
    ...Object.values(ENGINES).flatMap(({ peers }) => Object.entries(peers)),
    ...packagedProviders(),
  ]);
}

/** Returns whether a page belongs to the guide of a cloud. `page` is its name in `docs`, without the extension. */
export function isGuideOf(cloud: Cloud, page: string): boolean {
  return page === cloud || page.startsWith(`${cloud}-`) || (rowOf(cloud).guides ?? []).includes(page);
}

/** Files of a cloud, and folders that are not empty. `<cloud>` is the name of the row, `<provider>` the name of the Terraform provider. */
export const FILES = {
  catalog: ['lib/core/catalog/<cloud>-machines.ts', 'data/machines-<cloud>.json', 'scripts/machines/<cloud>.ts'],
  constructs: [
    'lib/<cloud>/index.ts',
    'test/<cloud>',
    'examples/<cloud>',
    'docs/<cloud>.md',
    'docs/api/<cloud>.api.md',
  ],
  terraform: [
    'lib/<cloud>/provider/<provider>.ts',
    'lib/testing/terraform/<cloud>',
    'scripts/verify/<cloud>',
    'scripts/bench/<cloud>-by-library.ts',
    'scripts/bench/probe-<cloud>-growth.ts',
  ],
} as const;

/** Returns the files and folders that a cloud must have. */
export function filesOf(cloud: CatalogCloud): string[] {
  const row: CatalogRow | CdkRow | TerraformRow = ROWS[cloud];
  const files = [
    ...FILES.catalog,
    ...(row.engine ? FILES.constructs : []),
    ...(row.engine === 'terraform' ? FILES.terraform : []),
  ];
  const provider = row.engine === 'terraform' ? row.provider.name : '';
  return files.map((file) => file.replaceAll('<cloud>', cloud).replace('<provider>', provider));
}
