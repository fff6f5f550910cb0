import { createRequire } from 'node:module';
import { type TerraformCloud, terraformRowOf } from '../clouds';

export type Json = Record<string, Record<string, unknown>>;

/** What a cloud adds to the test that applies a stack to mocked providers. */
export interface ProviderMocks {
  /** Returns the mock of each provider that needs more than generated values, by its name. @default - generated values */
  readonly providers?: (config: Json) => Readonly<Record<string, object>>;
  /** Returns the values of single resources. @default - no resource */
  readonly overrides?: (config: Json) => object[];
  /** Returns checks of applied values. @default - no checks */
  readonly assertions?: (config: Json) => object[];
}

/** Returns the mocks of a cloud, from the module that its row names. */
export function mocksOf(cloud: TerraformCloud): ProviderMocks {
  const { mocks } = terraformRowOf(cloud);
  if (mocks === undefined) return {};
  return (createRequire(__filename)(`../${mocks}`) as { readonly MOCKS: ProviderMocks }).MOCKS;
}
