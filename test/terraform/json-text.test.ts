import { TerraformVariable, Token } from 'cdktf';
import * as fc from 'fast-check';
import { jsonText } from '../../lib/terraform/json-text';
import { evaluated, newApp, written } from './support';

const { stack } = newApp();
const variable = new TerraformVariable(stack, 'Name', { type: 'string' });
const textOf = (value: unknown) => written(stack, jsonText(value));

test('any plain value comes back as it was, whatever its texts look like', () => {
  const shell = fc.constantFrom(
    '${HOME}',
    '%{if}',
    '{{ .Values.x }}',
    '$${',
    '"quoted"',
    '\\',
    'line\nline',
    '$',
    '${',
  );
  const value = fc.jsonValue({ maxDepth: 4 });
  fc.assert(
    fc.property(value, fc.array(shell), (tree, texts) => {
      const whole = { tree, texts, joined: texts.join('') };
      expect(JSON.parse(evaluated(jsonText(whole)))).toEqual(JSON.parse(JSON.stringify(whole)));
    }),
  );
});

test('a token that is a whole text is quoted by Terraform', () => {
  expect(textOf({ name: variable.stringValue })).toBe('{"name":${jsonencode(var.Name)}}');
});

test('a token within a text is quoted without the quotes of its own, and what stands around it stays text', () => {
  expect(textOf(`\${a}/${variable.stringValue}/"b"`)).toBe(
    '"$${a}/${substr(jsonencode(tostring(var.Name)), 1, (length(jsonencode(tostring(var.Name))) - 2))}/\\"b\\""',
  );
});

test('a token of a number stays a number', () => {
  expect(textOf([Token.asNumber(variable.value), 2])).toBe('[${jsonencode(var.Name)},2]');
});

test('what is absent is left out of objects, and empty in lists', () => {
  expect(textOf({ a: undefined, b: [undefined, null] })).toBe('{"b":[null,null]}');
});
