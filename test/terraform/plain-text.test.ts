import { TerraformStack, TerraformVariable, App } from 'cdktf';
import fc from 'fast-check';
import { plainText } from '../../lib/terraform/names';
import { written } from './support';

test('escapes templates so that Terraform returns the same string', () => {
  const read = (text: string) => text.replace(/([$%])\1(?=\{)/g, '$1');
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('$', '%', '{', '}', 'a', ' ') }), (text) => {
      expect(plainText(text)).not.toMatch(/(?<![$%])[$%]\{/);
      // A sign before an escaped sign is a separate string, because Terraform reads from the left.
      fc.pre(!/\$\$\{|%%\{/.test(text));
      expect(read(plainText(text))).toBe(text);
    }),
    { seed: 5 },
  );
});

test('keeps tokens as expressions', () => {
  const stack = new TerraformStack(new App(), 'Test');
  const { stringValue } = new TerraformVariable(stack, 'Name', { type: 'string' });
  expect(written(stack, plainText(`\${a} ${stringValue} %{b}`))).toBe('$${a} ${var.Name} %%{b}');
});
