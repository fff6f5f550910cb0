import { App, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import fc from 'fast-check';
import { physicalName } from '../../lib/terraform/names';

function nameOf(path: readonly string[], maxLength?: number): string {
  const stack = new TerraformStack(new App(), 'Prod');
  return physicalName(
    path.reduce<Construct>((scope, id) => new Construct(scope, id), stack),
    maxLength,
  );
}

test('derives distinct names from paths', () => {
  expect(nameOf(['Training', 'ControlPlane'])).toMatch(/^prod-training-control-plane-[0-9a-f]{8}$/);
  expect(nameOf(['a_b'])).not.toBe(nameOf(['a-b']));
});

test('leaves out default ids', () => {
  expect(nameOf(['Data', 'Resource'])).toMatch(/^prod-data-[0-9a-f]{8}$/);
});

test('is short, valid, and stable for any path', () => {
  const id = fc
    .string({ minLength: 1, maxLength: 40 })
    .filter((text) => !text.includes('/') && !/^\s*$/.test(text) && !text.includes('${'));
  fc.assert(
    fc.property(fc.array(id, { minLength: 1, maxLength: 5 }), fc.integer({ min: 20, max: 63 }), (path, maxLength) => {
      const name = nameOf(path, maxLength);
      expect(name).toMatch(/^[a-z][a-z0-9-]*[a-z0-9]$/);
      expect(name.length).toBeLessThanOrEqual(maxLength);
      expect(nameOf(path, maxLength)).toBe(name);
    }),
    { seed: 6 },
  );
});
