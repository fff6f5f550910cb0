import { App, TerraformStack, TerraformVariable } from 'cdktf';
import fc from 'fast-check';
import { element, policyDocument, PolicyExpression } from '../../../lib/azure/gateway/gateway-policies';
import { written } from '../../terraform/support';
import { only, parsedPolicy } from './policy';

/** The string that Terraform reads from a template without expressions. */
const read = (text: string) => text.replace(/([$%])\1(?=\{)/g, '$1');

test('keeps any string unchanged, in attributes and in content', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }).filter((text) => !/^\s|\s$/.test(text) && text !== ''),
      (text) => {
        const xml = policyDocument({ inbound: [element('a', { b: text }), element('c', {}, text)] });
        const parsed = parsedPolicy(read(xml));
        expect(only(parsed, 'a').attributes.b).toBe(text);
        expect(only(parsed, 'c').text).toBe(text);
      },
    ),
    { seed: 11 },
  );
});

test.each([
  '</inbound>',
  '"><trace source="x"/>',
  "' onload='",
  '<![CDATA[',
  '&amp;',
  '${file("/etc/passwd")}',
  '%{ if true }',
])('%s stays a value', (text) => {
  const xml = policyDocument({ inbound: [element('a', { b: text }), element('c', {}, text)] });
  expect(xml).not.toMatch(/(?<![$%])[$%]\{/);
  const parsed = parsedPolicy(read(xml));
  expect(parsed.children.map(({ name }) => name)).toEqual(['inbound', 'backend', 'outbound', 'on-error']);
  expect(only(parsed, 'inbound').children.map(({ name }) => name)).toEqual(['a', 'c']);
  expect(only(parsed, 'a').attributes.b).toBe(text);
});

test('writes code in single quotes, without escapes', () => {
  const xml = policyDocument({ inbound: [element('when', { condition: new PolicyExpression('x["a"] >= 5') })] });
  expect(xml).toContain(`<when condition='@(x["a"] >= 5)' />`);
});

test('lets Terraform escape values that are known only at deployment', () => {
  const stack = new TerraformStack(new App(), 'Test');
  const { stringValue } = new TerraformVariable(stack, 'Audience', { type: 'string' });
  const xml = written(stack, policyDocument({ inbound: [element('audience', {}, stringValue)] }));
  expect(xml).toMatch(/<audience>\$\{replace\(replace\(replace\(replace\(var\.Audience, "&", "&amp;"\), "<", "&lt;"\)/);
});

test('leaves out attributes without a value, and writes numbers and booleans', () => {
  const xml = policyDocument({ inbound: [element('a', { b: undefined, c: 5, d: true })] });
  expect(xml).toContain('<a c="5" d="true" />');
});
