import { Fn, Op, Token } from 'cdktf';

/**
 * Returns a value as JSON for Terraform. Tokens become expressions with JSON-encoded results. Everything else is literal, including `${…}` and `%{…}` of
 * scripts, which look like Terraform templates.
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

// A token in a string, as CDK for Terraform writes it.
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

/** Escapes a string for JSON, and then for Terraform. */
function escaped(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(/[$%](?=\{)/g, (sign) => sign + sign);
}
