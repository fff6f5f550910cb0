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
