import { type Cloud, CLOUDS, ENGINES, providerPackageOf, rowOf, TERRAFORM_CLOUDS } from '../clouds';

/** What a folder of `lib` can import. */
export interface Layer {
  /** Packages, `x/*` for subpaths. */
  readonly packages: readonly string[];
  /** Other folders of `lib`. */
  readonly layers: readonly string[];
}

function layerOf(cloud: Cloud): Layer {
  const { imports, layers } = ENGINES[rowOf(cloud).engine];
  const providers = TERRAFORM_CLOUDS.filter((each) => each === cloud).flatMap((each) => {
    const name = providerPackageOf(each);
    return name === undefined ? [] : [`${name}/lib/*`];
  });
  return { packages: ['constructs', 'node:*', ...imports, ...providers], layers: ['core', 'kubernetes', ...layers] };
}

/** The rules of each folder of `lib`. `.` is for files directly in it. The rows of clouds are derived from `scripts/clouds.ts`. */
export const LAYERS: Readonly<Record<string, Layer>> = {
  '.': { packages: [], layers: ['core'] },
  core: { packages: ['constructs'], layers: [] },
  kubernetes: { packages: ['yaml', 'node:crypto'], layers: ['core'] },
  terraform: {
    packages: ['cdktf', 'constructs', 'node:*', '@cdktf/provider-helm/lib/*'],
    layers: ['core', 'kubernetes'],
  },
  testing: { packages: ['constructs', 'node:*'], layers: ['core'] },
  cli: { packages: ['commander', 'jsonc-parser', 'yaml', 'node:*'], layers: ['core', 'kubernetes'] },
  ...Object.fromEntries(CLOUDS.map((cloud) => [cloud, layerOf(cloud)])),
};

/** Packages that the runtime of the functions of a cloud includes. */
export const IN_FUNCTIONS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  CLOUDS.map((cloud) => {
    const row = rowOf(cloud);
    return [cloud, row.engine === 'cdk' ? (row.functionPackages ?? []) : []];
  }),
);
