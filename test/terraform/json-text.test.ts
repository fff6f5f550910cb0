import { TerraformVariable, Token } from 'cdktf';
import * as fc from 'fast-check';
import { jsonText } from '../../lib/terraform/json-text';
import { evaluated, newApp, written } from './support';

const { stack } = newApp();
const variable = new TerraformVariable(stack, 'Name', { type: 'string' });
const textOf = (value: unknown) => written(stack, jsonText(value));

test('round-trips any plain value', () => {
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

test('encodes a token with jsonencode', () => {
  expect(textOf({ name: variable.stringValue })).toBe('{"name":${jsonencode(var.Name)}}');
});

test('encodes a token in a string', () => {
  expect(textOf(`\${a}/${variable.stringValue}/"b"`)).toBe(
    '"$${a}/${substr(jsonencode(tostring(var.Name)), 1, (length(jsonencode(tostring(var.Name))) - 2))}/\\"b\\""',
  );
});

test('keeps a number token a number', () => {
  expect(textOf([Token.asNumber(variable.value), 2])).toBe('[${jsonencode(var.Name)},2]');
});

test('leaves out undefined properties, and writes null in lists', () => {
  expect(textOf({ a: undefined, b: [undefined, null] })).toBe('{"b":[null,null]}');
});
