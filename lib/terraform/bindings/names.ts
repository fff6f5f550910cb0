/** Names in TypeScript that differ, because other members have them. */
const RENAMED: Readonly<Record<string, string>> = { equals: 'equalTo' };
const TAKEN = ['build', 'importFrom', 'moveTo', 'node', 'self', 'software', 'system', 'tfResourceType'];

/** Converts the name of an attribute or a block in Terraform to its name in TypeScript, as `cdktf get` does. */
export function camelCase(name: string): string {
  const camel = joined(name);
  if (/^get[A-Z]/.test(camel)) return camel.replace('get', 'fetch');
  return RENAMED[camel] ?? (TAKEN.includes(camel) ? `${camel}Attribute` : camel);
}

/** Converts a name to one that starts with an upper-case letter, for example `oss_bucket` to `OssBucket`. */
export function pascalCase(name: string): string {
  return capitalized(joined(name));
}

/** Makes the first letter upper case. */
export function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function joined(name: string): string {
  return name
    .replace(/_+([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase())
    .replace(/\d[a-z]/g, (digitAndLetter) => digitAndLetter.toUpperCase());
}
