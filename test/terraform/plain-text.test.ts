import { TerraformStack, TerraformVariable, App } from 'cdktf';
import fc from 'fast-check';
import { plainText } from '../../lib/terraform/plain-text';
import { written } from './support';

test('a text comes out of Terraform as it was', () => {
  const read = (text: string) => text.replace(/([$%])\1(?=\{)/g, '$1');
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('$', '%', '{', '}', 'a', ' ') }), (text) => {
      expect(plainText(text)).not.toMatch(/(?<![$%])[$%]\{/);
      // A sign that stands before an escaped one is a text of its own: Terraform reads from the left.
      fc.pre(!/\$\$\{|%%\{/.test(text));
      expect(read(plainText(text))).toBe(text);
    }),
    { seed: 5 },
  );
});

test('what the deployment knows stays an expression', () => {
  const stack = new TerraformStack(new App(), 'Test');
  const { stringValue } = new TerraformVariable(stack, 'Name', { type: 'string' });
  expect(written(stack, plainText(`\${a} ${stringValue} %{b}`))).toBe('$${a} ${var.Name} %%{b}');
});
