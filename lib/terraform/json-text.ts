import { Fn, Op, Token } from 'cdktf';

/**
 * A value as JSON, in a text that Terraform reads. Tokens become expressions, whose results are quoted as JSON demands; all else stays as
 * it is, even what looks like a template: `${…}` and `%{…}` of a script are none of Terraform's.
 */
export function jsonText(value: unknown): string {
  if (typeof value === 'string') return textOf(value);
  if (Token.isUnresolved(value)) return Fn.jsonencode(value);
  if (Array.isArray(value)) return `[${value.map((item) => jsonText(item ?? null)).join(',')}]`;
  return typeof value === 'object' && value !== null ? objectOf(value) : JSON.stringify(value ?? null);
}

function objectOf(value: object): string {
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return `{${entries.map(([key, one]) => `${quoted(key)}:${jsonText(one)}`).join(',')}}`;
}

// As CDK for Terraform writes a token into a text.
const TOKEN = /(\$\{TfToken\[[^\]]+\]\})/;

function textOf(text: string): string {
  if (!Token.isUnresolved(text)) return quoted(text);
  const parts = text.split(TOKEN);
  if (parts.filter(Boolean).length === 1) return Fn.jsonencode(text);
  return `"${parts.map((part) => (TOKEN.test(part) ? withoutQuotes(part) : escaped(part))).join('')}"`;
}

function withoutQuotes(token: string): string {
  const json = Fn.jsonencode(Fn.tostring(token));
  return Fn.substr(json, 1, Op.sub(Fn.lengthOf(json), 2));
}

function quoted(text: string): string {
  return `"${escaped(text)}"`;
}

/** As JSON and then Terraform write it. */
function escaped(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(/[$%](?=\{)/g, (sign) => sign + sign);
}
