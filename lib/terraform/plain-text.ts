// As CDK for Terraform writes a token into a text.
const TOKEN = /(\$\{TfToken\[[^\]]+\]\})/;

/** A text in parts: what Terraform puts in, and what stands as it is. */
export function textParts(text: string): readonly { readonly text: string; readonly isToken: boolean }[] {
  return text
    .split(TOKEN)
    .filter((part) => part !== '')
    .map((part) => ({ text: part, isToken: TOKEN.test(part) }));
}

/** A text of a user for Terraform, which would read `${…}` and `%{…}` of a script or a pattern as its own. Tokens stay. */
export function plainText(text: string): string {
  return textParts(text)
    .map((part) => (part.isToken ? part.text : withoutTemplates(part.text)))
    .join('');
}

/** The same of a text without tokens. */
export function withoutTemplates(text: string): string {
  return text.replace(/[$%](?=\{)/g, (sign) => sign + sign);
}
