import { createHash } from 'node:crypto';
import { TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';

const HASH_LENGTH = 8;

/**
 * Returns a stable name for a cloud resource, derived from the construct path: lower-case letters, digits, and hyphens, starting with a letter. It ends
 * with a hash of the path, because two paths can differ only in characters that are cut off or replaced.
 */
export function physicalName(scope: IConstruct, maxLength = 63): string {
  const { path } = scope.node;
  const hash = createHash('sha256').update(path).digest('hex').slice(0, HASH_LENGTH);
  const stack = TerraformStack.of(scope).node.id;
  const below = path.split('/').filter((part) => part !== 'Resource' && part !== 'Default');
  const words = (below.includes(stack) ? below.slice(below.indexOf(stack)) : below).map(wordsOf).filter(Boolean);
  const readable = words.join('-').slice(0, maxLength - HASH_LENGTH - 1);
  const begun = /^[a-z]/.test(readable) ? readable : `r-${readable}`.slice(0, maxLength - HASH_LENGTH - 1);
  return `${begun.replace(/-+$/, '')}-${hash}`;
}

/** Converts `DataPlaneV2` to `data-plane-v2`. */
function wordsOf(id: string): string {
  return id
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

// A token in a string, as CDK for Terraform writes it.
const TOKEN = /(\$\{TfToken\[[^\]]+\]\})/;

/** Splits a string into tokens and literal parts. */
export function textParts(text: string): readonly { readonly text: string; readonly isToken: boolean }[] {
  return text
    .split(TOKEN)
    .filter((part) => part !== '')
    .map((part) => ({ text: part, isToken: TOKEN.test(part) }));
}

/** Escapes `${…}` and `%{…}` in a string, which Terraform would read as templates. Tokens do not change. */
export function plainText(text: string): string {
  return textParts(text)
    .map((part) => (part.isToken ? part.text : withoutTemplates(part.text)))
    .join('');
}

/** Escapes templates in a string without tokens. */
export function withoutTemplates(text: string): string {
  return text.replace(/[$%](?=\{)/g, (sign) => sign + sign);
}
