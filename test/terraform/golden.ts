import { readFileSync, writeFileSync } from 'node:fs';
import { type TerraformStack, Testing } from 'cdktf';

/** Expects the resources of these types to have the addresses that a file lists; with `UPDATE_GOLDEN` set, it is written anew. */
function expectAddresses(stack: TerraformStack, types: readonly string[], golden: string): void {
  const { resource } = JSON.parse(Testing.synth(stack)) as { resource: Record<string, object> };
  const addresses = types.flatMap((type) => Object.keys(resource[type] ?? {}).map((name) => `${type}.${name}`)).sort();
  if (process.env.UPDATE_GOLDEN) writeFileSync(golden, `${JSON.stringify(addresses, null, 2)}\n`);
  expect(addresses).toEqual(JSON.parse(readFileSync(golden, 'utf8')));
}

/** Tests that a stack keeps these addresses. */
export function keepsAddresses(stack: TerraformStack, types: readonly string[], golden: string): void {
  test('keeps the addresses of what holds state: a new address is a new resource, and the old one is lost', () => {
    expectAddresses(stack, types, golden);
  });
}
