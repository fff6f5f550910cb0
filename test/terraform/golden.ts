import { readFileSync, writeFileSync } from 'node:fs';
import { type TerraformStack, Testing } from 'cdktf';

/** Expects the resources of these types to have the addresses in a file. `UPDATE_GOLDEN` writes the file. */
function expectAddresses(stack: TerraformStack, types: readonly string[], golden: string): void {
  const { resource } = JSON.parse(Testing.synth(stack)) as { resource: Record<string, object> };
  const addresses = types.flatMap((type) => Object.keys(resource[type] ?? {}).map((name) => `${type}.${name}`)).sort();
  if (process.env.UPDATE_GOLDEN) writeFileSync(golden, `${JSON.stringify(addresses, null, 2)}\n`);
  expect(addresses).toEqual(JSON.parse(readFileSync(golden, 'utf8')));
}

/** Adds a test for the addresses of a stack. */
export function keepsAddresses(stack: TerraformStack, types: readonly string[], golden: string): void {
  test('keeps the addresses of resources that hold state', () => {
    expectAddresses(stack, types, golden);
  });
}
